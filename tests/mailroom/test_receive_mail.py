"""The pipe of a mail server, as the mail server runs it: a process of its own."""

import hashlib
import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection, transaction

from mailroom.models import InboundMail
from notices.models import Notice
from tests.factories import make_contact, make_engineer, make_licence
from tests.mailroom.making import mail
from tickets.models import Incident

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).parents[2]
MB = 2**20


def receive(raw: bytes, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """`manage.py receive_mail < raw` on the database of the tests."""
    server = os.environ["DATABASE_URL"].rpartition("/")[0]
    database = {"DATABASE_URL": f"{server}/{connection.settings_dict['NAME']}"}
    return subprocess.run(
        [sys.executable, "manage.py", "receive_mail"],
        input=raw,
        cwd=ROOT,
        env=os.environ | database | environment,
        capture_output=True,
        timeout=60,
        check=False,
    )


def said(done: subprocess.CompletedProcess[bytes]) -> dict[str, object]:
    (line,) = done.stdout.decode("ascii").splitlines()
    facts: dict[str, object] = json.loads(line)
    return facts


def test_one_json_line_says_what_became_of_the_mail_with_a_broker_or_without(tmp_path):
    licence = make_licence()
    make_contact(licence.organisation, email="ana@northwind.example")

    done = receive(
        mail("Nu merge.", Subject="=?utf-8?q?Po=C8=99ta_st=C4=83?="),
        LC_ALL="C",
        REDIS_URL=f"unix://{tmp_path}/none.sock?db=0",
    )

    incident, stored = Incident.objects.get(), InboundMail.objects.get()
    assert done.returncode == 0, done.stderr
    assert said(done) == {
        "mail": stored.pk,
        "outcome": "incident",
        "reason": "",
        "sender": "ana@northwind.example",
        "incident": incident.number,
        "level": None,
        "due_at": None,
    }
    assert incident.subject == "Poșta stă"
    assert Notice.objects.filter(template="incident_not_covered").count() == 1


def test_a_mail_of_61_mb_is_given_back_to_its_sender():
    done = receive(mail("x") + bytes(61 * 2**20))

    assert done.returncode == 65  # sysexits(3): EX_DATAERR
    assert said(done)["code"] == "mail_too_large"
    assert "up to 60 MB" in str(said(done)["reason"])
    assert not InboundMail.objects.exists()


@pytest.mark.parametrize(
    "raw",
    (
        b"",
        b"\n",
        b"\0" * 4096,
        random.Random(7).randbytes(100_000),
        b"From: \xff\xfe\nSubject: =?utf-8?b?//8=?=\n\n\x80",
        b"Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: multipart/mixed;",
    ),
    ids=("empty", "a line", "zeros", "noise", "broken words", "cut off"),
)
def test_mail_that_is_no_mail_is_kept_as_it_came_and_shown_to_a_human(raw):
    lead = make_engineer(is_lead=True)

    done = receive(raw)

    stored = InboundMail.objects.get()
    assert done.returncode == 0, done.stderr
    assert said(done) == {
        "mail": stored.pk,
        "outcome": "unreadable",
        "reason": "No sender can be read from it.",
        "sender": "",
        "incident": None,
        "level": None,
        "due_at": None,
    }
    assert bytes(stored.raw) == raw
    assert stored.sha256 == hashlib.sha256(raw).hexdigest()
    assert [one.to for one in Notice.objects.filter(template="mail_held")] == [lead]
    assert not Incident.objects.exists()


def test_a_mail_of_60_mb_is_taken_whole():
    make_contact(email="ana@northwind.example")
    opening = mail("All of it is below.") + b"\n"
    raw = opening + (b"x" * 75 + b"\n") * ((60 * MB - len(opening)) // 76)
    raw += b"y" * (60 * MB - len(raw))

    done = receive(raw)

    stored, incident = InboundMail.objects.get(), Incident.objects.get()
    assert done.returncode == 0, done.stderr
    assert (said(done)["outcome"], said(done)["incident"]) == ("incident", incident.number)
    assert (stored.size, bytes(stored.raw) == raw) == (60 * MB, True)
    assert incident.messages.filter(body__startswith="All of it is below.").exists()


def test_a_mail_that_is_stored_is_taken_though_handling_it_fails():
    """Whatever handling does afterwards, the mail server must not send it again."""
    make_contact(email="ana@northwind.example")

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE entitlements_licence IN ACCESS EXCLUSIVE MODE")
        done = receive(mail("Help"), PROCESS_ROLE="web")  # which waits least for a lock

    stored = InboundMail.objects.get()
    assert (done.returncode, said(done)["mail"]) == (0, stored.pk)
    assert (stored.handled_at, stored.attempts) == (None, 1)
    assert "lock timeout" in str(said(done)["reason"])


def test_without_a_database_the_mail_server_tries_again_later(tmp_path):
    nowhere = f"postgres://axsupport@/{tmp_path}/axsupport".replace("@//", "@/%2F")

    done = receive(mail("Help"), DATABASE_URL=nowhere)

    assert done.returncode == 75  # sysexits(3): EX_TEMPFAIL
    assert said(done)["outcome"] == "try_again"
