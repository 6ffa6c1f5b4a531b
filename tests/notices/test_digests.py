"""What people choose: at once, in one mail a day, or not at all. Told once, whatever dies."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from core.journal import entries_of
from notices.digests.choices import choices_for, set_choices
from notices.digests.daily import send_digest
from notices.digests.moments import next_digest
from notices.enums import Way, Wish
from notices.errors import NothingToRetry
from notices.kinds import CHOICES, KINDS
from notices.models import Notice, NoticeChoices
from notices.outbox import notify
from notices.sending.delivery import retry, send_one
from notices.tasks import send_owed
from tests.factories import (
    NINE,
    hours,
    make_choices,
    make_contact,
    make_engineer,
    make_incident,
    make_notice,
    make_quiet_hours,
)
from tickets.reads.timeline import notifications_of

pytestmark = pytest.mark.django_db

ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe")
EIGHT = datetime(2026, 3, 3, 8, tzinfo=UTC)  # of the next day
PAGE = "/profile/told/"

moments = st.integers(0, 2 * 365 * 24 * 3600).map(
    lambda n: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(seconds=n)
)


@given(moments, st.integers(0, 23), st.sampled_from(ZONES))
def test_the_mail_of_the_day_comes_once_each_day(at, hour, zone):
    first = next_digest(at, hour, zone)
    second = next_digest(first, hour, zone)
    local = [one.astimezone(ZoneInfo(zone)) for one in (first, second)]

    assert at < first <= at + timedelta(hours=25, minutes=30)
    assert local[1].date() == local[0].date() + timedelta(days=1)
    assert first.second == first.microsecond == 0


def test_an_hour_that_a_clock_change_skips_comes_later_and_one_that_comes_twice_counts_once():
    spring = datetime(2026, 3, 28, 12, tzinfo=UTC)  # at two in the night it is three
    autumn = datetime(2026, 10, 24, 12, tzinfo=UTC)

    skipped = next_digest(spring, 2, "Europe/Berlin")
    twice = next_digest(autumn, 2, "Europe/Berlin")

    assert skipped == datetime(2026, 3, 29, 1, tzinfo=UTC)
    assert twice == datetime(2026, 10, 25, 0, tzinfo=UTC)
    assert next_digest(twice, 2, "Europe/Berlin") == datetime(2026, 10, 26, 1, tzinfo=UTC)


def test_only_known_kinds_are_chosen_about_and_each_in_one_group():
    for is_staff in (True, False):
        kinds = [kind for one in CHOICES if one.for_staff == is_staff for kind in one.kinds]
        assert len(kinds) == len(set(kinds))
        assert set(kinds) <= set(KINDS)
    owed = {"incident_filed", "incident_answered", "incident_solved", "invitation"}
    assert not owed & {kind for one in CHOICES for kind in one.kinds}


@pytest.fixture
def engineer():
    """Reads what customers write in the mail of the day, and no warnings."""
    engineer = make_engineer(timezone="UTC", name="Ana Pop")
    make_choices(engineer, wishes={"customer_wrote": "digest", "warnings": "off"})
    return engineer


def wrote(to, number, subject="IMAP stops", **fields):
    return make_notice(
        to=to,
        template="incident_customer_wrote",
        made_at=NINE,
        next_at=NINE,
        context={
            "number": number,
            "subject": subject,
            "author": "Nora",
            "url": f"http://desk.example/{number}/",
        },
        **fields,
    )


def test_what_is_left_for_the_mail_of_the_day_comes_in_it_once(engineer, mailoutbox):
    told = [wrote(engineer, "AX-1"), wrote(engineer, "AX-2"), wrote(engineer, "AX-1", "Again")]

    for one in told:
        assert not send_one(one.pk, at=NINE)
    assert not mailoutbox
    assert send_digest(engineer.pk, at=EIGHT - hours(1)) == 0
    assert send_digest(engineer.pk, at=EIGHT) == 3
    assert send_digest(engineer.pk, at=EIGHT) == 0

    digest = Notice.objects.get(template="digest")
    assert send_one(digest.pk, at=EIGHT)
    (mail,) = mailoutbox
    assert mail.subject == "3 things since the last summary"
    assert mail.extra_headers["List-Unsubscribe"].endswith("/profile/told/>")
    first, second = mail.body.index("[AX-1] Nora wrote"), mail.body.index("[AX-2] Nora wrote")
    assert first < mail.body.index("[AX-1] Nora wrote: Again") < second  # by incident
    assert digest.tells.count() == 3
    assert not Notice.objects.owed(EIGHT + hours(48)).exists()


def test_the_worker_puts_it_together_and_sends_it(engineer, mailoutbox):
    past = datetime(2020, 1, 1, tzinfo=UTC)
    for number in ("AX-1", "AX-2"):
        one = wrote(engineer, number)
        Notice.objects.filter(pk=one.pk).update(is_collected=True, next_at=past)

    send_owed()
    send_owed()

    assert [one.subject for one in mailoutbox] == ["2 things since the last summary"]


def test_one_thing_is_one_thing(engineer, mailoutbox):
    send_one(wrote(engineer, "AX-1").pk, at=NINE)
    send_digest(engineer.pk, at=EIGHT)
    send_one(Notice.objects.get(template="digest").pk, at=EIGHT)

    assert mailoutbox[0].subject == "1 thing since the last summary"


def test_what_is_not_wanted_is_not_sent_and_is_no_failure(engineer, mailoutbox):
    notice = make_notice(to=engineer, template="response_target_warning", next_at=NINE)

    assert not send_one(notice.pk, at=NINE)

    notice.refresh_from_db()
    assert (notice.is_unwanted, notice.last_error, notice.sent_at) == (True, "", None)
    assert not Notice.objects.failing().exists()
    assert not Notice.objects.owed(EIGHT).exists()
    with pytest.raises(NothingToRetry):
        retry(notice, by=engineer, at=EIGHT)
    assert not mailoutbox


def test_what_is_urgent_comes_at_once_whatever_was_chosen(mailoutbox):
    engineer = make_engineer()
    make_choices(engineer, wishes={"breaches": "digest"})
    breach = make_notice(to=engineer, template="response_target_breached", is_urgent=True)

    assert send_one(breach.pk, at=breach.next_at)
    assert len(mailoutbox) == 1


def test_a_call_is_no_mail_to_be_put_together(engineer):
    call = make_notice(to=engineer, template="response_target_warning", way=Way.CALL)

    send_one(call.pk, at=call.next_at)

    call.refresh_from_db()
    assert not call.is_unwanted
    assert not call.is_collected


def test_answers_and_promises_come_at_once_even_where_the_row_says_otherwise(mailoutbox):
    contact = make_contact()
    make_choices(contact, wishes={"incident_answered": "off", "warnings": "off"})
    notice = make_notice(to=contact, template="incident_answered")

    assert send_one(notice.pk, at=notice.next_at)


def test_a_digest_waits_for_the_end_of_quiet_hours(engineer, mailoutbox):
    make_quiet_hours(engineer, starts=time(7), ends=time(10))
    send_one(wrote(engineer, "AX-1").pk, at=NINE + hours(2))
    send_digest(engineer.pk, at=EIGHT)
    digest = Notice.objects.get(template="digest")

    assert not send_one(digest.pk, at=EIGHT)
    assert send_one(digest.pk, at=EIGHT + hours(2))


def test_whoever_left_gets_none(engineer, mailoutbox):
    notice = wrote(engineer, "AX-1", is_collected=True)
    engineer.is_active = False
    engineer.save()

    assert send_digest(engineer.pk, at=EIGHT) == 0

    notice.refresh_from_db()
    assert notice.last_error == "This person's account is closed."
    assert not Notice.objects.filter(template="digest").exists()


def test_one_that_can_not_be_put_into_words_does_not_hold_up_the_others(engineer, mailoutbox):
    wrote(engineer, "AX-1", is_collected=True)
    make_notice(
        to=engineer,
        template="response_target_breached",
        is_collected=True,
        next_at=NINE,
        context={"due_at": "no moment"},
    )

    assert send_digest(engineer.pk, at=EIGHT) == 2

    send_one(Notice.objects.get(template="digest").pk, at=EIGHT)
    assert "- Breach" in mailoutbox[0].body


def test_the_incidents_page_says_what_became_of_it(engineer):
    incident = make_incident(owner=engineer)
    notify([engineer], "incident_customer_wrote", key="a", at=NINE, about=incident)
    notify([engineer], "response_target_warning", key="b", at=NINE, about=incident)
    for one in Notice.objects.all():
        send_one(one.pk, at=NINE)

    collected, unwanted = notifications_of(Notice.objects.order_by("key"))

    assert (collected.is_collected, collected.waits_until) == (True, EIGHT)
    assert unwanted.is_unwanted


def test_nobody_was_told_before_the_mail_of_the_day_was_sent(engineer, mail_server):
    notice = wrote(engineer, "AX-1")
    send_one(notice.pk, at=NINE)
    send_digest(engineer.pk, at=EIGHT)
    digest = Notice.objects.get(template="digest")
    told = Notice.objects.select_related("told_in").filter(pk=notice.pk)

    mail_server.refuse_with = "451 try later"
    send_one(digest.pk, at=EIGHT)
    (failing,) = notifications_of(told)
    mail_server.refuse_with = ""
    send_one(digest.pk, at=EIGHT + hours(1))
    (sent,) = notifications_of(told.all())

    assert (failing.sent_at, "451" in failing.error) == (None, True)
    assert (sent.sent_at, sent.error) == (EIGHT + hours(1), "")


def test_choices_are_kept_once_with_who_and_what_and_others_are_not_offered():
    engineer, contact = make_engineer(), make_contact()

    set_choices(engineer, wishes={"warnings": "off", "breaches": "off"}, hour=7, at=NINE)
    set_choices(engineer, wishes={"warnings": "off"}, hour=7, at=NINE)
    set_choices(contact, wishes={"warnings": "off", "reports": "digest"}, hour=8, at=NINE)

    kept = NoticeChoices.objects.get(person=engineer)
    assert (kept.wishes, kept.digest_hour) == ({"warnings": "off"}, 7)  # a breach is never off
    assert NoticeChoices.objects.get(person=contact).wishes == {"reports": "digest"}
    assert entries_of(engineer).filter(kind="person.notice_choices").count() == 1
    assert {one.key for one in choices_for(contact)} == {"contracts", "fixes", "forum", "reports"}


def test_the_database_keeps_the_rules(engineer):
    notice = wrote(engineer, "AX-1")
    wrong = (
        {"is_unwanted": True},
        {"is_unwanted": True, "given_up_at": NINE, "is_urgent": True},
        {"is_collected": True, "is_urgent": True},
        {"told_in": notice.pk},
    )

    for fields in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            Notice.objects.filter(pk=notice.pk).update(**fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        NoticeChoices.objects.update(digest_hour=24)


@pytest.mark.parametrize("make", (make_engineer, make_contact))
def test_everybody_chooses_on_their_own_page(client, make):
    person = make()
    client.force_login(person)
    asked = {one.key: Wish.DIGEST for one in choices_for(person)}

    page = client.get(reverse("accounts:told")).content.decode()
    saved = client.post(PAGE, {**asked, "hour": "6", "starts": "22:00", "ends": "06:00"})

    assert all(one.name in page for one in choices_for(person))
    assert saved.status_code == 302
    kept = NoticeChoices.objects.get(person=person)
    assert (kept.wishes, kept.digest_hour) == (asked, 6)
    again = client.get(PAGE).content.decode()
    assert again.count('<option value="digest" selected>') == len(asked)
    assert '<option value="6" selected>' in again


def test_what_is_not_offered_is_refused(client):
    engineer = make_engineer()
    client.force_login(engineer)
    asked = {one.key: Wish.NOW for one in choices_for(engineer)}

    answer = client.post(PAGE, {**asked, "breaches": "off", "hour": "8"})

    assert answer.status_code == 400
    assert "off is not one of the available choices" in answer.content.decode()
