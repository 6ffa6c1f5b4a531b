"""Many mails at once, machines that lose their power, and two desks that write to each other."""

from __future__ import annotations

import json
import os
import smtplib
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

import pytest
from django.db import connection, transaction

from mailroom import tasks
from mailroom.enums import MailOutcome
from mailroom.models import InboundMail
from tests.at_once import at_once
from tests.clusters import migrated_database
from tests.factories import make_contact
from tests.mailroom.doors import ROOT, client, environment, eventually, lmtp, running
from tests.mailroom.making import mail
from tickets.models import Incident

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("conversations")]

SUPPORT = "support@axigen.example"


def _has_made(so_many: int) -> bool:
    return Incident.objects.count() >= so_many


def _handle_mails(number: int) -> int:
    """As a worker does: a run that stops in time is followed by one more."""
    handled = 0
    while done := int(tasks.handle_mails()):
        handled += done
    return handled


def test_500_mails_in_five_deliveries_at_once_with_50_copies_make_450_incidents(tmp_path):
    people = [make_contact(email=f"p{n}@customer{n}.example") for n in range(10)]
    letters = [
        mail(
            f"Trouble {n}",
            sender=people[n % 10].email,
            Message_ID=f"<{n}@c.example>",
            Subject=f"{n}",
        )
        for n in range(450)
    ]
    letters += [b"Received: by mx2.example\r\n" + one for one in letters[:50]]

    def deliver(part: int) -> int:
        with client(door) as line:
            for one in letters[part::5]:
                line.sendmail("x@customer.example", [SUPPORT], one)
        return len(letters[part::5])

    with lmtp(tmp_path) as door, ThreadPoolExecutor(5) as pool:
        delivered = sum(pool.map(deliver, range(5)))
    at_once(_handle_mails, 3)

    outcomes = Counter(InboundMail.objects.values_list("outcome", flat=True))
    assert delivered == 500
    assert outcomes == {MailOutcome.INCIDENT: 450, MailOutcome.DUPLICATE: 50}
    assert sorted(Incident.objects.values_list("subject", flat=True)) == sorted(
        str(n) for n in range(450)
    )


def test_a_worker_that_is_killed_between_mails_and_in_them_loses_and_doubles_none(tmp_path):
    make_contact(email="ana@northwind.example")
    with lmtp(tmp_path) as door, client(door) as line:
        for n in range(40):
            line.sendmail(
                "a@x.example", [SUPPORT], mail(str(n), Message_ID=f"<{n}@x>", Subject="M")
            )

    for so_many in (3, 11, 23):
        worker = subprocess.Popen(
            [sys.executable, "manage.py", "sweep"],
            cwd=ROOT,
            env=environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        assert eventually(partial(_has_made, so_many))
        worker.kill()
        worker.wait(30)
    tasks.handle_mails()

    assert Incident.objects.count() == 40
    assert not InboundMail.objects.unhandled().exists()


def test_a_pipe_that_is_killed_after_storing_has_lost_nothing():
    make_contact(email="ana@northwind.example")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE entitlements_licence IN ACCESS EXCLUSIVE MODE")
        pipe = subprocess.Popen(
            [sys.executable, "manage.py", "receive_mail"],
            cwd=ROOT,
            env=environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        assert pipe.stdin is not None
        pipe.stdin.write(mail("Help"))
        pipe.stdin.close()
        stored = eventually(InboundMail.objects.exists)  # and it waits for the lock now
        pipe.kill()
        pipe.wait(30)
    before = Incident.objects.count()

    handled = tasks.handle_mails()

    assert (stored, before, handled) == (True, 0, 1)
    assert Incident.objects.get().messages.get().body == "Help"


# What `Desk.does` talks to: runs the lines that it is given, says what they printed.
CONSOLE = """
import contextlib, io, json, sys
import django
django.setup()
from core import rls
from tests.factories import *
from tickets.models import *
from accounts.models import Person
from tickets.actions.conversation import answer
from mailroom.tasks import handle_mails
from mailroom.models import *
from notices.tasks import send_owed
from django.utils import timezone
for line in sys.stdin:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), rls.everything():
        exec(json.loads(line))
    print(json.dumps(printed.getvalue().strip()), flush=True)
"""


class Desk:
    """A whole desk of its own: a database, an SMTP door, and the other desk as its customer."""

    def __init__(self, name: str, other: str, port: int, others_port: int, folder: Path) -> None:
        self.port = port
        server = os.environ["DATABASE_URL"].rpartition("/")[0]
        self.environment = os.environ | {
            "DATABASE_URL": f"{server}/desk_{name}",
            "SUPPORT_ADDRESSES": f"support@{name}.example",
            "DEFAULT_FROM_EMAIL": f"Desk {name} <support@{name}.example>",
            "EMAIL_URL": f"smtp://127.0.0.1:{others_port}",
            "DATA_DIR": str(folder / name),
            "PYTHONWARNINGS": "ignore",
            "LOG_LEVEL": "ERROR",
            "DJANGO_SETTINGS_MODULE": "axsupport.settings",
        }
        self._errors = folder / f"{name}.log"
        with self._errors.open("w") as errors:
            self._console = subprocess.Popen(
                [sys.executable, "-c", CONSOLE],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        self.does(f"make_contact(email='support@{other}.example'); make_engineer(email='e@x')")
        # Each desk counts from another number: else one's would seem to be the other's.
        self.does(
            "from django.db import connection;"
            f" connection.cursor().execute(\"SELECT setval('incident_number', {ord(name)})\")"
        )

    def does(self, code: str) -> str:
        """What a few lines print in the process of this desk."""
        lines, answers = self._console.stdin, self._console.stdout
        assert lines is not None
        assert answers is not None
        lines.write(json.dumps(code) + "\n")
        lines.flush()
        answer = answers.readline()
        assert answer, self._errors.read_text()
        return str(json.loads(answer))

    def sweep(self) -> None:
        """What the worker does about mails: take what came, send what is owed."""
        self.does("handle_mails(); send_owed()")

    def standing(self) -> dict[str, object]:
        code = (
            "print(sorted(InboundMail.objects.values_list('outcome', flat=True)),"
            " Incident.objects.count(), sep=';')"
        )
        outcomes, _, incidents = self.does(code).partition(";")
        return {"mails": outcomes, "incidents": int(incidents)}

    def close(self) -> None:
        self._console.communicate()


@contextmanager
def two_desks(folder: Path) -> Iterator[list[Desk]]:
    ports = []
    with ExitStack() as stack:
        for _ in range(2):
            probe = stack.enter_context(socket.socket())
            probe.bind(("127.0.0.1", 0))
            ports.append(probe.getsockname()[1])
    with ExitStack() as stack:
        desks = []
        for name, other, port, others in (("a", "b", *ports), ("b", "a", *reversed(ports))):
            stack.enter_context(migrated_database(f"desk_{name}"))
            desks.append(Desk(name, other, port, others, folder))
            stack.callback(desks[-1].close)
        for desk in desks:
            options = ("lmtpd", "--smtp", "--listen", f"127.0.0.1:{desk.port}")
            stack.enter_context(running(*options, until="SMTP on", **desk.environment))
        yield desks


def test_two_desks_that_write_to_each_other_stop_after_one_round(tmp_path):
    with two_desks(tmp_path) as (a, b):
        first = mail("Our queue stops.", sender="support@b.example", To="support@a.example")
        with smtplib.SMTP("127.0.0.1", a.port) as line:
            line.sendmail("support@b.example", ["support@a.example"], first)
        for desk in (a, b, a):
            desk.sweep()
        acknowledged = (a.standing(), b.standing())

        a.does(
            "answer(Incident.objects.get(), author=Person.objects.get(email='e@x'),"
            " body='Restart it.', at=timezone.now(), then='open')"
        )
        for desk in (a, b, a, b):
            desk.sweep()
        answered = (a.standing(), b.standing())

    assert acknowledged == (
        {"mails": "['incident']", "incidents": 1},
        # It answers no mail of theirs, and a mark alone hides nothing (M2); it is not answered.
        {"mails": "['incident']", "incidents": 1},
    )
    assert answered == (
        {"mails": "['automatic', 'incident']", "incidents": 1},
        {"mails": "['incident', 'incident']", "incidents": 2},
    )
