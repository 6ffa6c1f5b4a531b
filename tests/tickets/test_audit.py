"""The nightly audit: an honest half-year differs in nothing, a changed row in what was changed."""

from __future__ import annotations

import io
import json
from datetime import date, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Person
from core.journal import entries_of
from core.models import JournalEntry
from entitlements.enums import Level
from entitlements.reads.current import current_level
from notices.models import Notice
from tests.factories import (
    NINE,
    TODAY,
    days,
    hours,
    make_engineer,
    make_licence,
    make_manager,
)
from tests.tickets.desk import HANDOVER, covered, filed, target_of
from tickets import tasks
from tickets.actions.conversation import answer, note, write
from tickets.actions.dispatch.ownership import assign
from tickets.actions.goodwill import accept
from tickets.actions.ladder.escalation import escalate, give_back
from tickets.actions.lifecycle import close, close_solved, reopen
from tickets.actions.promises.alarms import note_breach
from tickets.actions.promises.audit import Found, audit
from tickets.models import Incident, ResponseTarget
from tickets.rules.promises.retelling import DIFFERENCE

pytestmark = pytest.mark.django_db

LATER = NINE + days(200)


def sql(sentence: str, *values: int) -> None:
    """What nobody should do: past the actions, straight into the table."""
    with connection.cursor() as cursor:
        cursor.execute(sentence, values)
        assert cursor.rowcount == 1


def differences() -> list[tuple[str, str, str]]:
    entries = JournalEntry.objects.filter(kind=DIFFERENCE).order_by("pk")
    return [(one.facts["what"], one.facts["stored"], one.facts["proven"]) for one in entries]


@pytest.fixture
def engineer():
    return make_engineer(is_lead=True)


@pytest.fixture
def answered(engineer):
    """Filed at nine, answered at ten."""
    incident = filed(covered())
    answer(incident, author=engineer, body="Do this.", at=NINE + hours(1))
    return incident


@pytest.fixture
def missed(engineer):
    """Filed at nine, due at three, noted as breached at four, answered at five."""
    incident = filed(covered())
    note_breach(target_of(incident).pk, at=NINE + hours(7))
    answer(incident, author=engineer, body="Sorry.", at=NINE + hours(8))
    return incident


def answered_late(incident: Incident, engineer: Person, at: datetime) -> None:
    """Answered, written on, breached, answered, closed by itself."""
    answer(incident, author=engineer, body="Try it.", at=at + hours(1), then="waiting")
    write(incident, author=incident.reporter, body="No.", at=at + hours(2))
    note_breach(target_of(incident).pk, at=at + days(3))
    answer(incident, author=engineer, body="Sorry.", at=at + days(4), then="solved")
    close_solved(incident, at=at + days(12))


def reopened(incident: Incident, engineer: Person, at: datetime) -> None:
    answer(incident, author=engineer, body="Done.", at=at + hours(1), then="solved")
    close_solved(incident, at=at + days(8))
    reopen(incident, by=incident.reporter, at=at + days(9), body="Again.")
    answer(incident, author=engineer, body="Done.", at=at + days(9) + hours(1))


def handed_over(incident: Incident, engineer: Person, at: datetime) -> None:
    """Up and back, with a note that is no answer."""
    escalate(incident, by=engineer, at=at + hours(1), **HANDOVER)
    specialist = make_engineer(role="ts2")
    note(incident, author=specialist, body="A leak.", at=at + hours(2))
    give_back(incident, by=specialist, at=at + hours(3), result="A patch.")
    assign(incident, to=make_engineer(), by=engineer, at=at + hours(3))
    answer(incident, author=engineer, body="Here it is.", at=at + hours(4))


def abandoned(incident: Incident, engineer: Person, at: datetime) -> None:
    close(incident, by=incident.reporter, at=at + hours(1))


def abandoned_too_late(incident: Incident, engineer: Person, at: datetime) -> None:
    """And reopened without a word."""
    note_breach(target_of(incident).pk, at=at + days(2))
    close(incident, by=incident.reporter, at=at + days(3))
    reopen(incident, by=incident.reporter, at=at + days(4))
    answer(incident, author=engineer, body="Here.", at=at + days(4) + hours(1))


def out_of_goodwill(incident: Incident, engineer: Person, at: datetime) -> None:
    """Another one that nothing covers is answered all the same, then accepted; this one just so."""
    unpaid = make_licence(incident.organisation, registered_on=date(2020, 1, 1))
    other = filed(unpaid, at=at)
    answer(other, author=engineer, body="Out of support.", at=at + hours(1))
    premium, manager = current_level(Level.PREMIUM), make_manager()
    accept(other, level=premium, by=manager, at=at + hours(2), reason="A good customer.")
    answer(other, author=engineer, body="Fixed.", at=at + hours(3))
    answer(incident, author=engineer, body="Exactly then.", at=target_of(incident).due_at)


STORIES = (
    answered_late,
    reopened,
    handed_over,
    abandoned,
    abandoned_too_late,
    out_of_goodwill,
)


def test_an_honest_half_year_differs_in_nothing(engineer):
    licence = covered(gold=3)
    for week in range(24):
        at = NINE + timedelta(weeks=week, microseconds=123456)
        incident = filed(licence, at=at, use_gold=week % 12 == 0)
        STORIES[week % len(STORIES)](incident, engineer, at)
    assert ResponseTarget.objects.count() == 40

    found = [audit(TODAY + days(n), at=LATER) for n in range(190)]

    assert differences() == []
    assert [one for one in found if one.differences] == []
    assert sum(one.targets for one in found) >= 40
    assert not Notice.objects.filter(template="audit_differs").exists()


def test_a_day_looks_at_what_was_opened_due_met_or_noted_on_it(answered):
    assert audit(TODAY, at=LATER) == Found(TODAY, 1, 1, 0, 0)
    assert audit(TODAY + days(1), at=LATER) == Found(TODAY + days(1), 0, 0, 0, 0)


@pytest.mark.parametrize(
    ("change", "what"),
    (
        ("met_at = met_at - interval '10 minutes'", {"met_at"}),
        ("met_at = NULL, met_by_id = NULL", {"met_at", "met_by"}),
        ("met_by_id = NULL", {"met_by"}),
        ("due_at = due_at + interval '1 hour'", {"due_at", "due_at by the calendar"}),
        ("target = interval '9 hours'", {"due_at by the calendar"}),
        ("opened_at = opened_at + interval '1 minute'", {"opened_at", "due_at by the calendar"}),
        ("abandoned_at = met_at, met_at = NULL", {"met_at", "abandoned_at"}),
        ("breach_noted_at = due_at + interval '1 hour'", {"breach_noted_at", "breach"}),
    ),
)
def test_a_row_that_somebody_changed_is_reported_with_both_values(answered, change, what):
    sql(f"UPDATE tickets_responsetarget SET {change} WHERE incident_id = %s", answered.pk)

    audit(TODAY, at=LATER)

    assert what <= {one for one, _, _ in differences()}
    entry = entries_of(answered).filter(kind=DIFFERENCE)[0]
    assert (entry.rule, entry.facts["day"], entry.facts["cycle"]) == ("C7", "2026-03-02", 1)
    assert entry.facts["stored"] != entry.facts["proven"]


def test_a_breach_that_somebody_took_away_is_reported(missed):
    sql(
        "UPDATE tickets_responsetarget SET breach_noted_at = NULL WHERE incident_id = %s",
        missed.pk,
    )

    audit(TODAY, at=LATER)

    assert {what for what, _, _ in differences()} == {
        "breach_noted_at",
        "breach",
        "breach in the journal",
    }


def test_a_late_answer_that_somebody_moved_to_before_due_is_reported(missed):
    sql(
        "UPDATE tickets_responsetarget SET met_at = due_at, breach_noted_at = NULL"
        " WHERE incident_id = %s",
        missed.pk,
    )

    audit(TODAY, at=LATER)

    assert ("met_at", (NINE + hours(6)).isoformat(), (NINE + hours(8)).isoformat()) in differences()


def test_an_answer_that_is_no_more_in_the_conversation_is_reported(answered):
    sql("DELETE FROM tickets_message WHERE incident_id = %s AND kind = 'answer'", answered.pk)

    audit(TODAY, at=LATER)

    assert {what for what, _, _ in differences()} == {"answer", "met_at", "met_by", "breach"}


def test_a_breach_that_no_sweep_noted_is_reported_once_the_sweeps_had_their_time(engineer):
    incident = filed(covered())
    due_at = target_of(incident).due_at

    soon = audit(TODAY, at=due_at + timedelta(minutes=9))
    later = audit(TODAY, at=due_at + timedelta(minutes=11))

    assert (soon.differences, later.differences) == (0, 1)
    assert differences() == [("breach", "False", "True")]


def test_a_target_that_was_closed_long_ago_and_changed_is_found_on_any_day(answered):
    sql(
        "UPDATE tickets_responsetarget SET met_at = met_at - interval '1 minute'"
        " WHERE incident_id = %s",
        answered.pk,
    )

    found = audit(TODAY + days(100), at=LATER)

    assert (found.incidents, found.differences) == (1, 1)


def test_it_is_safe_to_repeat_and_tells_the_managers_once_a_day(answered):
    manager = make_manager()
    make_manager(is_active=False)
    sql(
        "UPDATE tickets_responsetarget SET met_at = met_at - interval '1 minute'"
        " WHERE incident_id = %s",
        answered.pk,
    )

    runs = [audit(TODAY, at=LATER + hours(n)) for n in range(3)]

    assert [(one.differences, one.fresh) for one in runs] == [(1, 1), (1, 0), (1, 0)]
    notice = Notice.objects.get(template="audit_differs")
    assert (notice.to, notice.context["incidents"]) == (manager, [answered.number])
    assert len(differences()) == 1


def test_it_corrects_nothing(answered):
    sql("UPDATE tickets_responsetarget SET met_by_id = NULL WHERE incident_id = %s", answered.pk)
    before = list(ResponseTarget.objects.values())

    audit(TODAY, at=LATER)

    assert list(ResponseTarget.objects.values()) == before


def test_a_batch_asks_as_often_for_thirty_incidents_as_for_one(engineer):
    licence = covered()
    asked = []
    for many in (1, 29):
        for _ in range(many):
            answer(filed(licence), author=engineer, body="Do this.", at=NINE + hours(1))
        with CaptureQueriesContext(connection) as captured:
            audit(TODAY, at=LATER)
        asked.append(len(captured))

    assert asked[0] == asked[1]


def test_the_command_prints_one_json_line(answered):
    said = io.StringIO()

    call_command("audit", "--day", "2026-03-02", stdout=said)

    assert json.loads(said.getvalue()) == {
        "day": "2026-03-02",
        "targets": 1,
        "incidents": 1,
        "differences": 0,
        "fresh": 0,
    }


def test_the_nightly_task_looks_at_the_day_before_and_at_what_nobody_noted(answered):
    sql("UPDATE tickets_responsetarget SET met_by_id = NULL WHERE incident_id = %s", answered.pk)

    assert tasks.audit_yesterday() == 1
