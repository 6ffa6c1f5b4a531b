"""Forms of the incident page that are fetched when they are opened."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from tests.factories import make_engineer, make_incident
from tests.tickets.staff_pages import page_of

pytestmark = pytest.mark.django_db


def test_every_form_that_the_page_offers_opens(client):
    engineer = make_engineer()
    incident = make_incident(owner=engineer)
    client.force_login(engineer)
    page = client.get(page_of(incident)).content.decode()
    start = re.escape(f"/admin/incidents/{incident.number}/")
    offered = set(re.findall(rf'(?:hx-get|href)="({start}[\w-]+/)(?:#[\w-]*)?"', page))
    offered -= {
        reverse(f"admin:incident_{name}", args=[incident.number])
        for name in ("proof", "customer", "details", "similar", "history", "notified")
    }
    assert len(offered) > 3

    for address in sorted(offered):
        part = client.get(address, headers={"HX-Request": "true"})
        whole = client.get(address)

        assert (part.status_code, whole.status_code) == (200, 200), address
        assert 'name="key"' in part.content.decode(), address
