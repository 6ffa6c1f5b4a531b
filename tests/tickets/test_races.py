"""Many workers at once, each on a connection of its own: everything happens once.

Threads, which start at the same moment; `test_gold_races.py` has whole processes.
"""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from core import rls
from entitlements.enums import EntryKind
from entitlements.models import LedgerEntry
from mailroom import tasks as mailroom_tasks
from mailroom.actions.intake import handle, store
from mailroom.enums import MailOutcome
from mailroom.models import InboundMail
from notices.models import Notice
from tests.factories import (
    NINE,
    hours,
    make_contact,
    make_engineer,
    make_incident,
    make_mail,
    make_target,
    make_warning,
)
from tests.mailroom.making import FILTER, mail, proven
from tests.tickets.desk import covered, filed, journal, told
from tickets import tasks
from tickets.actions.conversation import write
from tickets.actions.promises.alarms import note_breach, notify_of_warning
from tickets.models import Incident

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(work: Callable[[int], Any], workers: int) -> list[Any]:
    """What each of so many workers gave, all started at the same moment."""
    start = threading.Barrier(workers)

    def one(number: int) -> Any:
        try:
            start.wait(timeout=30)
            return work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=workers) as pool:
        return list(pool.map(one, range(workers)))


def scoped(work: Callable[[], Any]) -> Callable[[int], Any]:
    def inside(_: int) -> Any:
        with rls.everything():
            return work()

    return inside


def test_eight_workers_note_one_breach_once():
    lead = make_engineer(is_lead=True)
    incident = make_incident()
    target = make_target(incident)

    noted = at_once(scoped(lambda: note_breach(target.pk, at=NINE + hours(7))), 8)

    assert Counter(noted) == {True: 1, False: 7}
    assert told(incident, "response_target_breached") == {lead.email}
    assert journal(incident) == ["response_target.breached"]


def test_eight_workers_tell_one_warning_once():
    lead = make_engineer(is_lead=True)
    incident = make_incident()
    warning = make_warning(make_target(incident))

    notifications = at_once(scoped(lambda: notify_of_warning(warning.pk, at=NINE + hours(5))), 8)

    assert Counter(notifications) == {True: 1, False: 7}
    assert told(incident, "response_target_warning") == {lead.email}


def test_eight_sweeps_at_once_note_twenty_breaches_once_each():
    past = timezone.now() - timedelta(days=1)
    for _ in range(20):
        make_target(opened_at=past - hours(6), due_at=past)

    noted = at_once(lambda _: tasks.note_breaches(), 8)

    assert sum(noted) == 20


def test_four_sweeps_at_once_give_each_incident_one_owner():
    engineers = [make_engineer() for _ in range(3)]
    incidents = [make_incident() for _ in range(6)]

    given = at_once(lambda _: tasks.dispatch_waiting(), 4)

    owners = Incident.objects.values_list("owner", flat=True)
    assert sum(given) == 6
    assert set(owners) <= {one.pk for one in engineers}
    assert all(journal(one) == ["incident.dispatched"] for one in incidents)
    assert Notice.objects.filter(template="incident_assigned").count() == 6


def test_two_workers_handle_one_mail_once():
    person = make_contact(covered().organisation, email="ana@northwind.example")
    stored = store(mail("It stopped."), at=NINE)

    outcomes = at_once(scoped(lambda: handle(stored.pk, at=NINE + hours(1)).outcome), 2)

    assert outcomes == [MailOutcome.INCIDENT] * 2  # the second sees what the first did
    assert Incident.objects.get().reporter == person


def test_s32_a_mail_that_is_delivered_twice_is_one_incident_and_spends_one_gold(settings):
    settings.MAIL_AUTHSERV_IDS = frozenset({FILTER})
    licence = covered(gold=3)
    licence.organisation.gold_default = "always"
    licence.organisation.save()
    make_contact(licence.organisation, email="ana@northwind.example")
    raw = proven(mail("It stopped."))
    twice = [store(raw, at=NINE), store(raw, at=NINE + hours(1))]

    def one(number: int) -> str:
        with rls.everything():
            return handle(twice[number].pk, at=NINE + hours(2)).outcome

    outcomes = at_once(one, 2)

    incident = Incident.objects.get()
    assert sorted(outcomes) == [MailOutcome.DUPLICATE, MailOutcome.INCIDENT]
    assert set(InboundMail.objects.values_list("incident", flat=True)) == {incident.pk}
    assert LedgerEntry.objects.filter(kind=EntryKind.CONSUME).count() == 1
    assert licence.incident_packs.get().available == 2


def test_two_mail_sweeps_at_once_handle_each_mail_once():
    licence = covered()
    make_contact(licence.organisation, email="ana@northwind.example")
    for n in range(6):
        store(mail(f"Number {n}", Message_ID=f"<{n}@northwind.example>"), at=NINE)
    make_mail()

    at_once(lambda _: mailroom_tasks.handle_mails(), 2)

    assert Incident.objects.count() == 6
    assert not InboundMail.objects.unhandled().exists()


def test_eight_messages_at_once_owe_one_answer():
    incident = filed()
    incident.targets.update(met_at=NINE + hours(1))
    reporter = incident.reporter

    at_once(
        scoped(lambda: write(incident, author=reporter, body="Again.", at=NINE + hours(2)).pk), 8
    )

    assert incident.messages.count() == 9
    assert [target.cycle for target in incident.targets.all()] == [1, 2]
