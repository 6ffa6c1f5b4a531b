"""Real processes at once, each on a connection of its own: Gold is spent and given back once."""

from __future__ import annotations

import io
import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import patch

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import override_settings
from django.utils import timezone

from accounts.actions.tokens import make_api_token
from accounts.models import Person
from axsupport.up import commands
from core import rls
from entitlements.actions import packs
from entitlements.actions.expiry import expire_pack
from entitlements.actions.subscriptions import subscribe
from entitlements.enums import EntryKind
from entitlements.errors import AlreadyRefunded
from entitlements.models import IncidentPack, LedgerEntry, Licence
from mailroom.models import InboundMail
from notices.models import Notice
from tests.at_once import at_once
from tests.factories import (
    NINE,
    days,
    make_contact,
    make_engineer,
    make_licence,
    make_pack,
    make_subscription,
)
from tests.mailroom.making import FILTER, mail, proven
from tests.tickets.desk import covered, filed, level_of, moment, target_of
from tickets.models import Incident

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).resolve().parents[2]
TEN = moment("2026-09-07T10:00+02:00")


def consumed() -> int:
    return LedgerEntry.objects.filter(kind=EntryKind.CONSUME).count()


def file_with_gold(licence_id: int, reporters: list[int], number: int) -> tuple[str, bool]:
    """One client's report: the level that serves it, and whether it was notified Gold ran out."""
    with rls.everything():
        licence = Licence.objects.select_related("organisation").get(pk=licence_id)
        reporter = Person.objects.get(pk=reporters[number])
    with rls.only([licence.organisation_id]):
        incident = filed(licence, reporter=reporter, at=TEN, use_gold=True)
        return str(level_of(incident)), incident.decision.gold_depleted


def test_forty_clients_spend_a_pack_of_five_and_the_others_are_told_it_is_premium():
    licence = covered(gold=5)
    reporters = [make_contact(licence.organisation).pk for _ in range(40)]

    answers = at_once(partial(file_with_gold, licence.pk, reporters), 40)

    assert Counter(answers) == {("gold", False): 5, ("premium", True): 35}
    assert licence.incident_packs.get().available == 0
    assert consumed() == 5
    assert packs.prove_ledger(at=TEN) == []
    assert Incident.objects.count() == len(set(Incident.objects.values_list("number"))) == 40
    told = Notice.objects.filter(template="incident_filed")
    assert told.count() == 40
    assert told.filter(context__gold_depleted=True).count() == 35


def test_s31_the_last_gold_incident_goes_to_one_of_two():
    licence = covered(gold=1)
    reporters = [make_contact(licence.organisation).pk for _ in range(2)]

    answers = at_once(partial(file_with_gold, licence.pk, reporters), 2)

    assert sorted(answers) == [("gold", False), ("premium", True)]
    due = {level_of(one): target_of(one).due_at for one in Incident.objects.all()}
    assert due == {
        "gold": moment("2026-09-07T13:00+02:00"),
        "premium": moment("2026-09-07T16:00+02:00"),
    }
    assert licence.incident_packs.get().available == 0
    assert consumed() == 1


def gold_by_default() -> Licence:
    """Premium and three Gold incidents today, of an organisation that always spends them."""
    today = timezone.now().date()
    licence = make_licence(key="AXI-NORTH")
    make_subscription(licence, starts_on=today - days(99), ends_on=today + days(99))
    make_pack(licence, quantity=3, purchased_at=timezone.now() - days(30))
    licence.organisation.gold_default = "always"
    licence.organisation.save()
    make_contact(licence.organisation, email="ana@northwind.example")
    return licence


def deliver(raw: bytes, _: int) -> dict[str, str]:
    """One run of the mail server's pipe."""
    said = io.StringIO()
    stdin = patch.object(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(raw)))
    with stdin, override_settings(MAIL_AUTHSERV_IDS=frozenset({FILTER})):
        call_command("receive_mail", stdout=said)
    answer: dict[str, str] = json.loads(said.getvalue())
    return answer


def test_s32_a_mail_that_is_delivered_six_times_at_once_spends_once():
    licence = gold_by_default()

    answers = at_once(partial(deliver, proven(mail("It stopped."))), 6)

    incident = Incident.objects.get()
    assert Counter(one["outcome"] for one in answers) == {"incident": 1, "duplicate": 5}
    assert {one["incident"] for one in answers} == {incident.number}
    assert InboundMail.objects.filter(incident=incident).count() == 6
    assert (level_of(incident), consumed()) == ("gold", 1)
    assert licence.incident_packs.get().available == 2


@contextmanager
def desk_on_the_web() -> Iterator[str]:
    """The web server as `make up` runs it, on the test's database; the address of the desk."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port, fd = listening.getsockname()[1], listening.fileno()
        url = os.environ["DATABASE_URL"].rpartition("/")[0] + "/" + connection.settings_dict["NAME"]
        server = subprocess.Popen(
            commands.web(sys.executable, f"fd://{fd}"),
            env=os.environ | {"DATABASE_URL": url, "LOG_LEVEL": "ERROR"},
            cwd=ROOT,
            pass_fds=[fd],
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            os.killpg(server.pid, signal.SIGTERM)
            server.wait(timeout=30)


def post(address: str, token: str, _: int) -> tuple[int, str]:
    """One request of a client: its status, and the incident's number."""
    report = {
        "licence": "AXI-NORTH",
        "service": "troubleshooting",
        "priority": 2,
        "subject": "IMAP hangs",
        "body": "Since this morning.",
        "use_gold": True,
    }
    request = urllib.request.Request(
        f"{address}/api/v1/incidents/",
        data=json.dumps(report).encode(),
        headers={
            "Authorization": f"Token {token}",
            "Content-Type": "application/json",
            "Idempotency-Key": "the-same-request",
        },
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        return answer.status, json.load(answer)["number"]


def test_a_request_that_is_sent_six_times_at_once_over_http_spends_once():
    licence = gold_by_default()
    token = make_api_token(Person.objects.get(email="ana@northwind.example"), at=timezone.now())

    with desk_on_the_web() as address:
        answers = at_once(partial(post, address, token), 6)

    incident = Incident.objects.get()
    assert Counter(answers) == {(201, incident.number): 1, (200, incident.number): 5}
    assert (level_of(incident), consumed()) == ("gold", 1)
    assert licence.incident_packs.get().available == 2
    assert packs.prove_ledger(at=timezone.now()) == []


def give_back(incident_id: int, engineer_id: int, _: int) -> str:
    with rls.everything():
        incident = Incident.objects.select_related("organisation").get(pk=incident_id)
        engineer = Person.objects.get(pk=engineer_id)
        try:
            packs.refund(incident, kind="defect", reason="A defect", by=engineer, at=TEN)
        except AlreadyRefunded as refusal:
            return refusal.code
        return "given"


def test_a_refund_that_is_given_six_times_at_once_is_given_once():
    licence = covered(gold=2)
    incident = filed(licence, use_gold=True, at=TEN)
    due_at = target_of(incident).due_at

    answers = at_once(partial(give_back, incident.pk, make_engineer().pk), 6)

    assert Counter(answers) == {"given": 1, AlreadyRefunded.code: 5}
    assert licence.incident_packs.get().available == 2
    assert LedgerEntry.objects.filter(kind=EntryKind.REFUND).count() == 1
    assert target_of(incident).due_at == due_at
    assert packs.prove_ledger(at=TEN) == []


def renew_or_expire(held: list[tuple[int, int]], number: int) -> bool:
    """Even numbers renew a licence's Premium late but gapless; odd ones expire its pack."""
    licence_id, pack_id = held[number // 2]
    at = moment("2026-03-20T09:00+01:00")
    with rls.everything():
        if number % 2:
            return expire_pack(pack_id, at=at)
        licence = Licence.objects.select_related("organisation").get(pk=licence_id)
        subscribe(licence, level="premium", starts_on=date(2026, 3, 10), at=at, by=None)
        return True


def test_a_renewal_and_an_expiry_at_once_keep_the_packs_incidents():
    held = []
    for _ in range(10):
        licence = make_licence()
        make_subscription(licence, ends_on=date(2026, 3, 10))
        held.append((licence.pk, make_pack(licence, quantity=5, purchased_at=NINE - days(9)).pk))

    at_once(partial(renew_or_expire, held), 20)

    assert list(IncidentPack.objects.values_list("available", flat=True)) == [5] * 10
    assert packs.prove_ledger(at=NINE + days(30)) == []
    expired, undone = EntryKind.EXPIRE, EntryKind.ADJUST  # whichever order each of the ten took
    kinds = Counter(LedgerEntry.objects.values_list("kind", flat=True))
    assert kinds[expired] == kinds[undone]
