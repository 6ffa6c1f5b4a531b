"""Other languages than English: who is spoken to in which, days in their order, whole files."""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from django.test import Client
from django.utils import translation
from django.utils.translation import trans_real

from core import catalogues, languages, moments
from core.words import day_in_words
from tests import factories as make

AT = datetime(2026, 1, 13, 8, 5, tzinfo=zoneinfo.ZoneInfo("Europe/Berlin"))


def _forget() -> None:
    trans_real._translations.clear()  # type: ignore[attr-defined]
    languages.offered.cache_clear()


@pytest.fixture
def german(settings: Any, tmp_path: Path) -> Iterator[None]:
    """German, with some words of the portal, is offered."""
    settings.LOCALE_PATHS = [tmp_path]
    settings.LANGUAGES_OFFERED = ["de"]
    made = Catalog(locale="de", fuzzy=False)
    made.add("Overview", "Überblick")
    made.add("Sign in", "Anmelden")
    made.add("{email} is already one of your people.", "{email} gehört schon dazu.")
    catalogues.save("de", made)
    _forget()
    yield
    _forget()


@pytest.mark.parametrize(
    ("look", "english", "german"),
    (
        ("j M Y", "13 Jan 2026", "13. Jan. 2026"),
        ("j F Y, H:i T", "13 January 2026, 08:05 CET", "13. Januar 2026, 08:05 CET"),
        ("l, j F", "Tuesday, 13 January", "Dienstag, 13. Januar"),
        ("D j M, H:i", "Tue 13 Jan, 08:05", "Di., 13. Jan., 08:05"),
        ("l H:i", "Tuesday 08:05", "Dienstag 08:05"),
        ("F Y", "January 2026", "Januar 2026"),
        ("F", "January", "Januar"),
        ("H:i", "08:05", "08:05"),
        ("Y-m-d H:i", "2026-01-13 08:05", "2026-01-13 08:05"),
    ),
)
def test_a_day_stands_in_the_order_of_the_language(look, english, german):
    assert moments.written(AT, look) == english
    with translation.override("de"):
        assert moments.written(AT, look) == german


def test_the_months_of_numbers_stay_numbers():
    with translation.override("ja"):
        assert moments.written(AT, "j M Y") == "2026年1月13日"


def test_what_lists_and_sentences_write_follows(german):
    with languages.spoken("de-at"):
        assert moments.dated(AT) == "13. Jan. 2026, 08:05"
        assert day_in_words(date(2026, 10, 5)) == "5. Oktober 2026"
    assert day_in_words(date(2026, 10, 5)) == "5 October 2026"


def test_the_nearest_language_and_english_where_there_is_none(german):
    assert languages.offered() == ("en", "de")
    assert languages.choices() == [("en", "English"), ("de", "Deutsch")]
    assert [languages.nearest(one) for one in ("de", "DE-AT", "fr", "")] == ["de", "de", "en", "en"]
    assert languages.of_browser("fr, de;q=0.8, en;q=0.5") == "de"
    assert languages.of_browser("en-US, de;q=0.8") == "en"
    assert languages.of_browser("de;q=0, *") == "en"
    assert languages.of_browser("nonsense;;q=x") == "en"


def test_a_language_that_is_not_whole_is_not_offered(settings, tmp_path):
    settings.LOCALE_PATHS = [tmp_path]
    settings.LANGUAGES_OFFERED = ["de"]
    made = Catalog(locale="de", fuzzy=False)
    made.add("{name} is closed.", "Geschlossen.")  # who is closed is left out
    made.add("Sign in", "")
    catalogues.save("de", made)
    _forget()

    assert languages.offered() == ("en",)
    assert catalogues.missing(made) == ["{name} is closed.", "Sign in"]
    _forget()


@pytest.mark.django_db
def test_the_portal_speaks_the_contacts_language_and_the_desk_and_the_api_english(german, settings):
    settings.STAFF_NEED_SECOND_FACTOR = False
    contact, engineer = make.make_contact(language="de-de"), make.make_engineer(language="de")
    client = Client()
    client.force_login(contact)
    assert "Überblick" in client.get("/").content.decode()
    assert "Überblick" not in client.get("/api/v1/incidents/").content.decode()
    client.force_login(engineer)
    assert "Überblick" not in client.get("/admin/", follow=True).content.decode()
    assert translation.get_language() == "en-gb"


@pytest.mark.django_db
def test_whoever_is_not_signed_in_is_spoken_to_as_the_browser_asks(german):
    page = Client().get("/accounts/login/", headers={"Accept-Language": "de-AT,en;q=0.5"})
    assert "Anmelden" in page.content.decode()
    assert "Accept-Language" in page.headers["Vary"]
    assert "Anmelden" not in Client().get("/accounts/login/").content.decode()


@pytest.mark.parametrize("code", sorted(set(languages.translated()) - {"en"}))
def test_the_file_of_an_offered_language_is_whole_and_of_today(code):
    compiled = languages.catalogue(code).with_suffix(".mo")
    fresh = catalogues.brought_up_to_date(code)
    if compiled.is_file():
        assert catalogues.missing(fresh) == [], "say make languages, and fill in what is new"
        assert languages.catalogue(code).read_bytes() == catalogues.as_po(fresh)
        assert compiled.read_bytes() == catalogues.as_mo(fresh)
    assert len(fresh) > 1000, "the texts of code and templates are found"


def test_moments_of_other_zones_keep_their_names():
    with translation.override("de"):
        assert moments.short(datetime(2026, 6, 9, 6, tzinfo=UTC)).endswith("06:00 UTC")
