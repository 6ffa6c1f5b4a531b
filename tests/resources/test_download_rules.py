"""D1 and D2: what a licence gets of the releases, and in which order versions stand."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from entitlements.rules.terms import Term
from resources.rules.downloads import Has, Offered, Why, verdicts
from resources.rules.files import release_file_name
from resources.rules.versions import is_final, place_of
from resources.text.downloads import why_not

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def placed(version: str) -> tuple[int, ...]:
    place = place_of(version)
    assert place is not None
    return place


def has(**fields: Any) -> Has:
    term = Term(date(2025, 6, 1), date(2026, 6, 1), "Europe/Berlin")
    said: dict[str, Any] = {
        "product": "AXIGEN Mail Server",
        "edition": "business",
        "counts": True,
        "bought_at": moment("2025-06-02"),
        "maintenance": [term],
    }
    return Has(**said | fields)


def offered(version: str, published: str, **fields: Any) -> Offered:
    said: dict[str, Any] = {
        "id": 1,
        "product": "AXIGEN Mail Server",
        "edition": "business",
        "place": place_of(version),
        "kind": "maintenance",
        "published_at": moment(published),
    }
    return Offered(**said | fields)


def test_versions_stand_in_their_true_order():
    written = "9.0 10.6.2 10.6.9 10.6.10 10.6.10.1 10.7.0-alpha.2 10.7.0-beta.2 10.7.0-beta.10"
    ordered = [*written.split(), "10.7.0-rc1", "10.7.0", "10.10"]

    assert sorted(sorted(ordered), key=placed) == ordered
    assert place_of("10.6") == place_of("v10.6.0") == place_of(" 10.6.0.0 ")
    assert not is_final(placed("10.7.0-rc1"))


@pytest.mark.parametrize(
    "text", ("", "latest", "10.", "10..6", "1.2.3.4.5", "10.6 final", "१.२", "9" * 9)
)
def test_what_is_no_version_has_no_place(text):
    assert place_of(text) is None


@pytest.mark.parametrize(
    ("release", "licence", "why"),
    (
        (offered("10.5", "2025-05-01"), has(maintenance=()), Why.GETS),  # bought with the licence
        (offered("10.6", "2025-06-01T20:00"), has(maintenance=()), Why.GETS),  # on that very day
        (offered("10.6.1", "2025-09-01"), has(), Why.GETS),
        (offered("10.6.1", "2025-09-01"), has(maintenance=()), Why.NEVER),
        (offered("10.6.1", "2025-09-01"), has(counts=False), Why.WAITS),
        (offered("10.6.1", "2025-09-01"), has(edition="office"), Why.OTHER_EDITION),
        (offered("10.6.1", "2025-09-01"), has(product="Other"), Why.OTHER_PRODUCT),
        (offered("10.6.1", "2025-09-01"), has(product="axigen mail server"), Why.GETS),
        (offered("10.6.1", "2025-09-01", is_withdrawn=True), has(), Why.WITHDRAWN),
        (offered("11.0", "2025-09-01", kind="upgrade"), has(), Why.UPGRADE),
        (offered("11.0", "2025-09-01", kind="upgrade"), has(upgrades=frozenset({1})), Why.GETS),
        (offered("11.0", "2025-05-01", kind="upgrade"), has(maintenance=()), Why.GETS),
    ),
)
def test_what_a_licence_gets(release, licence, why):
    assert verdicts(licence, [release], AT)[1].why is why


def test_what_came_while_maintenance_ran_stays_and_later_ones_say_until_when():
    ended = [Term(date(2025, 1, 1), date(2026, 1, 1), "Europe/Berlin")]
    licence = has(maintenance=ended, bought_at=moment("2025-01-02"))
    inside = offered("10.6.2", "2025-12-31T22:59", id=1)  # 23:59 in Berlin
    after = offered("10.6.3", "2025-12-31T23:00", id=2)

    found = verdicts(licence, [inside, after], AT)

    assert found[1].gets
    assert (found[2].why, found[2].until_on) == (Why.LAPSED, date(2025, 12, 31))
    said = why_not(found[2], {"published": "1 January 2026", "levels": "FIRsT or Premium"})
    assert "ended on 31 December 2025" in said
    assert "FIRsT or Premium gives maintenance" in said


def test_who_renews_gets_what_came_in_the_gap():
    terms = [
        Term(date(2025, 1, 1), date(2025, 7, 1), "UTC"),
        Term(date(2026, 2, 1), date(2027, 2, 1), "UTC"),
    ]
    release = offered("10.6.2", "2025-10-01")
    licence = has(maintenance=terms, bought_at=moment("2024-01-01"))

    assert verdicts(licence, [release], AT)[1].gets
    before = verdicts(licence, [release], moment("2026-01-15"))[1]
    assert (before.why, before.from_on) == (Why.LAPSED, date(2026, 2, 1))
    assert "begins on 1 February 2026" in why_not(before, {"published": "x", "levels": "y"})


def test_a_patch_of_an_upgrade_is_for_who_has_the_upgrade():
    upgrade = offered("11.0", "2025-09-01", id=1, kind="upgrade")
    patch = offered("11.0.1", "2025-10-01", id=2, kind="patch")
    old = offered("10.6.9", "2025-11-01", id=3, kind="patch")  # of the branch before: comes later

    found = verdicts(has(), [patch, old, upgrade], AT)
    assert [found[one].why for one in (1, 2, 3)] == [Why.UPGRADE, Why.UPGRADE, Why.GETS]
    assert found[2].upgrade == 1
    bought = verdicts(has(upgrades=frozenset({1})), [patch, old, upgrade], AT)
    assert all(one.gets for one in bought.values())
    lapsed = verdicts(has(upgrades=frozenset({1}), maintenance=()), [patch, upgrade], AT)
    assert (lapsed[1].gets, lapsed[2].why) == (True, Why.NEVER)


@pytest.mark.parametrize(
    ("given", "kept"),
    (
        ("axigen-10.6.3.x86_64.rpm", "axigen-10.6.3.x86_64.rpm"),
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\Setup (1).exe", "Setup-1-.exe"),
        ("\r\nSet-Cookie: a", "Set-Cookie-a"),
        ("...", "file"),
    ),
)
def test_names_of_files(given, kept):
    assert release_file_name(given) == kept
