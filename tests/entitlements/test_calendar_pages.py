"""A calendar's year, as staff see it."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from entitlements.models import CalendarVersion
from entitlements.reads.current import current_calendar
from tests.factories import NINE, make_contact, make_engineer, make_manager

pytestmark = pytest.mark.django_db

OFFICE = {day: [["08:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def make_calendar(**fields) -> CalendarVersion:
    facts = {
        "calendar": "berlin",
        "version": 1,
        "name": "Berlin office",
        "timezone": "Europe/Berlin",
        "hours": OFFICE,
        "holidays": ["2026-12-25"],
        "overrides": {"2026-12-24": [["08:00", "12:30"]]},
        "made_at": NINE,
    }
    return CalendarVersion.objects.create(**facts | fields)


def url_of(version, year=2026) -> str:
    return reverse("admin:calendar_year", args=[version.calendar, version.version, year])


def text_of(answer) -> str:
    return " ".join(answer.content.decode().split())


def test_engineers_see_the_year_with_holidays_other_hours_and_clock_changes():
    version = make_calendar()

    text = text_of(signed_in(make_engineer()).get(url_of(version)))

    assert "Berlin office, 2026" in text
    assert "Friday, 25 December" in text
    assert "Thursday, 24 December: 08:00 to 12:30" in text
    assert "Sunday, 29 March: the time from 02:00 to 03:00 is skipped" in text
    assert "Sunday, 25 October: the time from 02:00 to 03:00 comes twice" in text
    # 261 weekdays of 9 hours, less the holiday and half a day
    assert '<strong class="num">2335.5 h</strong> in the year' in text


def test_a_calendar_without_holidays_and_clock_changes_says_so():
    version = make_calendar(timezone="Asia/Kolkata", holidays=[], overrides={})

    text = text_of(signed_in(make_engineer()).get(url_of(version)))

    assert "None are noted for 2026." in text
    assert "The clocks of Asia/Kolkata do not change in 2026." in text


def test_the_neighbouring_years_are_a_link_away_up_to_the_ends():
    version, client = make_calendar(), signed_in(make_engineer())

    middle, first, last = (text_of(client.get(url_of(version, y))) for y in (2026, 2000, 2100))

    assert url_of(version, 2025) in middle
    assert url_of(version, 2027) in middle
    assert url_of(version, 2001) in first
    assert 'rel="prev"' not in first
    assert 'rel="next"' not in last


@pytest.mark.parametrize("year", (0, 1900, 1999, 2101, 99999))
def test_a_year_nobody_promises_in_does_not_exist(year):
    assert signed_in(make_engineer()).get(url_of(make_calendar(), year)).status_code == 404


def test_an_unknown_calendar_or_version_does_not_exist():
    make_calendar()
    client = signed_in(make_manager())

    assert client.get("/admin/calendars/paris/1/2026/").status_code == 404
    assert client.get("/admin/calendars/berlin/2/2026/").status_code == 404


def test_customers_find_no_calendar():
    version = make_calendar()

    assert signed_in(make_contact()).get(url_of(version)).status_code == 404
    assert Client().get(url_of(version)).status_code == 302


def test_only_a_manager_is_led_to_the_version():
    version = make_calendar()
    change = reverse("admin:entitlements_calendarversion_change", args=[version.pk])

    assert change in text_of(signed_in(make_manager()).get(url_of(version)))
    assert change not in text_of(signed_in(make_engineer()).get(url_of(version)))


def test_catalogue_and_version_lead_to_the_year():
    manager = signed_in(make_manager())
    version = current_calendar("working_hours")
    change = reverse("admin:entitlements_calendarversion_change", args=[version.pk])
    page = f"/admin/calendars/working_hours/{version.version}/"

    assert page in text_of(manager.get(reverse("admin:catalogue")))
    assert page in text_of(manager.get(change))


def test_many_holidays_cost_no_more_queries():
    client = signed_in(make_engineer())
    few = make_calendar()
    many = make_calendar(version=2, holidays=[f"2026-{month:02d}-01" for month in range(1, 13)])
    client.get(url_of(few))

    with CaptureQueriesContext(
        connection,
    ) as one:
        client.get(url_of(few))
    with CaptureQueriesContext(connection) as twelve:
        client.get(url_of(many))

    assert len(one) == len(twelve)
