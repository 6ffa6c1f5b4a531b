"""Quiet hours: a notice waits for their end, never lost nor doubled; a breach at night does not."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from core.journal import entries_of
from notices.digests.choices import choices_for
from notices.digests.quiet import is_quiet, quiet_until
from notices.digests.quiet_hours import set_quiet_hours
from notices.enums import Way, Wish
from notices.models import Notice, QuietHours
from notices.outbox import notify
from notices.sending.delivery import send_one
from tests.factories import (
    NINE,
    hours,
    make_contact,
    make_engineer,
    make_incident,
    make_level,
    make_manager,
    make_notice,
    make_quiet_hours,
    make_target,
    make_warning,
)
from tickets.actions.promises.alarm_policies import change_policy
from tickets.actions.promises.alarms import note_breach, notify_of_warning
from tickets.reads.timeline import notifications_of
from tickets.rules.promises.alarm_steps import BREACH, Step

pytestmark = pytest.mark.django_db

NIGHT = datetime(2026, 3, 2, 23, 0, tzinfo=UTC)  # midnight in Berlin
MORNING = datetime(2026, 3, 3, 6, 0, tzinfo=UTC)  # seven there
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe")

zones = st.sampled_from(ZONES)
moments = st.integers(0, 2 * 365 * 24 * 3600).map(
    lambda n: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(seconds=n)
)
clocks = st.times().map(lambda one: one.replace(second=0, microsecond=0))
windows = st.tuples(clocks, clocks).filter(lambda one: one[0] != one[1])


@given(moments, windows, zones)
def test_what_waits_goes_out_when_it_is_not_quiet_and_within_two_days(at, window, zone):
    until = quiet_until(at, window[0], window[1], zone)

    assert not is_quiet(until, window[0], window[1], zone)
    assert at <= until <= at + timedelta(hours=49)
    assert quiet_until(until, window[0], window[1], zone) == until
    assert (until == at) == (not is_quiet(at, window[0], window[1], zone))


@given(moments, windows, zones)
def test_it_is_quiet_all_the_time_until_then(at, window, zone):
    until = quiet_until(at, window[0], window[1], zone)
    minutes = int((until - at).total_seconds() // 60)

    between = [at + timedelta(minutes=n) for n in range(0, minutes, 7)]
    skipped = [one for one in between if not is_quiet(one, window[0], window[1], zone)]

    assert len(skipped) <= 9  # an hour that a clock change skipped, at most


@given(moments, windows, zones)
def test_it_is_quiet_in_a_window_or_in_the_rest_of_the_day(at, window, zone):
    start, end = window

    assert is_quiet(at, start, end, zone) != is_quiet(at, end, start, zone)


@pytest.mark.parametrize(
    ("at", "until"),
    (
        ("2026-03-28T23:30+01:00", "2026-03-29T03:30+02:00"),  # 02:30 is skipped
        ("2026-10-25T01:00+02:00", "2026-10-25T02:30+02:00"),  # the first of two
        ("2026-10-25T02:10+01:00", "2026-10-25T02:30+01:00"),  # quiet again, the second time
        ("2026-03-02T22:00+01:00", "2026-03-03T02:30+01:00"),
        ("2026-03-02T21:59+01:00", "2026-03-02T21:59+01:00"),
        ("2026-03-03T02:30+01:00", "2026-03-03T02:30+01:00"),
    ),
)
def test_the_wall_clock_decides_also_when_it_changes(at, until):
    found = quiet_until(datetime.fromisoformat(at), time(22), time(2, 30), "Europe/Berlin")

    assert found == datetime.fromisoformat(until)


def test_a_notice_in_quiet_hours_is_sent_once_when_they_end():
    notice = make_notice(to=make_quiet_hours().person, made_at=NIGHT, next_at=NIGHT)

    at_night = [send_one(notice.pk, at=NIGHT + hours(n)) for n in (0, 1, 2)]
    waiting = Notice.objects.get()
    in_the_morning = [send_one(notice.pk, at=MORNING) for _ in range(2)]

    assert (at_night, in_the_morning) == ([False] * 3, [True, False])
    assert (waiting.put_off_at, waiting.next_at, waiting.attempts) == (NIGHT, MORNING, 0)
    assert [one.waits_until for one in notifications_of([waiting])] == [MORNING]
    assert len(mail.outbox) == 1


def test_by_day_and_for_others_nothing_waits():
    person = make_quiet_hours().person

    assert send_one(make_notice(to=person).pk, at=NINE)
    assert send_one(make_notice(made_at=NIGHT, next_at=NIGHT).pk, at=NIGHT)


@pytest.mark.parametrize("template", ("account_mail", "account_made", "invitation"))
def test_what_one_asked_for_does_not_wait(template):
    notify([make_quiet_hours().person], template, key="asked", at=NIGHT)

    assert send_one(Notice.objects.get().pk, at=NIGHT)


@pytest.mark.parametrize(("round_the_clock", "sent"), ((True, 2), (False, 0)))
def test_only_the_breach_of_a_round_the_clock_promise_and_its_call_come_at_night(
    round_the_clock, sent
):
    owner = make_engineer(phone="+40215550100")
    make_quiet_hours(owner)
    steps = [Step(75, ("owner",)), Step(BREACH, ("owner",), "on_duty")]
    change_policy("", steps, by=make_manager(), at=NINE)
    level = make_level("premium" if round_the_clock else "basic")
    target = make_target(
        make_incident(owner=owner), level=level, calendar=level.calendar, due_at=NIGHT
    )
    warning = make_warning(target, due_at=NIGHT - hours(0.5))
    notify_of_warning(warning.pk, at=NIGHT - hours(0.4))
    note_breach(target.pk, at=NIGHT + hours(0.1))

    placed = [send_one(one.pk, at=NIGHT + hours(1)) for one in Notice.objects.order_by("pk")]

    assert sum(placed) == sent
    assert placed[0] is False  # a warning waits
    assert Notice.objects.filter(way=Way.CALL).count() == 1


def test_people_set_their_own_hours_and_drop_them_and_the_journal_knows():
    person = make_engineer()

    for starts, ends in ((time(22), time(7)), (time(22), time(7)), (None, None)):
        set_quiet_hours(person, starts=starts, ends=ends, at=NINE)

    assert not QuietHours.objects.exists()
    assert [one.facts["after"] for one in entries_of(person)] == ["22:00 to 07:00", ""]


@pytest.mark.parametrize("make", (make_contact, make_engineer))
def test_the_page_saves_shows_and_clears_them(client, make):
    person = make()
    client.force_login(person)
    url = reverse("accounts:told")

    others = {one.key: Wish.NOW for one in choices_for(person)} | {"hour": "8"}

    client.post(url, others | {"starts": "22:00", "ends": "07:00"})
    page = client.get(url).content.decode()
    kept = QuietHours.objects.get()
    client.post(url, others | {"starts": "", "ends": ""})

    assert (kept.person, kept.starts, kept.ends) == (person, time(22), time(7))
    assert 'value="22:00"' in page
    assert person.timezone in page
    assert not QuietHours.objects.exists()
    assert url in client.get(reverse("accounts:profile")).content.decode()


@pytest.mark.parametrize(
    "hours", (("22:00", ""), ("", "07:00"), ("22:00", "22:00"), ("25:00", "07:00"))
)
def test_half_a_window_or_a_whole_day_is_refused(client, hours):
    contact = make_contact()
    client.force_login(contact)
    others = {one.key: Wish.NOW for one in choices_for(contact)} | {"hour": "8"}

    answer = client.post(
        reverse("accounts:told"), others | dict(zip(("starts", "ends"), hours, strict=True))
    )

    assert answer.status_code == 400
    assert not QuietHours.objects.exists()


def test_the_database_refuses_a_window_of_a_whole_day():
    with pytest.raises(IntegrityError, match="quiet_hours_not_all_day"), transaction.atomic():
        make_quiet_hours(starts=time(7))
