"""What is read ahead for many notices: little is asked for each, and no old answer is gone by."""

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

import notices.tasks
from notices.models import Notice
from notices.sending.ahead import read_ahead
from notices.sending.delivery import send_one
from notices.sending.rendering import mail_of
from notices.tasks import send_owed
from tests.factories import NINE, hours, make_contact, make_incident, make_notice

pytestmark = pytest.mark.django_db

FRAME = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "WITH before")  # and the wall


def about_incidents(many):
    for _ in range(many):
        incident = make_incident()
        make_notice(
            to=incident.reporter,
            organisation=incident.organisation,
            subject=f"tickets.incident:{incident.pk}",
            template="incident_filed",
        )


def asked_by(many):
    about_incidents(many)
    with CaptureQueriesContext(connection) as asked:
        assert send_owed() == many
    return [one["sql"] for one in asked if not one["sql"].startswith(FRAME)]


def test_one_more_mail_of_a_run_is_claimed_sent_and_noted():
    few, many = asked_by(2), asked_by(5)

    more = len(many) - len(few)
    assert more == 3 * 3, "\n".join(many)  # may its person read it, is it ours, it is sent


def test_what_another_run_sent_meanwhile_is_not_sent_again():
    notice = make_notice()
    ready = read_ahead([notice.pk], at=NINE)[notice.pk]

    assert send_one(notice.pk, at=NINE)
    assert not send_one(notice.pk, at=NINE, ready=ready)

    assert len(mail.outbox) == 1


def test_each_has_what_is_around_it():
    incident = make_incident()
    about = {"organisation": incident.organisation, "subject": f"tickets.incident:{incident.pk}"}
    customer = make_notice(to=incident.reporter, template="incident_filed", **about)
    staff = make_notice(template="incident_assigned", **about)
    other = make_notice(to=make_contact())

    found = read_ahead([customer.pk, staff.pk, other.pk], at=NINE)

    for notice in (customer, staff, other):
        together = mail_of(notice, found[notice.pk].around).extra_headers
        assert together == mail_of(notice).extra_headers
    assert "Reply-To" not in found[other.pk].around.thread


def test_what_fails_for_many_is_done_for_each(monkeypatch, caplog):
    make_notice(), make_notice()

    def fail(*_args, **_named):
        raise ValueError("a bug")

    monkeypatch.setattr(notices.tasks, "read_ahead", fail)

    assert send_owed() == 2
    assert "kept them from being read together" in caplog.text


def test_a_slow_mail_server_has_them_read_again(monkeypatch):
    """What is known may be a second old, not more."""
    monkeypatch.setattr(notices.tasks, "FRESH", -1.0)
    first, second = make_notice(), make_notice(next_at=NINE + hours(1))
    reads = []

    def read(ids, *, at):
        reads.append(list(ids))
        return read_ahead(ids, at=at)

    monkeypatch.setattr(notices.tasks, "read_ahead", read)

    assert send_owed() == 2
    assert reads == [[first.pk, second.pk], [second.pk]]
    assert not Notice.objects.filter(sent_at=None).exists()
