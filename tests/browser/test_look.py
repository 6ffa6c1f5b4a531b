"""The components and the script, rendered by our own templates, in both viewports."""

from __future__ import annotations

import mimetypes
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.paginator import Paginator
from django.template import engines
from django.test import RequestFactory
from playwright.sync_api import Page, Route, expect

from tests.browser.chromium import check_accessible, check_fits
from tickets.rules.promises.countdown import Countdown

pytestmark = pytest.mark.browser
TEMPLATES = Path(__file__).parent / "look"
ADDRESS = "http://127.0.0.1:1/look/"  # never asked: the routes below answer


class Report(forms.Form):
    subject = forms.CharField(help_text="In a few words")
    body = forms.CharField(widget=forms.Textarea)
    licence = forms.ChoiceField(choices=[("1", "Business edition")])
    how = forms.ChoiceField(choices=[("a", "At once"), ("b", "Later")], widget=forms.RadioSelect)
    gold = forms.BooleanField(help_text="Four are left")
    log = forms.FileField(required=False)


def show(page: Page, name: str, **context: Any) -> None:
    """Render a template of `look/` with our engine, and open it with its styles and scripts."""
    request = RequestFactory().get("/look/")
    template = engines["django"].from_string((TEMPLATES / name).read_text())
    html = template.render(context, request)
    page.route("**/look/*", lambda route: route.fulfill(body=html, content_type="text/html"))
    page.route("**/static/**", _static)
    page.goto(ADDRESS)


def _static(route: Route) -> None:
    name = route.request.url.partition(settings.STATIC_URL)[2].partition("?")[0]
    found = finders.find(name)
    assert isinstance(found, str), f"no static file {name}"
    kind = mimetypes.guess_type(found)[0] or "application/octet-stream"
    route.fulfill(body=Path(found).read_bytes(), content_type=kind)


@pytest.fixture(autouse=True)
def plain_static_files(settings: Any) -> None:
    """Names without hashes, as before `collectstatic`."""
    name = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": name}}


def every_part() -> dict[str, Any]:
    card = {"licence": "Office edition", "promise": "6 hours", "until_on": date(2027, 2, 28)}
    return {
        "tones": ["info", "success", "warning", "error"],
        "cards": [
            {**card, "level": "premium", "channels": ["E-mail"], "packs_left": 4, "callback": True},
            {**card, "level": "basic", "status": "soon"},
            {**card, "level": "basic", "status": "ended", "packs_left": 0, "note": "Renew it."},
        ],
        "states": ["new", "open", "waiting", "solved", "closed", "not_covered"],
        "levels": ["basic", "first", "premium", "gold", "golive", ""],
        "kinds": ["report", "answer", "note", "automatic"],
        "body": f"Hello\n\n{'long' * 90} https://example.org/a <script>alert(1)</script>",
        "files": [{"name": f"{'log' * 40}.txt", "size": 1234567, "url": "#"}],
        "facts": [("Owner", ""), ("Reporter", f"{'a' * 60}@northwind.example")],
        "now": datetime(2026, 3, 1, 12, tzinfo=UTC),
        "page_obj": Paginator(range(100), 10).get_page(3),
        "form": Report({"subject": ""}),
    }


@pytest.mark.parametrize("window", ("page", "phone"))
def test_every_component_is_accessible_and_fits(
    window: str, request: pytest.FixtureRequest
) -> None:
    page: Page = request.getfixturevalue(window)

    show(page, "parts.html", **every_part())

    check_accessible(page)
    check_fits(page)


def test_what_is_left_is_told_in_hours_and_minutes(page: Page) -> None:
    now = datetime.now(UTC)
    spans = [timedelta(hours=2, minutes=14, seconds=30), timedelta(seconds=-330), timedelta(days=3)]

    show(page, "due.html", dues=[now + span + timedelta(seconds=1) for span in spans])

    expect(page.locator("time")).to_have_text(["2 h 14 min left", "overdue by 5 min", "3 d left"])


def test_a_clock_that_stands_counts_working_time(page: Page) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    opens, due_at = now + timedelta(hours=20), now + timedelta(hours=51, minutes=30)
    spans = (opens, opens + timedelta(hours=25)), (due_at - timedelta(hours=2), due_at)
    open_spans = tuple((int(a.timestamp()), int(b.timestamp())) for a, b in spans)
    count = Countdown(timedelta(hours=27), open_spans, opens)

    show(page, "due.html", counted=[(due_at, count)])

    expect(page.locator("time")).to_have_text(["27 h left"])
    expect(page.locator(".due")).to_contain_text("working time, stands until")


def test_chosen_files_are_named_and_the_large_one_is_refused(page: Page) -> None:
    show(page, "form.html", form=Report())

    page.set_input_files(
        "input[type=file]",
        {"name": "big.log", "mimeType": "text/plain", "buffer": b"x" * 2048},
    )

    expect(page.locator(".file-list")).to_contain_text("big.log")
    expect(page.locator(".too-big")).to_contain_text("2 KB, over the limit of 1000 bytes")
    assert page.evaluate("!document.forms[0].checkValidity()")


def test_a_form_that_asks_is_sent_only_after_a_yes(page: Page) -> None:
    show(page, "form.html", form=Report())

    page.get_by_role("button", name="File it").click()
    check_accessible(page)
    page.get_by_role("button", name="Cancel").click()
    assert page.url == ADDRESS
    page.get_by_role("button", name="File it").click()
    page.get_by_role("button", name="Spend it").click()

    page.wait_for_url("**/look/?*sent=yes*")
