"""The customers' form for a report: who may call, what is included, and a clear end."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone

from entitlements.enums import Level
from tests.factories import (
    days,
    make_admin_contact,
    make_call_back,
    make_contact,
    make_licence,
    make_organisation,
    make_pack,
    make_subscription,
)
from tickets.models import Incident

pytestmark = pytest.mark.django_db

NEW = "/incidents/new/"
NOT_NOW = "Not included now: kept, and answered where we can"


def signed_in(client, level=None, *, make=make_contact):
    """A contact of an organisation with `level`, or with a licence whose Basic is long over."""
    today = timezone.now().date()
    contact = make(make_organisation())
    registered = today - days(900 if level is None else 9)
    licence = make_licence(contact.organisation, registered_on=registered, key="AXI-NORTH")
    if level not in (None, Level.BASIC):
        dates = {"starts_on": today - days(9), "ends_on": today + days(300)}
        make_subscription(licence, level=level, **dates)
    client.force_login(contact)
    return contact


def services(body: str) -> dict[str, list[str]]:
    """The groups of the select, with what each offers."""
    select = body[body.index('name="service"') : body.index("</select>", body.index('"service"'))]
    groups = re.findall(r'<optgroup label="([^"]+)">(.*?)</optgroup>', select, re.S)
    return {label: re.findall(r">\s*([^<]+?)\s*</option>", options) for label, options in groups}


def test_what_the_licences_include_comes_first_and_the_rest_says_what_it_takes(client):
    signed_in(client, Level.BASIC)

    found = services(client.get(NEW).content.decode())

    assert list(found) == ["Included in your support", NOT_NOW]
    assert "Troubleshooting" in found["Included in your support"]
    assert "Antivirus integration (takes Premium)" in found[NOT_NOW]
    assert "Migration (where applicable) (takes FIRsT)" in found[NOT_NOW]


def test_who_may_call_reads_the_number_first(client, settings):
    signed_in(client, Level.PREMIUM)

    body = client.get(NEW).content.decode()

    call = body.index(f"tel:{settings.VENDOR['phone'].replace(' ', '')}")
    assert call < body.index('name="subject"')
    assert "Premium of AXI-NORTH includes the telephone" in body


def test_who_may_not_call_reads_no_number(client, settings):
    signed_in(client, Level.FIRST)

    assert settings.VENDOR["phone"] not in client.get(NEW).content.decode()


@pytest.mark.parametrize(
    ("make", "helps"),
    ((make_contact, "admin contact can order support"), (make_admin_contact, "Order support")),
)
def test_a_lapsed_customer_is_told_what_is_true_before_writing(client, make, helps):
    signed_in(client, make=make)

    body = client.get(NEW).content.decode()

    assert "No licence of yours has support now." in body
    assert helps in body
    assert list(services(body)) == [NOT_NOW]


def test_filing_says_the_number_and_sent_again_after_back_makes_no_second_one(client):
    contact = signed_in(client, Level.PREMIUM)
    form = client.get(NEW).context["form"]
    asked = {
        "key": form["key"].value(),
        "subject": "IMAP hangs",
        "body": "Since nine.",
        "service": "troubleshooting",
        "licence": contact.organisation.licences.get().pk,
    }

    first = client.post(NEW, asked, follow=True).content.decode()
    second = client.post(NEW, asked, follow=True).content.decode()

    incident = Incident.objects.get()
    assert f"Filed as {incident.number}." in first
    assert f"You filed this already: it is {incident.number}, and only once." in second


def test_a_call_back_that_is_late_says_so(client):
    contact = signed_in(client, Level.PREMIUM)
    make_call_back(contact, asked_at=timezone.now() - days(0.1))

    assert "Our call is late" in client.get("/call-backs/").content.decode()


def test_the_ledger_is_folded_and_speaks_the_customers_words(client):
    contact = signed_in(client, Level.PREMIUM)
    make_pack(contact.organisation.licences.get())

    body = client.get("/coverage/").content.decode()

    assert '<details class="more ledger">' in body
    assert "Bought" in body
    assert "Purchase" not in body
