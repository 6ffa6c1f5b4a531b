import threading
from pathlib import Path

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction

from core import rls
from core.models import JournalEntry
from core.nudges import flush
from notices.errors import NothingToRetry
from notices.models import Notice
from notices.outbox import notify, notify_address
from notices.readers import read_no_more
from notices.sending.delivery import ATTEMPTS, postpone, retry, send_one
from notices.tasks import send_owed
from tests.factories import (
    NINE,
    days,
    hours,
    make_contact,
    make_incident,
    make_manager,
    make_notice,
    make_organisation,
    make_renewal,
)

pytestmark = pytest.mark.django_db


def test_who_moved_to_another_customer_hears_nothing_that_waited_of_the_old_one():
    """Whatever it is about, but for their own account."""
    proposal = make_renewal()
    person = make_contact(proposal.organisation)
    notify([person], "renewal_sent", key="r", at=NINE, about=proposal)
    notify([person], "account_changed", key="a", at=NINE, about=person)
    person.organisation = make_organisation()
    person.save()
    notify([person], "renewal_sent", key="late", at=NINE, about=proposal)
    owed, own = Notice.objects.filter(to=person).order_by("pk")

    assert read_no_more(person, [owed, own]) == {owed.pk}, "nor in the mail of the day"
    assert not send_one(owed.pk, at=NINE)

    owed.refresh_from_db()
    assert owed.last_error == "This person is of another organisation now."


def test_everybody_is_told_once_however_often_it_is_said():
    incident = make_incident()
    ana, ion = (make_contact(incident.organisation) for _ in range(2))

    for _ in range(2):
        notify([ana, ion, ana], "mail_held", key="held:1", at=NINE, about=incident, reason="x")

    assert {notice.to for notice in Notice.objects.all()} == {ana, ion}
    assert {notice.organisation for notice in Notice.objects.all()} == {incident.organisation}


def test_who_has_left_is_not_told():
    notify([make_contact(is_active=False)], "mail_held", key="held:1", at=NINE)

    assert not Notice.objects.exists()


def test_an_address_is_told_once_whatever_its_case():
    for address in ("New@b.example", "new@B.example"):
        notify_address(address, "invitation", key="invitation:1", at=NINE, name="New")

    assert Notice.objects.get().recipient == "New@b.example"


def test_a_fact_that_is_rolled_back_is_told_to_nobody():
    with transaction.atomic():
        notify([make_contact()], "mail_held", key="held:1", at=NINE)
        transaction.set_rollback(True)

    assert not Notice.objects.exists()


@pytest.mark.parametrize("fields", ({"to": None, "address": ""}, {"address": "a@b.example"}))
def test_database_refuses_a_notice_without_exactly_one_recipient(fields):
    with (
        pytest.raises(IntegrityError, match="notice_to_a_person_or_an_address"),
        transaction.atomic(),
    ):
        make_notice(**fields)


def test_a_notice_reaches_a_real_mail_server(mail_server):
    notice = make_notice(to=make_contact(email="ana@northwind.example"))

    assert send_one(notice.pk, at=NINE)

    (sent,) = mail_server.mails
    assert sent["To"] == "ana@northwind.example"
    assert sent["From"] == "AXIGEN support <support@axigen.example>"
    assert sent["Subject"] == "Your service report of February 2026 is ready"
    assert sent["Auto-Submitted"] == "auto-generated"
    assert "http://desk.example/r/1/" in sent.get_body(("plain",)).get_content()
    assert "http://desk.example/r/1/" in sent.get_body(("html",)).get_content()


def test_what_was_sent_is_not_sent_again(mail_server):
    notice = make_notice()

    first = send_one(notice.pk, at=NINE)
    second = send_one(notice.pk, at=NINE + hours(1))

    assert (first, second) == (True, False)
    assert len(mail_server.mails) == 1


def test_a_server_that_refuses_is_asked_again_later_and_takes_it_then(mail_server):
    notice = make_notice()
    mail_server.refuse_with = "450 4.2.0 Greylisted, come back later"

    refused = send_one(notice.pk, at=NINE)
    too_early = send_one(notice.pk, at=NINE + hours(0.01))
    notice.refresh_from_db()
    mail_server.refuse_with = ""
    later = send_one(notice.pk, at=NINE + hours(1))

    assert (refused, too_early, later) == (False, False, True)
    assert notice.attempts == 1
    assert "Greylisted" in notice.last_error
    assert notice.next_at == NINE + hours(1 / 60)
    assert len(mail_server.mails) == 1


def test_waits_double_up_to_six_hours_and_the_tenth_failure_gives_up(mail_server):
    notice = make_notice()
    mail_server.refuse_with = "554 5.7.1 No mail from there"
    waits, at = [], NINE

    for _ in range(ATTEMPTS):
        send_one(notice.pk, at=at)
        notice.refresh_from_db()
        waits.append((notice.next_at - at).total_seconds() / 60)
        at = notice.next_at

    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 0]
    assert notice.given_up_at is not None
    assert "No mail from there" in notice.last_error
    assert not send_one(notice.pk, at=at + days(9))


def test_no_mail_server_at_all_is_a_failure_like_any_other(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    notice = make_notice()

    assert not send_one(notice.pk, at=NINE)

    notice.refresh_from_db()
    assert "refused" in notice.last_error


def test_who_left_since_gets_no_mail():
    notice = make_notice(to=make_contact(is_active=False))

    assert not send_one(notice.pk, at=NINE)

    notice.refresh_from_db()
    assert notice.given_up_at == NINE
    assert mail.outbox == []


def test_the_link_of_an_invitation_is_forgotten_once_sent():
    notify_address(
        "a@b.example", "invitation", key="invitation:1", at=NINE, accept_url="http://x/1"
    )
    notice = Notice.objects.get()

    send_one(notice.pk, at=NINE)

    notice.refresh_from_db()
    assert "http://x/1" in mail.outbox[0].body
    assert notice.context == {}


def test_without_a_mail_server_mails_are_files(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"

    send_one(make_notice().pk, at=NINE)

    (written,) = Path(settings.EMAIL_FILE_PATH).iterdir()
    assert "Subject: Your service report of February 2026 is ready" in written.read_text()


def test_sweep_sends_all_that_is_owed_and_nothing_twice():
    make_notice()
    make_notice()
    make_notice(next_at=NINE + days(36500))
    make_notice(sent_at=NINE)

    assert (send_owed(), send_owed()) == (2, 0)
    assert len(mail.outbox) == 2


def test_one_broken_notice_does_not_hold_up_the_others(caplog):
    broken = make_notice(template="no_such_template")
    fine = make_notice(made_at=NINE + hours(1), next_at=NINE + hours(1))

    assert send_owed() == 1

    broken.refresh_from_db()
    fine.refresh_from_db()
    assert fine.sent_at is not None
    assert broken.attempts == 1
    assert "TemplateDoesNotExist" in broken.last_error
    assert "a bug kept it from being sent" in caplog.text


def test_what_was_sent_meanwhile_is_not_postponed():
    notice = make_notice(sent_at=NINE)

    postpone(notice.pk, error=ValueError("late"), at=NINE)

    notice.refresh_from_db()
    assert (notice.attempts, notice.last_error) == (0, "")


def test_a_given_up_notice_can_be_tried_again_and_that_is_written_down():
    manager = make_manager()
    notice = make_notice(given_up_at=NINE, attempts=10, last_error="refused")

    retry(notice, by=manager, at=NINE + hours(2))

    assert send_one(notice.pk, at=NINE + hours(2))
    assert JournalEntry.objects.get(kind="notice.retried").by == manager


def test_a_notice_that_was_sent_can_not_be_tried_again():
    with pytest.raises(NothingToRetry):
        retry(make_notice(sent_at=NINE), by=make_manager(), at=NINE)


def test_failures_of_one_incident_are_found_by_it():
    incident = make_incident()
    given_up = make_notice(about=incident, given_up_at=NINE, attempts=10, last_error="refused")
    failing = make_notice(about=incident, attempts=1, last_error="greylisted")
    make_notice(about=incident, attempts=1, last_error="greylisted", sent_at=NINE)
    make_notice(about=incident)
    make_notice(about=make_incident(), attempts=1, last_error="refused")

    assert list(Notice.objects.failures_of(incident)) == [failing, given_up]


def test_staff_see_the_notices_of_whom_they_serve():
    organisation = make_organisation()
    theirs = make_notice(organisation=organisation)
    internal = make_notice()
    manager, contact = make_manager(), make_contact(organisation)

    assert set(Notice.objects.visible_to(manager)) == {theirs, internal}
    assert set(Notice.objects.visible_to(contact)) == set()


def test_telling_nudges_a_worker_once_a_transaction(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks, transaction.atomic():
        for n in range(5):
            notify([make_contact()], "mail_held", key=f"held:{n}", at=NINE)

    assert len(callbacks) == 1


def test_telling_works_without_a_broker(
    django_capture_on_commit_callbacks, celery_without_broker, caplog
):
    with django_capture_on_commit_callbacks(execute=True):
        notify([make_contact()], "mail_held", key="held:1", at=NINE)

    assert Notice.objects.count() == 1
    assert flush(10)
    assert "broker away, the sweep will do it" in caplog.text


def test_what_was_told_before_wakes_nobody(monkeypatch):
    woken: list[str] = []
    monkeypatch.setattr("notices.outbox.nudge_on_commit", woken.append)
    person = make_contact()
    notify([person], "mail_held", key="held:1", at=NINE)
    assert len(woken) == 1

    notify([person], "mail_held", key="held:1", at=NINE)
    notify([], "mail_held", key="held:2", at=NINE)
    assert len(woken) == 1

    notify([person, make_contact()], "mail_held", key="held:1", at=NINE)
    assert len(woken) == 2


def test_sweep_reads_the_partial_index_however_many_were_sent():
    person = make_contact()
    fields = {"to": person, "template": "mail_held", "made_at": NINE, "next_at": NINE}
    Notice.objects.bulk_create(
        Notice(key=f"old:{n}", sent_at=NINE, **fields) for n in range(20_000)
    )
    Notice.objects.create(key="owed", **fields)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE notices_notice")

    plan = Notice.objects.owed(NINE).values_list("pk", flat=True)[:200].explain()

    assert "notice_owed" in plan
    assert "Seq Scan" not in plan


@pytest.mark.django_db(transaction=True)
def test_eight_workers_send_one_mail(mail_server):
    notice = make_notice()
    together = threading.Barrier(8)
    results: list[bool] = []

    def work() -> None:
        together.wait()
        with rls.everything():
            results.append(send_one(notice.pk, at=NINE))
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(results) == [False] * 7 + [True]
    assert len(mail_server.mails) == 1


@pytest.mark.django_db(transaction=True)
def test_a_worker_does_not_wait_for_a_row_that_another_one_sends(mail_server):
    notice = make_notice()
    asked_meanwhile: list[bool] = []

    def ask_too() -> None:
        with rls.everything():
            asked_meanwhile.append(send_one(notice.pk, at=NINE))
        connection.close()

    def accept_slowly() -> None:
        thread = threading.Thread(target=ask_too)
        thread.start()
        thread.join(timeout=10)

    mail_server.before_accepting = accept_slowly

    with rls.everything():
        assert send_one(notice.pk, at=NINE)

    assert asked_meanwhile == [False]
