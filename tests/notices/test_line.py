"""One connection for many mails: kept open, renewed, and never used again after a failure."""

from __future__ import annotations

import smtplib

import pytest
from django.core.mail.backends import smtp

from notices.sending import line
from notices.tasks import send_owed
from tests.factories import make_contact, make_notice

pytestmark = pytest.mark.django_db


class Server:
    """What stands for smtplib's connection; refuses whoever is in `refused`."""

    opened: list[Server] = []
    refused: set[str] = set()

    def __init__(self, *_args, **_options):
        self.took, self.is_open = [], True
        Server.opened.append(self)

    def sendmail(self, _sender, recipients, _mail, **_options):
        assert self.is_open, "a closed line was used"
        if Server.refused & set(recipients):
            raise smtplib.SMTPServerDisconnected("gone")
        self.took += recipients

    def quit(self):
        self.is_open = False


@pytest.fixture(autouse=True)
def server(settings, monkeypatch):
    Server.opened, Server.refused = [], set()
    settings.EMAIL_BACKEND = line.BY_SMTP
    monkeypatch.setattr(smtp.EmailBackend, "connection_class", Server)


def owed(count):
    return [make_notice(to=make_contact()) for _ in range(count)]


def test_a_run_takes_one_line_and_closes_it():
    notices = owed(3)
    assert send_owed() == 3
    assert [len(one.took) for one in Server.opened] == [3]
    assert not Server.opened[0].is_open
    assert {one.to.email for one in notices} == set(Server.opened[0].took)


def test_what_fails_costs_its_own_mail_alone():
    _first, second, _third = owed(3)
    Server.refused = {second.to.email}
    assert send_owed() == 2
    assert [len(one.took) for one in Server.opened] == [1, 1]
    second.refresh_from_db()
    assert second.attempts == 1


def test_a_line_is_renewed_after_some_mails(monkeypatch):
    monkeypatch.setattr(line, "MOST", 2)
    owed(5)
    assert send_owed() == 5
    assert [len(one.took) for one in Server.opened] == [2, 2, 1]
