"""The pipe of a mail server, as the mail server runs it: a process of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from notices.models import Notice
from tests.factories import make_contact, make_licence
from tests.tickets.mail.making import mail
from tickets.models import InboundMail, Incident

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).parents[2]


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


def test_without_a_database_the_mail_server_tries_again_later(tmp_path):
    nowhere = f"postgres://axsupport@/{tmp_path}/axsupport".replace("@//", "@/%2F")

    done = receive(mail("Help"), DATABASE_URL=nowhere)

    assert done.returncode == 75  # sysexits(3): EX_TEMPFAIL
    assert said(done)["outcome"] == "try_again"
