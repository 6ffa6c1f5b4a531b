"""The catalogue's file: nothing is lost on the way, `diff` tells, and a mistake is named."""

from dataclasses import fields, replace
from datetime import timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F
from hypothesis import given
from hypothesis import strategies as st

from core.models import JournalEntry
from entitlements.actions import catalogue
from entitlements.actions.catalogue_diff import Difference, differences
from entitlements.actions.catalogue_file import SHIPPED, read
from entitlements.actions.catalogue_spec import (
    CalendarSpec,
    Catalogue,
    LevelSpec,
    ServiceSpec,
)
from entitlements.actions.catalogue_text import write
from entitlements.errors import BadCatalogue
from entitlements.models import CalendarVersion, LevelVersion, Service
from tests.factories import NINE

ODD = 'Ünïcode "quotes" \\ back, tab\t, line\r\nbreak, \x7f and 🙂'

EVERYTHING = Catalogue(
    services=[
        ServiceSpec("troubleshooting", "Troubleshooting", ODD.strip(), True, 1),
        ServiceSpec("on_site", ODD, "", False, 40),
        ServiceSpec("training", "Training", "Limits.\n\nMore.", True, 3),
    ],
    calendars=[
        CalendarSpec(
            "office",
            ODD,
            "Asia/Kathmandu",
            {"mon": [["08:00", "12:00"], ["13:00", "24:00"]], "sun": [["00:00", "06:30"]]},
            ["2026-12-25", "2027-01-01"],
            {"2026-12-24": [["08:00", "12:00"]], "2026-12-31": []},
            {"2026-12-25": ODD},
        )
    ],
    levels=[
        LevelSpec(
            level="premium",
            response_time=timedelta(hours=5, minutes=59, seconds=59),
            calendar="office",
            channels=["portal", "email", "phone", "callback"],
            services=["troubleshooting", "training"],
            resources=["forum", "beta"],
            round_the_clock=True,
            maintenance=True,
            monthly_report=True,
            supplied_by=["cse1", "partner", "cse2", "tam"],
            price_percent=Decimal("35.25"),
            pack_prices={"5": "750.00", "10": "1400.5"},
            price_text=ODD,
            first_year_free=True,
            evaluation_days=45,
        )
    ],
)


def shipped_with(old: str, new: str) -> str:
    text = SHIPPED.read_text(encoding="utf-8")
    assert old in text
    return text.replace(old, new, 1)


def rows() -> list[int]:
    return [one.objects.count() for one in (Service, CalendarVersion, LevelVersion, JournalEntry)]


def told(*arguments: str) -> tuple[int, str]:
    """The exit code of the command, and what it printed."""
    out, code = StringIO(), 0
    try:
        call_command("catalogue", *arguments, stdout=out)
    except SystemExit as ended:
        code = int(str(ended.code))
    return code, out.getvalue()


def test_every_field_survives_the_way_out_and_back():
    assert read(write(EVERYTHING)) == EVERYTHING
    level = EVERYTHING.levels[0]
    assert all(getattr(level, one.name) for one in fields(level))  # none is left at its default


@pytest.mark.django_db
def test_every_field_survives_the_database_too():
    catalogue.load(EVERYTHING, at=NINE, by=None)

    exported = read(write(catalogue.held()))

    assert exported == catalogue.held()
    assert differences(EVERYTHING, exported) == []
    assert catalogue.load(exported, at=NINE, by=None) == catalogue.Written()


@pytest.mark.django_db
def test_services_that_were_moved_in_the_admin_keep_their_places():
    Service.objects.update(position=F("position") * 10)

    assert catalogue.load(read(write(catalogue.held())), at=NINE, by=None) == catalogue.Written()


@given(
    text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1),
    seconds=st.integers(1, 8784 * 3600),
)
def test_any_text_and_any_response_time_survive(text, seconds):
    level = replace(EVERYTHING.levels[0], price_text=text, response_time=timedelta(seconds=seconds))
    service = replace(EVERYTHING.services[0], limits=text.strip())
    given_catalogue = Catalogue([service], EVERYTHING.calendars, [level])

    assert read(write(given_catalogue)) == given_catalogue


def test_a_date_of_toml_is_a_holiday_like_a_text():
    with_dates = shipped_with("holidays = []", 'holidays = [2026-12-25, "2026-12-26"]')

    assert read(with_dates).calendars[0].holidays == ["2026-12-25", "2026-12-26"]


@pytest.mark.django_db
def test_diff_finds_nothing_in_what_is_held():
    assert told("diff") == (0, "Nothing would change.\n")


@pytest.mark.django_db
def test_diff_tells_field_by_field_what_load_would_change_and_changes_nothing(tmp_path):
    text = shipped_with("response_hours = 6", "response_hours = 4.5")
    text = text.replace('price_percent = "35"', 'price_percent = "36.50"')
    text = text.replace('"Round the clock"', '"Day and night"')
    text = text.replace('name = "Installation"', 'name = "Setting up"')
    text += '\n[[service]]\nkey = "review"\nname = "Review"\n'
    file, before = tmp_path / "mine.toml", rows()
    file.write_text(text, encoding="utf-8")

    code, said = told("diff", str(file))

    assert code == 1
    assert said.splitlines() == [
        "service installation: name: 'Installation' -> 'Setting up'",
        "service review: new",
        "calendar round_the_clock: name: 'Round the clock' -> 'Day and night'",
        "level premium: response_time: 6 hours -> 4.5 hours",
        "level premium: price_percent: 35.00 -> 36.50",
        "level first: calendar: 'round_the_clock', in its new version",
        "level gold: calendar: 'round_the_clock', in its new version",
        "level golive: calendar: 'round_the_clock', in its new version",
    ]
    assert rows() == before


@pytest.mark.django_db
def test_what_diff_tells_is_what_load_writes(tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text(shipped_with("holidays = []", 'holidays = ["2026-12-25"]'), encoding="utf-8")

    _, said = told("diff", str(file))
    _, written = told("load", str(file))

    assert [line.partition(":")[0] for line in said.splitlines()] == [
        "calendar working_hours",
        "level basic",
    ]
    assert "calendars: working_hours\nlevels: basic\n" in written
    assert told("diff", str(file)) == (0, "Nothing would change.\n")


def test_a_file_that_leaves_things_out_differs_in_nothing_else():
    alone = Catalogue([], [], [replace(EVERYTHING.levels[0], evaluation_days=None)])

    assert differences(alone, EVERYTHING) == [
        Difference("level premium", "evaluation_days", 45, None)
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("command", ("diff", "load"))
@pytest.mark.parametrize(
    ("old", "new", "place", "advice"),
    (
        ('"antispam",', '"antispan",', "level premium", "Choose one, or add it as [[service]]"),
        ('"working_hours"', '"office"', "level basic", "or add it as [calendar.its_key]"),
        (
            'mon = [["08:00", "17:00"]]',
            'mon = [["08:00", "12:30"], ["12:00", "17:00"]]',
            "calendar working_hours",
            "Join them, or move one.",
        ),
        ('price_percent = "35"', 'price_percent = "35,5"', "level premium", "as 20.00"),
        ('5 = "750.00"', '5 = "750,00"', "level gold", "as 5 = 750.00 with a point"),
        ('"Europe/Berlin" #', '"Mars/Base" #', "calendar working_hours", "such as Europe/Berlin"),
        ("holidays = []", 'holidays = ["25.12."]', "calendar working_hours", "as 2026-12-25"),
        ("holidays = []", "holidays = [5]", "calendar working_hours", 'as ["2026-12-25"]'),
        ('key = "migration"', 'key = "installation"', "service 4", "Leave one out"),
        ('key = "migration"', 'key = "Migration!"', "service 4", "a-z, 0-9"),
        (
            'name = "Installation"',
            "name = 5",
            "service 2 (installation)",
            "must be a text in quotes",
        ),
    ),
)
def test_a_mistake_is_named_with_its_place_and_what_to_do(
    tmp_path, command, old, new, place, advice
):
    file, before = tmp_path / "mine.toml", rows()
    file.write_text(shipped_with(old, new), encoding="utf-8")

    with pytest.raises(CommandError) as refused:
        call_command("catalogue", command, str(file))

    assert place in str(refused.value)
    assert advice in str(refused.value)
    assert refused.value.returncode == (2 if command == "diff" else 1)
    assert rows() == before


@pytest.mark.django_db
def test_the_admin_can_not_make_a_key_that_the_file_could_not_hold():
    spec = replace(EVERYTHING.calendars[0], calendar="Office")

    with pytest.raises(BadCatalogue, match="'Office' is no key"):
        catalogue.save_calendar(spec, at=NINE, by=None)
