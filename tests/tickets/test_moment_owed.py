"""The moment owed stands on the incident, whichever way its target came, moved or ended."""

from contextlib import contextmanager
from importlib import import_module

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.factories import NINE, hours, make_engineer, make_incident, make_manager, make_target
from tests.tickets.desk import filed
from tickets.actions import conversation, lifecycle
from tickets.enums import State
from tickets.models import Incident, ResponseTarget

pytestmark = pytest.mark.django_db
MIGRATION = import_module("tickets.migrations.0027_moment_owed")


def owed(incident):
    return Incident.objects.values_list("due_at", flat=True).get(pk=incident.pk)


@contextmanager
def refused():
    """What is done in the block is refused at the commit; its transaction is rolled back."""
    yield
    with pytest.raises(IntegrityError, match="its open target"):
        connection.check_constraints()
    transaction.set_rollback(True)


def test_it_comes_with_the_report_and_goes_with_the_answer():
    incident = filed()
    target = incident.targets.get()
    assert owed(incident) == target.due_at == incident.due_at

    conversation.answer(incident, author=make_engineer(), at=NINE + hours(1), body="Try this.")

    assert owed(incident) is None


def test_it_goes_when_the_customer_closes_the_incident():
    incident = filed()
    lifecycle.close(incident, by=incident.reporter, at=NINE + hours(1))
    assert owed(incident) is None


def test_it_follows_a_target_that_moves_is_met_and_is_owed_again():
    target = make_target()
    targets = ResponseTarget.objects.filter(pk=target.pk)
    seen = [owed(target.incident)]
    for fields in (
        {"due_at": NINE + hours(9)},
        {"met_at": NINE + hours(1)},
        {"met_at": None},
        {"abandoned_at": NINE + hours(2)},
    ):
        targets.update(**fields)
        seen.append(owed(target.incident))

    assert seen == [NINE + hours(6), NINE + hours(9), None, NINE + hours(9), None]


def test_it_goes_with_a_target_that_is_taken_away():
    target = make_target()
    target.delete()
    assert owed(target.incident) is None


@pytest.mark.parametrize("moment", (NINE + hours(7), None))
def test_database_refuses_another_moment_than_that_of_the_target(moment):
    incident = make_target().incident
    with transaction.atomic(), refused():
        Incident.objects.filter(pk=incident.pk).update(due_at=moment)


def test_a_moment_without_a_target_is_refused():
    with transaction.atomic(), refused():
        make_incident(due_at=NINE)


def test_incidents_of_a_release_before_get_their_moment():
    open_one, met = make_target(), make_target(met_at=NINE + hours(1))
    other = make_target(make_incident(), due_at=NINE + hours(8))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE tickets_incident DISABLE TRIGGER USER")
        cursor.execute("UPDATE tickets_incident SET due_at = NULL")
        cursor.execute(MIGRATION.FILL)
        cursor.execute("SELECT set_config('app.scope', 'all', true)")

    assert [owed(one.incident) for one in (open_one, met, other)] == [
        NINE + hours(6),
        None,
        NINE + hours(8),
    ]


@pytest.mark.parametrize("role", ("manager", "engineer"))
def test_the_queue_reads_its_order_from_the_index(client, role):
    incident = make_incident(state=State.OPEN)
    kind = type(incident.decision)
    decisions = [kind(**_values(incident.decision)) for _ in range(3000)]
    kind.objects.bulk_create(decisions)
    Incident.objects.bulk_create(
        Incident(
            **_values(incident)
            | {
                "number": f"AX-2025-{n:06d}",
                "decision_id": decision.pk,
                "state": State.OPEN if n % 2 else State.CLOSED,
                "closed_at": None if n % 2 else timezone.now(),
            }
        )
        for n, decision in enumerate(decisions)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE tickets_incident, entitlements_coveragedecision")
    client.force_login(make_manager() if role == "manager" else make_engineer())

    with CaptureQueriesContext(connection) as asked:
        client.get(reverse("admin:queue"))

    (listed,) = [one["sql"] for one in asked if "NULLS LAST" in one["sql"]]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {listed}")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "incident_due_first" in plan
    # Only the tags of each row are sorted by themselves.
    assert "Sort" not in plan.partition("SubPlan")[0]


def _values(row):
    return {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if field.attname != "id"
    }
