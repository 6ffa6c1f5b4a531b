from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from core.models import JournalEntry
from entitlements.actions import catalogue
from entitlements.actions.catalogue_file import SHIPPED, read
from entitlements.actions.catalogue_spec import CalendarSpec, Catalogue
from entitlements.actions.catalogue_text import write
from entitlements.enums import Channel, Level
from entitlements.errors import BadCatalogue
from entitlements.models import CalendarVersion, LevelVersion, Service
from entitlements.reads.current import current_calendar, current_level, current_levels
from tests.factories import NINE, make_manager

pytestmark = pytest.mark.django_db


def shipped() -> Catalogue:
    return read(SHIPPED.read_text(encoding="utf-8"))


def changed(old: str, new: str) -> Catalogue:
    text = SHIPPED.read_text(encoding="utf-8")
    assert old in text
    return read(text.replace(old, new, 1))


def counts() -> tuple[int, int, int, int]:
    tables = (Service, CalendarVersion, LevelVersion, JournalEntry)
    return tuple(one.objects.count() for one in tables)  # type: ignore[return-value]


def test_a_fresh_database_promises_what_the_programme_states():
    promised = {
        level: (one.response_time, one.channels, one.calendar.calendar)
        for level, one in current_levels().items()
    }

    no_phone, hours = ["portal", "email"], timedelta(hours=1)
    phone = [*no_phone, "phone"]
    assert promised == {
        "basic": (24 * hours, no_phone, "working_hours"),
        "first": (24 * hours, no_phone, "round_the_clock"),
        "premium": (6 * hours, phone, "round_the_clock"),
        "gold": (3 * hours, [*phone, "callback"], "round_the_clock"),
        "golive": (3 * hours, [*phone, "callback"], "round_the_clock"),
    }


def test_every_level_includes_on_site_support_and_the_online_resources():
    for level in current_levels().values():
        assert "on_site" in level.services
        assert {"forum", "knowledge_base", "documentation", "newsletter"} <= set(level.resources)


def test_loading_the_same_file_again_changes_nothing():
    before = counts()

    written = catalogue.load(shipped(), at=NINE, by=None)

    assert written == catalogue.Written()
    assert counts() == before


def test_what_is_exported_is_the_same_catalogue():
    exported = read(write(catalogue.held()))

    assert exported == catalogue.held()
    assert catalogue.load(exported, at=NINE, by=None) == catalogue.Written()


def test_a_changed_level_gets_a_new_version_and_the_old_one_stays():
    manager = make_manager()

    written = catalogue.load(
        changed("response_hours = 6", "response_hours = 5"), at=NINE, by=manager
    )

    assert written == catalogue.Written(levels=["premium"])
    versions = LevelVersion.objects.filter(level=Level.PREMIUM).order_by("version")
    assert [(one.version, one.response_time.seconds // 3600) for one in versions] == [
        (1, 6),
        (2, 5),
    ]
    entry = JournalEntry.objects.get(kind="level.saved", by=manager)
    assert entry.facts == {"level": "premium", "version": 2}


def test_a_changed_calendar_makes_new_versions_of_the_levels_that_count_on_it():
    written = catalogue.load(
        changed("holidays = []", 'holidays = ["2026-12-25"]'), at=NINE, by=None
    )

    assert written == catalogue.Written(calendars=["working_hours"], levels=["basic"])
    assert current_level(Level.BASIC).calendar == current_calendar("working_hours")
    assert current_calendar("working_hours").holidays == ["2026-12-25"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    (
        ('"antispam",', '"antispan",', "unknown service 'antispan'"),
        ('"email", "phone"]', '"email", "fax"]', "unknown channel 'fax'"),
        ('calendar = "working_hours"', 'calendar = "office"', "unknown calendar 'office'"),
        ('"Europe/Berlin" #', '"CET+1" #', "is no IANA time zone"),
        ('mon = [["08:00", "17:00"]]', 'mon = [["17:00", "08:00"]]', "ends after it starts"),
        ('mon = [["08:00", "17:00"]]', 'mon = [["08:00", "12:30"], ["12:00", "17:00"]]', "overlap"),
        ('mon = [["08:00", "17:00"]]', "mon = 8", "write windows as"),
        ("response_hours = 6", "response_hours = 0", "more than 0"),
        ("response_hours = 6", 'response_hours = "six"', "must be a number of hours"),
        ("maintenance = true", "maintenence = true", "unknown setting 'maintenence'"),
        ("[level.first]", "[level.second]", "unknown level 'second'"),
        ('price_percent = "35"', 'price_percent = "a third"', "price_percent must be a number"),
        ('5 = "750.00"', 'five = "750.00"', "pack_prices maps incidents to a price"),
        ("[level.first]", "[level.first", "no valid TOML"),
    ),
)
def test_a_wrong_file_is_refused_in_one_sentence_and_nothing_is_written(old, new, said):
    before = counts()

    with pytest.raises(BadCatalogue, match=said):
        catalogue.load(changed(old, new), at=NINE, by=None)

    assert counts() == before


def test_a_calendar_that_never_opens_is_refused():
    spec = CalendarSpec("closed", "Closed", "Europe/Berlin", {}, [], {})

    with pytest.raises(BadCatalogue, match="never opens"):
        catalogue.save_calendar(spec, at=NINE, by=None)


def test_the_command_loads_and_exports(tmp_path):
    out, again = StringIO(), StringIO()
    call_command("catalogue", "export", stdout=out)
    file = tmp_path / "mine.toml"
    file.write_text(out.getvalue().replace("response_hours = 6", "response_hours = 4"))

    call_command("catalogue", "load", str(file), stdout=again)

    assert again.getvalue().splitlines()[-1] == "levels: premium"
    assert current_level(Level.PREMIUM).response_time == timedelta(hours=4)


def test_the_command_says_what_is_wrong_with_a_file(tmp_path):
    file = tmp_path / "broken.toml"
    file.write_text("[level.gold]\n")

    with pytest.raises(CommandError, match="response_hours must be a number"):
        call_command("catalogue", "load", str(file))
    with pytest.raises(CommandError, match="can not be read"):
        call_command("catalogue", "load", str(tmp_path / "missing.toml"))


def test_every_channel_of_the_programme_is_known():
    assert {one for level in current_levels().values() for one in level.channels} == set(
        Channel.values
    )
