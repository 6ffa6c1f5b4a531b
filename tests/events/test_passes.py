"""A pass opens what it was signed for, for ten minutes; anything else opens nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.events.passes import LIFETIME, BadPass, Pass, Passes, line_of

OURS = Passes("one secret key")
GRANTED = Pass(7, "Ana", "vendor", "AXIGEN", ("person:7", "incident:3"), "incident:3", ("lists",))


def test_what_was_signed_is_read():
    assert OURS.read(OURS.sign(GRANTED)) == GRANTED
    assert OURS.read(OURS.sign(Pass(1))) == Pass(1)


def test_another_key_opens_nothing():
    with pytest.raises(BadPass):
        OURS.read(Passes("another secret key").sign(GRANTED))


def test_it_ends(monkeypatch):
    now = [1_800_000_000.0]
    monkeypatch.setattr("django.core.signing.time.time", lambda: now[0])
    signed = OURS.sign(GRANTED)

    now[0] += LIFETIME
    assert OURS.read(signed) == GRANTED
    now[0] += 1
    with pytest.raises(BadPass):
        OURS.read(signed)


@given(st.integers(0, 200), st.characters(codec="ascii"))
def test_a_changed_letter_opens_nothing(place, letter):
    signed = OURS.sign(GRANTED)
    place %= len(signed)
    changed = signed[:place] + letter + signed[place + 1 :]
    if changed == signed:
        return
    try:
        assert OURS.read(changed) == GRANTED  # the last letter of Base64 has bits to spare
    except BadPass:
        return


@given(st.text(max_size=50))
def test_nonsense_opens_nothing(text):
    with pytest.raises(BadPass):
        OURS.read(text)


def test_two_desks_on_one_redis_do_not_hear_each_other():
    assert line_of("one secret key") != line_of("another secret key")
    assert "secret" not in line_of("one secret key")
