"""The rail and the bar of the engineers' pages: every place is reached, by whom it is for."""

import re

import pytest
from django.urls import reverse

from tests.factories import make_engineer, make_manager, make_person, make_tam
from tickets.templatetags.rail import ENTRIES, OWN, initials

pytestmark = pytest.mark.django_db


def page_for(client, person):
    client.force_login(person)
    return client.get(reverse("admin:defects")).content.decode()


def links(page):
    return set(re.findall(r'href="([^"]+)"', page))


def addresses(entries):
    return {reverse(link.page) for entry in entries for link in entry.links + entry.settings}


def test_a_manager_reaches_every_place_and_an_engineer_all_but_the_managers(client):
    for_managers = {reverse(link.page) for entry in ENTRIES for link in entry.settings}
    own = {reverse(link.page) for link in OWN} | {reverse("admin:incident_new")}

    assert addresses(ENTRIES) | own <= links(page_for(client, make_manager()))
    seen = links(page_for(client, make_engineer()))
    assert own <= seen
    assert not for_managers & seen


def test_a_menu_of_one_page_is_its_link_and_one_of_none_is_left_out(client):
    page = page_for(client, make_person("ts1"))

    assert f'<a href="{reverse("admin:queue")}" title="Queue">' in page
    assert page.count('<details name="rail">') == 6  # calls, customers, projects, help, mail, more
    assert f'href="{reverse("admin:catalogue")}"' in page
    assert "<summary>" in page_for(client, make_tam())


def test_the_menu_with_the_page_that_one_is_on_is_marked(client):
    client.force_login(make_manager())

    page = client.get(reverse("admin:organisations")).content.decode()

    assert page.count('class="is-here"') == 1
    assert f'<a href="{reverse("admin:organisations")}" aria-current="page">' in page


@pytest.mark.parametrize(
    ("name", "expected"),
    (("Ioana Radu", "IR"), ("Cher", "C"), ("ana maria popescu", "AP"), ("", "T")),
)
def test_a_person_has_two_letters(name, expected):
    assert initials(make_engineer(name=name, email="ts1@axsupport.example")) == expected
