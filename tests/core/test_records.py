"""The index of records in the product's words, and lists of them as files."""

from __future__ import annotations

import csv
import io

import pytest
from django.contrib import admin
from django.urls import reverse
from django.utils.text import slugify

from core.admin import Site
from core.journal import entries_of
from tests.factories import make_engineer, make_licence, make_manager, make_organisation
from tickets.templatetags.rail import PLACES

pytestmark = pytest.mark.django_db
assert isinstance(admin.site, Site)
GROUPS = admin.site.groups
INDEX = reverse("admin:index")


@pytest.fixture
def manager(client):
    manager = make_manager()
    client.force_login(manager)
    return manager


def exported(client, url, rows, **fields):
    chosen = [one.pk for one in rows]
    sent = {"action": "export_rows", "_selected_action": chosen, **fields}
    answer = client.post(url, sent)
    assert answer.headers["Content-Type"].startswith("text/csv")
    return list(csv.reader(io.StringIO(answer.content.decode())))


def test_the_index_is_grouped_as_people_think(client, manager):
    page = client.get(INDEX).content.decode()

    places = [page.index(f'id="{slugify(group.title)}"') for group in GROUPS]
    assert places == sorted(places)
    assert "Working calendars" in page
    assert "Everything else" not in page
    for label, url in (("Renewals", "admin:renewals"), ("Articles", "admin:articles")):
        assert f'<a href="{reverse(url)}">{label}</a>' in page


def test_every_record_of_the_desk_stands_in_exactly_one_group():
    named = [label for group in GROUPS for label, _ in group.records]

    assert sorted(named) == sorted(model._meta.label_lower for model in admin.site._registry)


def test_every_page_of_the_rail_stands_in_exactly_one_group():
    named = [page for group in GROUPS for page in group.pages]

    assert sorted([*named, "admin:index"]) == sorted(PLACES)


def test_a_record_of_no_group_is_shown_last_and_not_hidden(client, manager, monkeypatch):
    monkeypatch.setattr(admin.site, "groups", GROUPS[1:])

    page = client.get(INDEX).content.decode()

    assert page.index("Everything else") < page.index(reverse("admin:accounts_partner_changelist"))


def test_engineers_have_no_records_and_are_led_to_the_queue(client):
    client.force_login(make_engineer())

    assert client.get(INDEX).headers["Location"] == reverse("admin:queue")


def test_a_list_is_exported_as_it_is_shown_and_computes_nothing(client, manager):
    rows = [make_organisation(name='=HYPERLINK("x")', country="FI"), make_organisation(name="Two")]
    make_organisation(name="Not chosen")
    url = reverse("admin:accounts_organisation_changelist")

    head, *cells = exported(client, url, rows)

    assert head[0].lower() == "name"
    assert {one[0] for one in cells} == {'\'=HYPERLINK("x")', "Two"}
    assert [one.facts["what"] for one in entries_of(manager)] == ["2 organisations as CSV"]


def test_all_that_the_filter_finds_is_exported_not_one_page_of_it(client, manager):
    organisation = make_organisation()
    rows = [make_licence(organisation) for _ in range(120)]
    url = reverse("admin:entitlements_licence_changelist")

    _, *cells = exported(client, url, rows[:1], select_across="1", index="0")

    assert len(cells) == 120


@pytest.mark.parametrize("model", sorted(one._meta.label_lower for one in admin.site._registry))
def test_every_list_can_be_exported(client, manager, model):
    app, _, name = model.partition(".")
    url = reverse(f"admin:{app}_{name}_changelist")

    offered = client.get(url).content.decode()

    assert client.get(url).status_code == 200
    assert "export_rows" in offered or "0 " in offered
