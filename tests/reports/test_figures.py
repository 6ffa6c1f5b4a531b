"""The figures of a month that was built by hand, to the number."""

from datetime import date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from entitlements.enums import Level
from reports.reads.content import content_of
from reports.rules.content import PersonRow, Spans, Tally, TrendMonth
from reports.rules.figures import Named, figures
from reports.rules.months import Month
from tests.factories import (
    days,
    hours,
    make_call,
    make_contact,
    make_engineer,
    make_handover,
    make_incident,
    make_level,
    make_licence,
    make_message,
    make_organisation,
    make_pack,
    make_person,
    make_rating,
    make_service,
    make_subscription,
    make_tam,
    make_target,
)
from tests.reports.february import END, FEBRUARY, LATER, START, TICK, content, reported
from tests.tickets.desk import filed
from tickets.actions.conversation import answer
from tickets.actions.lifecycle import close
from tickets.enums import MessageKind, State

pytestmark = pytest.mark.django_db


def test_a_month_runs_from_midnight_to_midnight_of_the_organisation(customer):
    done = {"state": State.SOLVED, "solved_at": START - TICK}
    reported(customer, START - 2 * TICK, answered_after=TICK, subject="January's", **done)
    reported(customer, START, subject="the first")
    reported(customer, END - TICK, subject="the last")
    reported(customer, END, subject="March's")
    reported(make_organisation(), START, subject="a stranger's")

    found = content(customer)

    assert found.counts.reported == 2
    assert [row.subject for row in found.incidents] == ["the first", "the last"]
    assert [(week.first_on, week.reported) for week in found.weeks] == [
        (date(2026, 2, 1), 1),
        (date(2026, 2, 2), 0),
        (date(2026, 2, 9), 0),
        (date(2026, 2, 16), 0),
        (date(2026, 2, 23), 1),
    ]


def test_two_zones_put_one_moment_into_two_months():
    at = datetime.fromisoformat("2026-02-28T23:30+00:00")
    tokyo, hawaii = (
        make_organisation(timezone="Asia/Tokyo"),
        make_organisation(timezone="Pacific/Honolulu"),
    )
    for one in (tokyo, hawaii):
        reported(one, at)

    counted = [content_of(one, FEBRUARY, at=LATER).counts.reported for one in (tokyo, hawaii)]

    assert counted == [0, 1]


def test_the_month_in_which_the_clock_changes_has_an_hour_less():
    berlin = make_organisation(timezone="Europe/Berlin")
    reported(berlin, datetime.fromisoformat("2026-02-28T23:00+00:00"))
    reported(berlin, datetime.fromisoformat("2026-03-31T21:59:59+00:00"))
    reported(berlin, datetime.fromisoformat("2026-03-31T22:00+00:00"))

    march = content_of(berlin, Month(2026, 3), at=LATER + days(60))

    assert march.counts.reported == 2


def test_what_was_written_on_solved_or_handed_over_in_the_month_is_in_it(customer):
    january = START - days(9)
    written = reported(customer, january, subject="written on")
    make_message(written, sent_at=START + days(1))
    reported(customer, january, subject="solved", state=State.SOLVED, solved_at=START + days(2))
    moved = reported(customer, january, subject="handed over")
    make_handover(moved, at=START + days(3))
    noted = reported(customer, january, subject="noted")
    make_message(noted, kind=MessageKind.NOTE, author=make_engineer(), sent_at=START + days(4))
    make_call(reported(customer, january, subject="called about"), logged_at=START)
    done = {"state": State.SOLVED, "solved_at": january + hours(2)}
    rated = reported(customer, january, subject="rated", **done)
    make_rating(rated, given_at=START)
    reported(customer, january, subject="left alone", **done)
    reported(customer, january, subject="open")

    found = content(customer)

    assert {row.subject for row in found.incidents} == {
        "written on",
        "solved",
        "handed over",
        "noted",
        "called about",
        "rated",
        "open",
    }
    assert (found.counts.reported, found.counts.solved) == (0, 1)


def test_counts(customer):
    at = START + days(3)
    migration = make_service("migration")
    reported(customer, at, priority=1, service=migration)
    reported(customer, at, priority=3, channel="email")
    reported(customer, at, priority=3, state=State.SOLVED, solved_at=END - TICK)
    reported(customer, at, priority=4, state=State.SOLVED, solved_at=END)
    reported(customer, START - days(40), state=State.SOLVED, solved_at=START - TICK)
    reported(customer, START - days(40), subject="old and open")

    counts = content(customer).counts

    assert (counts.reported, counts.solved, counts.open_at_end) == (4, 1, 4)
    assert counts.closed_unanswered == 0
    assert counts.by_priority == (
        Tally(label="Critical", count=1),
        Tally(label="Normal", count=2),
        Tally(label="Low", count=1),
    )
    assert counts.by_service == (
        Tally(label="Troubleshooting", count=3),
        Tally(label=migration.name, count=1),
    )
    assert counts.by_channel == (
        Tally(label="Web portal", count=3),
        Tally(label="E-mail", count=1),
    )


def test_targets_met_and_breached_follow_from_the_moments_alone(customer):
    at = START + days(3)
    reported(customer, at, answered_after=hours(6))  # at the due moment: met
    late = reported(customer, at, answered_after=hours(6) + TICK)
    noted = reported(customer, at)
    noted.targets.update(breach_noted_at=at + hours(7))
    unnoted = reported(customer, at)
    dropped = reported(customer, at)
    dropped.targets.update(abandoned_at=at + hours(1))
    dropped_late = reported(customer, at)
    dropped_late.targets.update(abandoned_at=at + hours(7))

    found = content(customer)

    verdicts = {row.number: row.targets[0].met for row in found.incidents}
    assert (found.counts.targets_met, found.counts.targets_breached) == (1, 4)
    assert [verdicts[one.number] for one in (late, noted, unnoted, dropped, dropped_late)] == [
        False,
        False,
        False,
        None,
        False,
    ]


def test_what_is_still_owed_in_the_middle_of_the_month_is_not_breached(customer):
    at = START + days(3)
    reported(customer, at)

    found = content(customer, at=at + hours(5))

    assert found.counts.targets_breached == 0
    assert found.incidents[0].targets[0].met is None


def test_a_promise_breaks_in_the_month_in_which_it_was_due(customer):
    reported(customer, END - hours(1), answered_after=hours(7))

    february = content(customer, at=END + days(20))
    march = content(customer, month=Month(2026, 3), at=END + days(40))

    assert (february.counts.targets_breached, march.counts.targets_breached) == (0, 1)
    assert february.incidents[0].targets[0].met is None
    assert march.incidents[0].targets[0].met is False


def test_times_of_answer_and_solving(customer):
    at = START + days(3)
    for n in (1, 2, 6):
        reported(
            customer,
            at,
            answered_after=hours(n),
            state=State.SOLVED,
            solved_at=at + hours(10 * n),
        )
    reported(customer, at)

    found = content(customer)

    assert found.first_answer == Spans(measured=3, median=7200, mean=10800, worst=21600)
    assert found.solving == Spans(measured=3, median=72000, mean=108000, worst=216000)


def test_basic_is_measured_in_working_time(customer):
    level = make_level(Level.BASIC)
    friday = datetime.fromisoformat("2026-02-06T16:00+01:00")
    incident = reported(customer, friday, answered_after=days(3), level=level, due_after=days(4))

    found = content(customer)

    row = found.incidents[0]
    assert incident.targets.get().calendar.timezone == "Europe/Berlin"
    first = row.first
    assert (first.in_working_time, first.target_seconds) == (True, 24 * 3600)
    assert first.answer_seconds == 9 * 3600  # an hour on Friday, eight on Monday
    assert row.level == "Basic"


def test_a_row_says_who_worked_on_it_and_how_far_it_went(customer):
    at = START + days(3)
    incident = reported(customer, at, level=make_level(Level.GOLD))
    ana, bob = make_engineer(name="Ana"), make_engineer(name="Bob")
    make_message(incident, kind=MessageKind.ANSWER, author=ana, sent_at=at)
    make_message(incident, kind=MessageKind.ANSWER, author=ana, sent_at=at + hours(1))
    make_handover(incident, by=ana, at=at)
    make_handover(incident, from_tier=2, to_tier=3, by=bob, at=at + hours(1))
    make_handover(incident, from_tier=3, to_tier=1, by=bob, at=at + hours(2))

    found = content(customer)

    row = found.incidents[0]
    assert (row.people, row.escalated_to, row.gold_used) == (("Ana", "Bob"), "TS3", True)
    assert found.counts.escalated == (Tally(label="TS3", count=1),)


def test_an_incident_that_nothing_covers_says_so(customer):
    make_incident(organisation=customer, received_at=START, level=None)

    row = content(customer).incidents[0]

    assert (row.level, row.targets) == ("Not covered", ())


def test_people_of_both_sides_by_what_they_wrote_in_public(customer):
    incident = reported(customer, START)
    contact = make_contact(customer, name="Costa")
    engineer = make_engineer(name="Ana")
    make_message(incident, author=contact, sent_at=START)
    for n in range(2):
        make_message(incident, kind=MessageKind.ANSWER, author=engineer, sent_at=START + hours(n))
    make_message(incident, kind=MessageKind.NOTE, author=engineer, sent_at=START)
    make_message(incident, kind=MessageKind.ANSWER, author=engineer, sent_at=END)
    make_message(incident, kind=MessageKind.AUTOMATIC, author=None, sent_at=START)

    numbers = (incident.number,)
    assert content(customer).people == (
        PersonRow(name="Ana", role="Support engineer (TS1)", incidents=numbers, answers=2, steps=1),
        PersonRow(name="Costa", role="Contact", incidents=numbers, answers=1, steps=0),
    )


def test_everybody_who_worked_on_it_is_there_of_every_level_by_word_note_call_or_handover(customer):
    incident = reported(customer, START)
    tester, developer = make_person("ts2", name="Tea"), make_person("ts3", name="Dan")
    make_message(incident, kind=MessageKind.NOTE, author=tester, sent_at=START)
    make_handover(incident, from_tier=2, to_tier=3, by=tester, at=START + hours(1))
    make_message(incident, kind=MessageKind.NOTE, author=developer, sent_at=START + hours(2))
    make_call(incident, by=make_engineer(name="Cal"), logged_at=START + hours(3))
    closer = make_engineer(name="Clo")
    close(incident_answered(incident), by=closer, at=START + hours(4))

    found = content(customer)

    assert found.incidents[0].people == ("Tea", "Dan", "Cal", "Clo")
    assert [(one.name, one.answers, one.steps) for one in found.people] == [
        ("Cal", 0, 1),
        ("Clo", 0, 1),
        ("Dan", 0, 1),
        ("Tea", 0, 2),
    ]
    assert [figure.named for figure in figures(found) if figure.label == "Took part: Tea"] == [
        (Named(incident.number),)
    ]


def incident_answered(incident):
    """One on which nothing is owed."""
    incident.targets.update(met_at=incident.received_at + hours(1))
    return incident


def test_the_description_of_an_incident_is_its_registered_solution(customer):
    solved = filed(customer_licence(customer), at=START)
    ana = make_engineer()
    said: dict[str, Any] = {"author": ana, "body": "Restart it, please.", "then": "solved"}
    answer(solved, at=START + hours(1), solution=" The backup ran\ntoo long. ", **said)
    answer(solved, at=END + hours(1), solution="It was the disk.", **said)
    answer(filed(solved.licence, at=START), at=START, solution="", **said)
    kept = answer(
        filed(solved.licence, at=START), **{**said, "then": "open"}, at=START, solution="X"
    )

    rows = content(customer).incidents

    assert [row.solution for row in rows] == ["The backup ran too long.", "", ""]
    assert not kept.incident.solutions.exists()


def customer_licence(customer):
    licence = make_licence(customer)
    make_subscription(licence)
    return licence


def test_closed_without_any_answer_is_not_solved(customer):
    done = {"state": State.CLOSED, "solved_at": END - TICK, "closed_at": END - TICK}
    silent = reported(customer, START, answers=False, **done)
    reported(customer, START, **done)

    found = content(customer)

    assert (found.counts.solved, found.counts.closed_unanswered) == (1, 1)
    assert (found.solving.measured, found.satisfaction.asked) == (1, 1)
    assert sum(week.solved for week in found.weeks) == 1
    row = next(one for one in found.incidents if one.number == silent.number)
    assert (row.state, row.solving_seconds) == ("Closed without an answer", None)
    march = content(customer, month=Month(2026, 3), at=END + days(40))
    assert march.trend[-1].solved == 1


def test_every_figure_names_what_it_counts_with_all_its_cycles(customer):
    late = reported(customer, START, answered_after=hours(7))
    make_target(late, opened_at=START + days(2), due_at=START + days(3), met_at=START + days(4))
    make_target(late, opened_at=START + days(5), due_at=START + days(6))
    reported(customer, START, answered_after=hours(2))
    again = reported(customer, START - days(40), subject="old", answered_after=hours(1))
    make_target(again, opened_at=START - days(1), due_at=START + hours(1))

    found = content(customer)
    named = {one.key: [each.label for each in one.named] for one in figures(found)}

    assert found.counts.targets_breached == 4
    assert named["late"] == [
        f"{again.number} (answer 2)",
        late.number,
        f"{late.number} (answer 2)",
        f"{late.number} (answer 3)",
    ]
    for figure, count in (
        ("reported", found.counts.reported),
        ("met", found.counts.targets_met),
        ("late", found.counts.targets_breached),
        ("open", found.counts.open_at_end),
        ("first", found.first_answer.measured),
    ):
        assert len(named[figure]) == count
    assert found.incidents[0].number == again.number


def test_satisfaction_counts_the_answers_of_the_month(customer):
    solved = {"state": State.SOLVED, "solved_at": START + days(1)}
    for score, comment, at in (
        (5, "Quick!", START + days(2)),
        (5, "", START + days(3)),
        (2, "Slow.", END - TICK),
        (1, "Never again.", END),
    ):
        incident = reported(customer, START, **solved)
        make_rating(incident, score=score, comment=comment, given_at=at)

    found = content(customer).satisfaction

    assert (found.asked, found.ratings) == (4, (0, 1, 0, 0, 2))
    assert found.average == 4.0
    assert [(one.rating, one.text) for one in found.comments] == [(5, "Quick!"), (2, "Slow.")]


def test_the_five_months_before_are_there_for_comparison(customer):
    december = datetime.fromisoformat("2025-12-31T23:59:59+02:00")
    reported(customer, december, answered_after=hours(1))
    reported(customer, START - days(150), state=State.SOLVED, solved_at=START - days(140))

    trend = content(customer).trend

    assert [one.month for one in trend] == ["2025-09", "2025-10", "2025-11", "2025-12", "2026-01"]
    assert trend[3] == TrendMonth(
        month="2025-12", reported=1, solved=0, median_first_answer_seconds=None
    )
    assert trend[4].median_first_answer_seconds == 3600  # answered after midnight
    assert (trend[0].reported, trend[0].solved) == (1, 1)


def test_an_empty_month_is_a_report_too(customer):
    tam = make_tam(customer, name="Tudor")

    found = content(customer)

    assert found.counts.reported == 0
    assert found.first_answer == Spans(measured=0, median=None, mean=None, worst=None)
    assert found.manager is not None
    assert (found.manager.name, found.manager.email) == ("Tudor", tam.email)
    assert (found.vendor.name, found.month, found.timezone) == (
        "AXIGEN",
        "2026-02",
        "Europe/Bucharest",
    )


@pytest.mark.parametrize("rows", (1, 4))
def test_a_month_costs_the_same_for_any_number_of_incidents(customer, rows):
    engineer = make_engineer()
    for _ in range(rows):
        incident = reported(customer, START, answered_after=hours(1), owner=engineer)
        make_message(incident, kind=MessageKind.ANSWER, author=engineer, sent_at=START)
        make_handover(incident, at=START)
    make_subscription(make_licence(customer))
    make_pack(make_licence(customer))

    with CaptureQueriesContext(connection) as captured:
        content(customer)

    assert len(captured) == COST


COST = 37
