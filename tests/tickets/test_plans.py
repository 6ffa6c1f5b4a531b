"""Each sweep reads what is due over its partial index, however much was finished before."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Person
from entitlements.models import Subscription
from mailroom import tasks as mailroom_tasks
from mailroom.models import InboundMail
from resources import tasks as resources_tasks
from resources.models import FixNews, ForumNews
from rota import tasks as rota_tasks
from rota.models import Pattern
from telephone import tasks as telephone_tasks
from telephone.models import CallBack
from tests.factories import (
    NINE,
    hours,
    make_call_back,
    make_decision,
    make_dispatch,
    make_draft,
    make_engineer,
    make_fix_news,
    make_forum_news,
    make_incident,
    make_internal_target,
    make_mail,
    make_owed_redispatch,
    make_pattern,
    make_subscription,
    make_target,
    make_warning,
)
from tests.tickets.desk import filed
from tickets import tasks
from tickets.actions.sending import Said, answer_soon
from tickets.enums import State
from tickets.models import (
    Dispatch,
    Draft,
    Incident,
    InternalTarget,
    OwedRedispatch,
    ResponseTarget,
    TargetWarning,
)

pytestmark = pytest.mark.django_db

MANY = 3000


def copies(row, **fields):
    """So many unsaved copies of a row, without its key."""
    for n in range(MANY):
        values = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields}
        del values["id"]
        yield type(row)(**values | {name: value(n) for name, value in fields.items()})


def fill(table: type, rows) -> None:
    """And have the table as a vacuum leaves it, without what former tests rolled back."""
    table._default_manager.bulk_create(rows)  # type: ignore[attr-defined]
    name = table._meta.db_table  # type: ignore[attr-defined]
    with connection.cursor() as cursor:
        cursor.execute(f"SET CONSTRAINTS ALL IMMEDIATE; REINDEX TABLE {name}; ANALYZE {name}")


def met_targets() -> ResponseTarget:
    """Thousands of targets that were met in time, on one incident."""
    target = make_target(make_incident(state=State.CLOSED), met_at=NINE + hours(1))
    fill(ResponseTarget, copies(target, cycle=lambda n: n + 2))
    return target


def plan_of(sweep: Callable[[], int], table: str) -> tuple[int, str]:
    """What the sweep did, and how PostgreSQL reads the rows that it looks for first."""
    with CaptureQueriesContext(connection) as captured:
        done = sweep()
    asked = [one["sql"] for one in captured.captured_queries]
    (found,) = [sql for sql in asked if re.match(rf'SELECT "{table}"\."id"', sql)][:1]
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + found)
        return done, "\n".join(row[0] for row in cursor.fetchall())


def test_breaches():
    met_targets()
    past = timezone.now() - timedelta(days=1)
    make_target(opened_at=past - hours(6), due_at=past)

    done, plan = plan_of(tasks.note_breaches, "tickets_responsetarget")

    assert done == 1
    assert "response_target_watched" in plan
    assert "Seq Scan on tickets_responsetarget" not in plan


def test_answers_to_send():
    """What people merely begin to write is no work of it."""
    draft = make_draft()
    people = list(Person.objects.bulk_create(copies(draft.person, email="{}@x.example".format)))
    fill(Draft, copies(draft, person_id=lambda n: people[n].pk))
    past = timezone.now() - timedelta(minutes=1)
    answer_soon(filed(), Said("Restart it."), author=make_engineer(undo_seconds=10), at=past)

    done, plan = plan_of(tasks.send_answers, "tickets_draft")

    assert done == 1
    assert "draft_sending" in plan
    assert "Seq Scan on tickets_draft" not in plan


def test_warnings():
    target = make_target(due_at=timezone.now() + hours(1))
    warning = make_warning(target)
    others = make_target(make_incident(), met_at=NINE + hours(1))
    fill(ResponseTarget, copies(others, cycle=lambda n: n + 2))
    pks = list(ResponseTarget.objects.exclude(pk=target.pk).values_list("pk", flat=True))
    told = copies(warning, target_id=lambda n: pks[n], told_at=lambda n: NINE + hours(5))
    fill(TargetWarning, told)

    done, plan = plan_of(tasks.notify_of_warnings, "tickets_targetwarning")

    assert done == 1
    assert "target_warning_due" in plan
    assert "Seq Scan on tickets_targetwarning" not in plan


def test_targets_of_the_tiers():
    ended = make_internal_target(ended_at=NINE + hours(1))
    fill(InternalTarget, copies(ended))
    past = timezone.now() - timedelta(days=1)
    opened_at, warn_at = past - hours(6), past - hours(1)
    for due_at in (past, past + timedelta(days=2)):
        make_internal_target(due_at=due_at, opened_at=opened_at, warn_at=warn_at)

    for sweep, index in (
        (tasks.note_internal_breaches, "internal_target_watched"),
        (tasks.notify_of_internal_warnings, "internal_target_to_warn"),
    ):
        done, plan = plan_of(sweep, "tickets_internaltarget")

        assert done == 1
        assert index in plan
        assert "Seq Scan on tickets_internaltarget" not in plan


def test_mails():
    handled = make_mail()
    fill(InboundMail, copies(handled))
    make_mail(outcome="received", handled_at=None, raw=b"Subject: Hi\n\nHi")

    done, plan = plan_of(mailroom_tasks.handle_mails, "tickets_inboundmail")

    assert done == 1
    assert "mail_unhandled" in plan
    assert "Seq Scan on tickets_inboundmail" not in plan


def test_late_calls():
    called = make_call_back(called_at=NINE, ended_at=NINE, end="withdrawn")
    fill(CallBack, copies(called))
    make_call_back()

    done, plan = plan_of(telephone_tasks.note_late_calls, "tickets_callback")

    assert done == 1
    assert "call_back_watched" in plan
    assert "Seq Scan on tickets_callback" not in plan


@pytest.fixture
def closed_incidents():
    """Thousands that were closed long ago."""
    incident = make_incident(state=State.CLOSED)
    decision = incident.decision
    fill(type(decision), copies(decision))
    pks = list(type(decision).objects.exclude(pk=decision.pk).values_list("pk", flat=True))
    numbers = copies(incident, number=lambda n: f"AX-2025-{n:06d}", decision_id=lambda n: pks[n])
    fill(Incident, numbers)
    return incident


def test_solved(closed_incidents):
    make_incident(state=State.SOLVED)

    done, plan = plan_of(tasks.close_solved, "tickets_incident")

    assert done == 1
    assert "incident_solved" in plan
    assert "Seq Scan on tickets_incident" not in plan


def test_unassigned(closed_incidents):
    Incident.objects.update(owner=make_engineer())
    half = list(Incident.objects.values_list("pk", flat=True)[: MANY // 2])
    unfinished = Incident.objects.filter(pk__in=half)
    unfinished.update(state=State.OPEN, closed_at=None, solved_at=None)
    make_incident(organisation=closed_incidents.organisation)
    make_incident(decision=make_decision(level=None))
    fill(Incident, ())

    done, plan = plan_of(tasks.dispatch_waiting, "tickets_incident")

    assert done == 0  # nobody is there to have it
    assert "incident_unassigned" in plan
    assert "Seq Scan on tickets_incident" not in plan


def test_without_a_worker(closed_incidents):
    owner = make_engineer()
    half = list(Incident.objects.values_list("pk", flat=True)[: MANY // 2])
    Incident.objects.filter(pk__in=half).update(
        state=State.OPEN, closed_at=None, solved_at=None, owner=owner
    )
    make_incident(organisation=closed_incidents.organisation, owner=owner, tier=2)
    fill(Incident, ())

    done, plan = plan_of(tasks.find_workers, "tickets_incident")

    assert done == 0  # nobody of TS2 is there
    assert "incident_without_worker" in plan
    assert "Seq Scan on tickets_incident" not in plan


def test_untaken():
    settled = make_dispatch(take_by=NINE, settled_at=NINE)
    fill(Dispatch, copies(settled))
    make_dispatch(make_incident(owner=make_engineer()), take_by=NINE)

    done, plan = plan_of(tasks.pass_on_untaken, "tickets_dispatch")

    assert done == 1
    assert "dispatch_to_be_taken" in plan
    assert "Seq Scan on tickets_dispatch" not in plan


def test_what_alarms_give_to_another():
    settled = make_owed_redispatch(settled_at=NINE)
    fill(OwedRedispatch, copies(settled))
    make_engineer(), make_engineer()
    incident = filed(at=timezone.now() - timedelta(hours=1))
    make_owed_redispatch(incident)

    done, plan = plan_of(tasks.redispatch_alarmed, "tickets_owedredispatch")

    assert done == 1
    assert "redispatch_owed" in plan
    assert "Seq Scan on tickets_owedredispatch" not in plan


def test_news_of_fixes():
    told = make_fix_news(told_at=NINE)
    fill(FixNews, copies(told))
    make_fix_news()

    done, plan = plan_of(tasks.tell_of_fixes, "resources_fixnews")

    assert done == 1
    assert "fix_news_to_tell" in plan


def test_news_of_the_forum():
    told = make_forum_news(told_at=NINE)
    fill(ForumNews, copies(told))
    make_forum_news(told.post)

    done, plan = plan_of(resources_tasks.tell_forum, "resources_forumnews")

    assert done == 0, "nobody follows it"
    assert "forum_news_to_tell" in plan


def test_a_sweep_with_nothing_due_asks_once_and_writes_nothing():
    met_targets()

    sends_answers_first = {tasks.note_breaches, tasks.note_internal_breaches}
    for sweep in (
        *sends_answers_first,
        tasks.send_answers,
        tasks.notify_of_warnings,
        telephone_tasks.note_late_calls,
        tasks.notify_of_internal_warnings,
        mailroom_tasks.handle_mails,
        tasks.close_solved,
        tasks.dispatch_waiting,
        tasks.find_workers,
        tasks.pass_on_untaken,
        tasks.redispatch_alarmed,
    ):
        with CaptureQueriesContext(connection) as captured:
            assert sweep() == 0
        asked = [one["sql"] for one in captured.captured_queries]
        looked = [sql for sql in asked if re.match(r'SELECT "tickets', sql)]
        assert len(looked) == (2 if sweep in sends_answers_first else 1)
        assert not [sql for sql in asked if sql.startswith(("UPDATE", "INSERT"))]


def test_one_row_that_fails_does_not_stop_the_others(caplog):
    past = timezone.now() - timedelta(days=9)
    for _ in range(2):
        make_incident(state=State.SOLVED, received_at=past, solved_at=past)
    poisoned = Incident.objects.earliest("pk")
    with connection.cursor() as cursor:  # a row that the database refuses to change
        cursor.execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'no'; END $$"
        )
        cursor.execute(
            "CREATE TRIGGER refuse BEFORE UPDATE ON tickets_incident FOR EACH ROW"
            f" WHEN (OLD.id = {poisoned.pk}) EXECUTE FUNCTION refuse()"
        )

    closed = tasks.close_solved()

    states = Incident.objects.order_by("pk").values_list("state", flat=True)
    assert (closed, list(states)) == (1, [State.SOLVED, State.CLOSED])
    assert "sweep failed" in caplog.text


def test_subscriptions_that_took_effect():
    applied = make_subscription(applied_at=NINE)
    days = copies(
        applied,
        starts_on=lambda n: date(1000, 1, 1) + timedelta(days=n),
        ends_on=lambda n: date(1000, 1, 2) + timedelta(days=n),
    )
    fill(Subscription, days)
    make_subscription(starts_on=timezone.now().date() - timedelta(days=1))

    with CaptureQueriesContext(connection) as captured:
        done = tasks.apply_subscriptions()
    (asked,) = [
        one["sql"]
        for one in captured.captured_queries
        if one["sql"].startswith('SELECT "entitlements_subscription"') and "LIMIT" not in one["sql"]
    ]
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + asked)
        plan = "\n".join(row[0] for row in cursor.fetchall())

    assert done == 1
    assert "subscription_unapplied" in plan
    assert "Seq Scan on entitlements_subscription" not in plan


def test_patterns_to_plan():
    over = make_pattern(ends_at=NINE + timedelta(days=1), planned_until=NINE + timedelta(days=1))
    people = [make_engineer().pk for _ in range(1)]
    fill(
        Pattern,
        copies(
            over,
            person_id=lambda n: people[0],
            starts_at=lambda n: NINE + timedelta(days=n + 1),
            ends_at=lambda n: NINE + timedelta(days=n + 2),
            planned_until=lambda n: NINE + timedelta(days=n + 2),
        ),
    )
    make_pattern()

    done, plan = plan_of(rota_tasks.plan_ahead, "rota_pattern")

    assert done == 1
    assert "pattern_to_plan" in plan
    assert "Seq Scan on rota_pattern" not in plan
