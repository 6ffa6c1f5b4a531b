"""A hundred breaches or warnings to a transaction: the cost of one, and none waits for another."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core import sweeps
from core.models import JournalEntry
from notices.models import Notice
from tests.factories import (
    days,
    hours,
    make_engineer,
    make_incident,
    make_organisation,
    make_tam,
    make_target,
    make_warning,
)
from tickets import tasks
from tickets.actions.promises.alarms import note_breaches, notify_of_warnings
from tickets.models import ResponseTarget, TargetWarning

pytestmark = pytest.mark.django_db


def overdue(many: int) -> list[ResponseTarget]:
    """Open targets that were breached yesterday, each with a warning nobody told."""
    past = timezone.now() - days(1)
    organisation = make_organisation()
    make_tam(organisation)
    owner = make_engineer(is_lead=True)
    found = []
    for n in range(many):
        incident = make_incident(organisation=organisation, owner=owner)
        due_at = past - hours(n)
        found.append(make_target(incident, opened_at=due_at - hours(6), due_at=due_at))
        make_warning(found[-1], due_at=due_at - hours(1))
    return found


def refuse_to_change(table: str, pk: int) -> None:
    """A row that the database refuses to change, as a bug in one row would."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'no'; END $$"
        )
        cursor.execute(
            f"CREATE TRIGGER refuse BEFORE UPDATE ON {table} FOR EACH ROW"
            f" WHEN (OLD.id = {pk}) EXECUTE FUNCTION refuse()"
        )


def test_a_hundred_breaches_ask_as_often_as_one():
    asked = []
    for many in (1, 100):
        pks = [target.pk for target in overdue(many)]
        with CaptureQueriesContext(connection) as captured:
            assert note_breaches(pks, at=timezone.now()) == many
        asked.append(len(captured))

    assert asked[0] == asked[1] <= 10  # two of them the savepoint, one the policies


def test_a_hundred_warnings_ask_as_often_as_one():
    asked = []
    for many in (1, 100):
        targets = [target.pk for target in overdue(many)]
        ahead = ResponseTarget.objects.filter(pk__in=targets)
        ahead.update(due_at=timezone.now() + hours(1))
        pks = TargetWarning.objects.filter(target__in=targets).values_list("pk", flat=True)
        with CaptureQueriesContext(connection) as captured:
            assert notify_of_warnings(list(pks), at=timezone.now()) == many
        asked.append(len(captured))

    assert asked[0] == asked[1] <= 11


@pytest.mark.parametrize("place", (0, 3, 6))
def test_one_target_that_fails_does_not_stop_the_others(place, caplog, monkeypatch):
    monkeypatch.setattr(sweeps, "TOGETHER", 4)
    targets = overdue(7)
    refuse_to_change("tickets_responsetarget", targets[place].pk)

    runs = [tasks.note_breaches() for _ in range(2)]

    unnoted = ResponseTarget.objects.filter(breach_noted_at=None)
    assert runs == [6, 0]
    assert list(unnoted) == [targets[place]]
    assert JournalEntry.objects.filter(kind="response_target.breached").count() == 6
    assert Notice.objects.filter(template="response_target_breached").count() == 12
    assert "row by row" in caplog.text


def test_one_warning_that_fails_does_not_stop_the_others(monkeypatch):
    monkeypatch.setattr(sweeps, "TOGETHER", 4)
    ResponseTarget.objects.filter(pk__in=[one.pk for one in overdue(7)]).update(
        due_at=timezone.now() + hours(1)
    )
    poisoned = TargetWarning.objects.latest("pk")
    refuse_to_change("tickets_targetwarning", poisoned.pk)

    assert tasks.notify_of_warnings() == 6
    assert list(TargetWarning.objects.filter(told_at=None)) == [poisoned]


def test_a_breach_skips_the_warnings_nobody_told_and_leaves_those_that_were_skipped_before():
    (target,) = overdue(1)
    before = timezone.now() - days(2)
    make_warning(target, percent=90, skipped_at=before)
    at = timezone.now()

    note_breaches([target.pk], at=at)

    skipped = dict(target.warnings.values_list("percent", "skipped_at"))
    assert skipped == {75: at, 90: before}
