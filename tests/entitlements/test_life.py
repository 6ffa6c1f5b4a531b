"""What is drawn of a licence: terms, packs, gaps, transfers; and where on the axis."""

from datetime import UTC, date, datetime

import pytest

from entitlements.enums import Level
from entitlements.reads.history import Axis, Lane, Mark, Stretch, common_lane, lanes_of
from tests.factories import (
    NINE,
    make_licence,
    make_organisation,
    make_pack,
    make_subscription,
)

pytestmark = pytest.mark.django_db

AT = datetime(2026, 7, 1, 12, tzinfo=UTC)


def drawn(licence, *, at=AT):
    (lane,) = lanes_of([licence], licence.organisation.timezone, at=at)
    return [(one.kind, one.starts_on, one.last_on) for one in lane.stretches], lane


def test_terms_stand_beside_each_other_and_days_without_any_are_a_gap():
    licence = make_licence(registered_on=date(2024, 1, 1))
    make_subscription(licence, starts_on=date(2025, 6, 1), ends_on=date(2026, 6, 1))

    found, _ = drawn(licence)

    assert found == [
        (Level.PREMIUM, date(2025, 6, 1), date(2026, 5, 31)),
        (Level.BASIC, date(2024, 1, 1), date(2025, 1, 1)),
        (Level.BASIC, date(2025, 6, 1), date(2026, 5, 31)),
        ("gap", date(2025, 1, 2), date(2025, 5, 31)),
        ("gap", date(2026, 6, 1), date(2026, 7, 1)),
    ]


def test_a_subscription_that_is_void_was_never_there():
    licence = make_licence(registered_on=date(2026, 1, 1))
    make_subscription(licence, void_at=NINE)

    found, _ = drawn(licence)

    assert [kind for kind, *_ in found] == [Level.BASIC]


def test_a_pack_lives_as_long_as_premium_runs_without_a_gap():
    licence = make_licence(registered_on=date(2026, 1, 1))
    make_subscription(licence, starts_on=date(2026, 1, 1), ends_on=date(2027, 1, 1))
    make_subscription(licence, starts_on=date(2027, 1, 1), ends_on=date(2028, 1, 1))
    make_pack(licence, purchased_at=NINE)

    found, lane = drawn(licence)

    assert found[0] == (Level.GOLD, date(2026, 3, 2), date(2027, 12, 31))
    assert lane.stretches[0].note == "5 incidents, 5 not used"


def test_a_transferred_licence_is_drawn_for_as_long_as_it_was_theirs():
    old = make_licence(
        registered_on=date(2026, 1, 1), transferred_at=datetime(2026, 3, 10, 12, tzinfo=UTC)
    )
    new = make_licence(
        make_organisation(),
        key=old.key,
        registered_on=old.registered_on,
        predecessor=old,
        made_at=old.transferred_at,
    )

    before, old_lane = drawn(old)
    after, new_lane = drawn(new)

    assert before == [(Level.BASIC, date(2026, 1, 1), date(2026, 3, 9))]
    assert after == [(Level.BASIC, date(2026, 3, 10), date(2027, 1, 1))]
    assert [one.label for one in old_lane.marks] == [
        "Registered",
        "Transferred to another organisation",
    ]
    assert new_lane.marks == [Mark(date(2026, 3, 10), "Came from another organisation")]


def test_days_are_those_of_the_organisation():
    licence = make_licence(make_organisation(timezone="Asia/Tokyo"), registered_on=date(2024, 1, 1))

    found, _ = drawn(licence, at=datetime(2026, 6, 30, 16, tzinfo=UTC))

    assert found[-1] == ("gap", date(2025, 1, 2), date(2026, 7, 1))


def test_stretches_that_overlap_lie_in_rows_of_their_own():
    terms = [
        Stretch(Level.GOLIVE, "GoLive", date(2026, 1, 1), date(2026, 6, 1), "A"),
        Stretch(Level.GOLIVE, "GoLive", date(2026, 3, 1), date(2026, 9, 1), "B"),
        Stretch(Level.GOLIVE, "GoLive", date(2026, 6, 1), date(2026, 7, 1), "C"),
    ]

    rows = Lane(None, terms).rows

    assert [[one.note for one in row] for row in rows] == [["A", "C"], ["B"]]


def test_an_organisation_without_projects_or_contracts_has_nothing_in_common():
    assert common_lane(make_organisation()).stretches == []


def test_the_axis_has_room_at_its_edges_and_few_ticks():
    lane = Lane(None, [Stretch(Level.BASIC, "Basic", date(2006, 1, 1), date(2026, 1, 1))])

    axis = Axis.around([lane], date(2026, 7, 1))

    assert 0 < axis.place(date(2006, 1, 1)) < axis.place(date(2026, 7, 1)) < 100
    assert (axis.place(date(1990, 1, 1)), axis.place(date(2090, 1, 1))) == (0, 100)
    assert len(axis.ticks()) <= 8
    assert {day.month for day in axis.ticks()} == {1}


def test_a_short_axis_is_marked_by_quarters():
    axis = Axis.around([Lane(None, [], [Mark(date(2026, 1, 10), "x")])], date(2026, 7, 1))

    assert axis.ticks() == [date(2026, 1, 1), date(2026, 4, 1), date(2026, 7, 1)]
