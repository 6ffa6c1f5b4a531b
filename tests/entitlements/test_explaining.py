"""A decision and a due moment in words, and the two partials that show them."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.template.loader import render_to_string

from entitlements.actions.coverage import decide
from entitlements.enums import Level
from entitlements.reads.current import current_level, working_calendar
from entitlements.reads.explaining import due_lines, explain, promised_clock
from tests.factories import (
    NINE,
    hours,
    make_licence,
    make_organisation,
    make_pack,
    make_subscription,
)

pytestmark = pytest.mark.django_db

BUCHAREST = ZoneInfo("Europe/Bucharest")


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def lines_of(level: str, start: str, *, moved: timedelta = timedelta(0), reader=None) -> list[str]:
    version = current_level(level)
    due_at = working_calendar(version.calendar).due(moment(start), version.response_time)
    return due_lines(
        version.calendar,
        start=moment(start),
        target=version.response_time,
        due_at=due_at + moved,
        reader=reader,
    )


def decision_of(licence=None, **changed):
    licence = licence or make_licence()
    facts = {
        "organisation": licence.organisation,
        "licence": licence,
        "project": None,
        "service": "troubleshooting",
        "channel": "portal",
        "use_gold": False,
        "at": NINE,
        "save": False,
    }
    return decide(**facts | changed)


def text_of(template: str, **context) -> str:
    return " ".join(render_to_string(template, context).split())


def test_the_lines_name_each_day_that_counted_and_the_calendars_zone():
    assert lines_of(Level.BASIC, "2026-06-12T16:30:00+02:00") == [
        "Friday 12 June, 16:30 to 17:00: 30 minutes",
        "Monday 15 June, 08:00 to 17:00: 9 hours",
        "Tuesday 16 June, 08:00 to 17:00: 9 hours",
        "Wednesday 17 June, 08:00 to 13:30: 5 hours 30 minutes",
        "Together 24 hours: due Wednesday 17 June, 13:30 (Europe/Berlin).",
    ]


def test_a_reader_elsewhere_is_told_their_own_time_of_the_due_moment():
    lines = lines_of(Level.BASIC, "2026-06-15T08:00:00+02:00", reader=BUCHAREST)
    same_clock = lines_of(Level.BASIC, "2026-06-15T08:00:00+02:00", reader=ZoneInfo("Europe/Paris"))

    assert lines[-1] == (
        "Together 24 hours: due Wednesday 17 June, 14:00 (Europe/Berlin),"
        " which is Wednesday 17 June, 15:00 for you."
    )
    assert "for you" not in same_clock[-1]


def test_round_the_clock_the_line_is_on_the_readers_clock():
    assert lines_of(Level.PREMIUM, "2026-06-15T22:00:00+02:00", reader=BUCHAREST) == [
        "Monday 15 June, 23:00 plus 6 hours is Tuesday 16 June, 05:00."
    ]


def test_seconds_are_shown_so_that_the_lines_add_up():
    assert lines_of(Level.BASIC, "2026-06-15T16:59:30.750000+02:00")[::3] == [
        "Monday 15 June, 16:59:30 to 17:00: 30 seconds",
        "Thursday 18 June, 08:00 to 13:59:30: 5 hours 59 minutes 30 seconds",
    ]


def test_a_due_moment_that_was_moved_does_not_pretend_to_be_the_target():
    lines = lines_of(Level.PREMIUM, "2026-06-15T10:00:00+02:00", moved=-hours(1))

    assert lines == [
        "Monday 15 June, 10:00 plus 5 hours is Monday 15 June, 15:00.",
        "The due moment was moved while the clock ran: the target is 6 hours.",
    ]


def test_a_long_promise_is_cut_in_the_middle():
    version = current_level(Level.BASIC)
    target = hours(9 * 40)
    due_at = working_calendar(version.calendar).due(NINE, target)

    lines = due_lines(version.calendar, start=NINE, target=target, due_at=due_at)

    assert len(lines) == 16
    assert lines[7] == "(27 more days)"


def test_the_customers_partial_is_plain_and_the_engineers_has_codes_and_versions():
    licence = make_licence(make_organisation(timezone="Asia/Tokyo"))
    make_subscription(licence)
    pack = make_pack(licence)
    decision = decision_of(licence, use_gold=True)
    explained = explain(decision, promised_clock(decision))

    plain = text_of("entitlements/_explained.html", explained=explained)
    full = text_of("entitlements/_explained_staff.html", explained=explained, zone="Asia/Tokyo")

    for words in ("Gold serves this report", "Gold comes before it", "plus 3 hours is"):
        assert words in plain
        assert words in full
    assert "<code>" not in plain
    for words in (
        "gold: chosen",
        "premium: also_applies",
        "Gold (version 1)",
        "Round the clock (version 1)",
        f"No. {pack.pk}",
        "2026-03-02 09:00:00 UTC",
        "2026-03-02 18:00:00 Asia/Tokyo",
        "Due",
    ):
        assert words in full


def test_what_is_not_covered_shows_its_remedies_and_no_clock():
    explained = explain(decision_of())

    plain = text_of("entitlements/_explained.html", explained=explained)

    assert "Basic ended on 1 March 2024." in plain
    assert "Buy or renew FIRsT or Premium for this licence." in plain
    assert "How the due moment comes about" not in plain


def test_goodwill_and_a_lost_race_are_said_first():
    decision = decision_of()
    decision.gold_depleted = decision.goodwill = True

    assert explain(decision).reasons[:2] == [
        "Gold was chosen, but the last Gold incident had just been spent.",
        "An engineer accepted the report out of goodwill.",
    ]


def test_the_clock_of_an_uncovered_report_is_none():
    assert promised_clock(decision_of()) is None
