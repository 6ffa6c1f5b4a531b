"""The calendar's form: hours and holidays a line a day, public holidays by country and region."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from entitlements.actions.public_holidays import public_holidays
from entitlements.errors import UnknownCountry, UnknownRegion, YearsOutside
from entitlements.models import CalendarVersion
from entitlements.reads.current import current_calendar
from tests.factories import make_engineer, make_manager

ADD = "admin:entitlements_calendarversion_add"
TYPED = {
    "calendar": "munich",
    "name": "Munich",
    "timezone": "Europe/Berlin",
    "hours": "mon-thu 08:00-12:00, 13:00-17:00\nFriday: 08:00 to 13:00\nsat closed",
    "holidays": "2026-12-24 Company holiday\n2026-12-25\n",
    "overrides": "2026-12-23 08:00-12:00\n2026-12-31 closed",
    "country": "",
    "region": "",
    "first_year": "2026",
    "last_year": "2027",
}


def sent(**typed: str) -> Any:
    client = Client()
    client.force_login(make_manager())
    return client.post(reverse(ADD), TYPED | typed)


def errors_of(answer: Any) -> str:
    assert answer.status_code == 200
    assert not CalendarVersion.objects.filter(calendar="munich").exists()
    return str(answer.context["adminform"].form.errors)


def test_public_holidays_are_those_of_the_country_and_the_region():
    country = public_holidays("DE", first_year=2026, last_year=2026)
    bavaria = public_holidays("Germany", "Bayern", first_year=2026, last_year=2026)

    assert country["2026-12-25"] == "Christmas Day"
    assert len(country) == 9
    assert sorted(set(bavaria) - set(country)) == ["2026-01-06", "2026-06-04", "2026-11-01"]


@pytest.mark.parametrize("region", ("BY", "by", "DE-BY", " Bayern "))
def test_a_region_may_be_written_in_several_ways(region):
    found = public_holidays("de", region, first_year=2026, last_year=2026)

    assert found["2026-01-06"] == "Epiphany"


@pytest.mark.parametrize(
    ("country", "region", "first", "last", "refusal"),
    (
        ("Atlantis", "", 2026, 2026, UnknownCountry),
        ("DE", "XX", 2026, 2026, UnknownRegion),
        ("DE", "", 1900, 1901, YearsOutside),
        ("DE", "", 2027, 2026, YearsOutside),
        ("DE", "", 2000, 2100, YearsOutside),
    ),
)
def test_what_can_not_be_had_is_refused(country, region, first, last, refusal):
    with pytest.raises(refusal):
        public_holidays(country, region, first_year=first, last_year=last)


@pytest.mark.django_db
def test_a_calendar_is_typed_a_line_a_day():
    assert sent().status_code == 302

    made = current_calendar("munich")
    day = [["08:00", "12:00"], ["13:00", "17:00"]]
    assert made.hours == dict.fromkeys(("mon", "tue", "wed", "thu"), day) | {
        "fri": [["08:00", "13:00"]],
        "sat": [],
    }
    assert made.holidays == ["2026-12-24", "2026-12-25"]
    assert made.holiday_names == {"2026-12-24": "Company holiday"}
    assert made.overrides == {"2026-12-23": [["08:00", "12:00"]], "2026-12-31": []}


@pytest.mark.django_db
def test_public_holidays_join_those_by_hand_which_keep_their_names():
    assert sent(country="de", region="by").status_code == 302

    made = current_calendar("munich")
    assert len(made.holidays) == 2 * 12 + 1
    assert made.holidays == sorted(made.holidays)
    assert made.holiday_names["2026-12-24"] == "Company holiday"
    assert made.holiday_names["2026-12-25"] == "Christmas Day"
    assert made.holiday_names["2027-01-06"] == "Epiphany"


@pytest.mark.django_db
def test_filling_in_shows_the_holidays_and_saves_nothing():
    shown = sent(country="Germany", region="BY", _fill="Fill in")

    text = shown.content.decode()
    assert shown.status_code == 200
    assert "2027-01-06 Epiphany" in text
    assert "2026-12-24 Company holiday" in text
    assert "mon-thu 08:00-12:00, 13:00-17:00" in text
    assert "Look at them, then save." in text
    assert not CalendarVersion.objects.filter(calendar="munich").exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "said"),
    (
        ({"country": ""}, "Name the country whose public holidays you want."),
        ({"country": "Atlantis"}, "Give a country&#x27;s code of two letters"),
        ({"country": "DE", "region": "XX"}, "DE has no region “XX”. Known: Augsburg, BB, BE"),
    ),
)
def test_filling_in_what_can_not_be_had_says_why(typed, said):
    assert said in errors_of(sent(_fill="Fill in", **typed))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "said"),
    (
        ({"hours": "mon closed"}, "never opens"),
        ({"hours": "mon 08:00-12:30, 12:00-17:00"}, "overlap"),
        ({"hours": "mon 17:00-08:00"}, "ends after it starts"),
        ({"hours": "mon 08:00-08:00"}, "ends after it starts"),
        ({"hours": "mon"}, "Write them as 08:00-12:00"),
        ({"hours": "mon 8-12"}, "is no time of the day. Write it as 08:30"),
        ({"hours": "mon 08:00-12:00\nmon 13:00-17:00"}, "Give each weekday one line"),
        ({"hours": "fri-mon 08:00-12:00"}, "runs backwards"),
        ({"hours": "someday 08:00-12:00"}, "There is no weekday someday"),
        ({"hours": '{"mon": '}, "This is no JSON"),
        ({"holidays": "1900-12-25 Christmas"}, "Give one from 2000 to 2100"),
        ({"holidays": "2101-12-25"}, "Give one from 2000 to 2100"),
        ({"holidays": "25.12.2026"}, "is no date. Write it as 2026-12-25"),
        ({"holidays": "2026-02-29"}, "is no date"),
        ({"holidays": "2026-12-25 a\n2026-12-25 b"}, "stands there twice"),
        ({"holidays": '["2026-12-25", "2026-12-25"]'}, "stands there twice"),
        ({"holidays": "2026-12-25 " + "x" * 121}, "120 letters fit"),
        ({"overrides": "1900-12-24 08:00-12:00"}, "Give one from 2000 to 2100"),
        ({"overrides": "2026-12-24 closed\n2026-12-24 closed"}, "stands there twice"),
        ({"timezone": "Europe/Atlantis"}, "Give one such as Europe/Berlin"),
        ({"region": "BY"}, "Name the country of this region, too."),
        ({"country": "DE", "first_year": ""}, "Say from which year on."),
        ({"country": "DE", "first_year": "1900"}, "from 2000 to 2100"),
    ),
)
def test_what_is_wrong_is_said_on_the_form_and_nothing_is_saved(typed, said):
    assert said in errors_of(sent(**typed))


@pytest.mark.django_db
def test_the_next_version_starts_from_this_one_in_lines():
    sent(country="DE", last_year="2026")
    client = Client()
    client.force_login(make_manager())
    made = current_calendar("munich")

    form = client.get(reverse(ADD) + f"?from={made.pk}")
    page = client.get(reverse("admin:entitlements_calendarversion_change", args=[made.pk]))

    text = form.content.decode()
    assert "mon 08:00-12:00, 13:00-17:00\ntue 08:00" in text
    assert "2026-12-25 Christmas Day" in text
    assert "2026-12-31 closed" in text
    assert "2026-12-25 Christmas Day<br>" in page.content.decode()


@pytest.mark.django_db
def test_a_later_version_leads_to_what_it_would_change():
    first = sent()

    second = sent(holidays="2026-12-24")

    assert first.url == reverse("admin:entitlements_calendarversion_changelist")
    assert second.url == reverse("admin:calendar_running", args=["munich"])


@pytest.mark.django_db
def test_a_version_saved_as_it_is_makes_no_new_one():
    sent()

    same = sent()

    assert "says this already" in str(same.context["adminform"].form.errors)
    assert CalendarVersion.objects.filter(calendar="munich").count() == 1


@pytest.mark.django_db
def test_json_is_understood_too():
    made = sent(hours=json.dumps({"mon": [["08:00", "24:00"]]}), holidays='["2026-12-25"]')

    assert made.status_code == 302
    assert current_calendar("munich").holidays == ["2026-12-25"]


@pytest.mark.django_db
def test_an_engineer_fills_in_nothing():
    client = Client()
    client.force_login(make_engineer())

    assert client.post(reverse(ADD), TYPED | {"_fill": "Fill in"}).status_code in (403, 404)
