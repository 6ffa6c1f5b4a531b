"""What is left of a response time, in the working time that it counts in (C1)."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from entitlements.rules.calendars import WorkingCalendar
from tests.factories import (
    hours,
    make_calendar,
    make_contact,
    make_engineer,
    make_incident,
    make_message,
    make_target,
)
from tickets.rules.promises.countdown import Countdown, count_down, in_words

pytestmark = pytest.mark.django_db

WEEK = {day: [("09:00", "17:00")] for day in ("mon", "tue", "wed", "thu", "fri")}
OFFICE = WorkingCalendar("UTC", WEEK)
FRIDAY = datetime(2026, 3, 6, 16, tzinfo=UTC)
MONDAY = datetime(2026, 3, 9, 10, 30, tzinfo=UTC)


def posix(day: int, hour: int, minute: int = 0) -> int:
    return int(datetime(2026, 3, day, hour, minute, tzinfo=UTC).timestamp())


def test_a_weekend_between_is_not_counted():
    left = count_down(OFFICE, due_at=MONDAY, at=FRIDAY)

    assert left.left == hours(2.5)
    assert left.words == "2 h 30 min"
    assert left.stands_until is None
    assert left.spans == ((posix(6, 16), posix(6, 17)), (posix(9, 9), posix(9, 10, 30)))
    assert left.open_spans == f"{posix(6, 16)}-{posix(6, 17)} {posix(9, 9)}-{posix(9, 10, 30)}"


def test_a_clock_that_stands_says_when_it_goes_on():
    left = count_down(OFFICE, due_at=MONDAY, at=FRIDAY + hours(20))

    assert left.left == hours(1.5)
    assert left.stands_until == datetime(2026, 3, 9, 9, tzinfo=UTC)


def test_round_the_clock_nothing_stands():
    left = count_down(WorkingCalendar.always("UTC"), due_at=MONDAY, at=FRIDAY)

    assert left == Countdown(MONDAY - FRIDAY)
    assert not left.stands_at_times


@pytest.mark.parametrize(
    ("left", "words"),
    (
        (timedelta(seconds=59), "less than a minute"),
        (timedelta(minutes=59, seconds=59), "59 min"),
        (timedelta(hours=3), "3 h"),
        (timedelta(hours=23, minutes=59), "23 h 59 min"),
        (timedelta(days=2), "2 d"),
        (timedelta(days=2, hours=3, minutes=4), "2 d 3 h"),
    ),
)
def test_it_is_said_as_the_page_says_it_later(left, words):
    assert Countdown(left).words == words


def test_working_time_is_said_in_hours():
    left = Countdown(timedelta(hours=27, minutes=5), spans=((0, 1),))

    assert left.words == "27 h 5 min"


@pytest.fixture
def incident():
    """Owes its answer in one open hour; today's windows end now and the next ones begin later."""
    now = timezone.now()
    opens = (now + hours(30)).date()
    calendar = make_calendar(
        timezone="UTC", hours={}, overrides={opens.isoformat(): [["09:00", "17:00"]]}
    )
    incident = make_incident(reporter=make_contact(), received_at=now - hours(1))
    make_message(incident, sent_at=now - hours(1))
    due_at = datetime(opens.year, opens.month, opens.day, 10, tzinfo=UTC)
    make_target(incident, calendar=calendar, opened_at=now - hours(1), due_at=due_at)
    return incident


@pytest.mark.parametrize("url", ("/", "/incidents/", "detail"))
def test_the_customer_sees_the_working_time_that_is_left(client, incident, url):
    client.force_login(incident.reporter)
    if url == "detail":
        url = reverse("tickets:detail", args=[incident.number])

    page = client.get(url).content.decode()

    assert "1 h left" in page
    assert "working time, stands until" in page
    assert 'data-open="' in page


def test_the_queue_counts_it_down_in_hours_and_minutes(client, incident):
    client.force_login(make_engineer(incident.organisation))

    page = client.get(reverse("admin:queue")).content.decode()

    assert ">1:00</time>" in page
    assert (
        " datetime=" not in page[page.index("<tbody") :]
    )  # it stands over night: the server says what is left


def test_so_does_the_engineer(client, incident):
    client.force_login(make_engineer(incident.organisation))

    page = client.get(reverse("admin:incident", args=[incident.number])).content.decode()

    assert "1 h left" in page
    assert "working time, stands until" in page


@pytest.mark.parametrize(
    ("length", "is_worked", "words"),
    (
        (hours(23), False, "23 h"),
        (hours(24), False, "1 d"),
        (hours(24.5), False, "1 d"),
        (hours(25), False, "1 d 1 h"),
        (hours(24), True, "24 h"),
        (hours(1) / 60, False, "1 min"),
        (hours(0.5) / 60, False, "less than a minute"),
    ),
)
def test_a_span_is_told_in_its_two_greatest_parts(length, is_worked, words):
    assert in_words(length, is_worked=is_worked) == words
