"""System planning (N8): versions that never change, the report, who reads it when."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pypdf
import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from core.errors import NotAllowed
from engagements.actions import documents, golive, sizing
from engagements.actions.catalogue import keep_list
from engagements.actions.sizing import Assumed
from engagements.enums import Subject
from engagements.errors import (
    AssumptionWrong,
    CatalogueSame,
    CatalogueWrong,
    NotPlanned,
    PlanningHandedOver,
    ReasonMissing,
    SheetIncomplete,
)
from engagements.models import CatalogueVersion, Sizing
from engagements.reads.catalogue import prices_now
from engagements.rules.assumptions import as_delivered
from tests.factories import (
    NINE,
    days,
    make_contact,
    make_engagement,
    make_manager,
    make_organisation,
    make_project,
    make_sizing,
    make_tam,
)

pytestmark = pytest.mark.django_db
SHEET = {"users": 4000, "messages": 50, "size": 75, "quota": 2000, "growth": 10}


@pytest.fixture
def engagement():
    organisation = make_organisation()
    make_tam(organisation)
    found = make_engagement(organisation, project=make_project(organisation))
    golive.fill_in(found, SHEET, by=found.requested_by, at=NINE)
    return found


def assumed(**more):
    given: dict[str, Any] = {"values": as_delivered(), "currency": "EUR", "reason": "First"}
    return Assumed(**given | more)


def test_a_version_keeps_what_it_was_computed_of(engagement):
    owner = engagement.owner
    first = sizing.compute(engagement, assumed(), by=owner, at=NINE)
    golive.fill_in(engagement, SHEET | {"users": 9000}, by=owner, at=NINE)
    changed = as_delivered() | {"node_price": 12000}
    second = sizing.compute(engagement, assumed(values=changed), by=owner, at=NINE + days(1))

    assert (first.number, first.needs["users"], first.ours) == (1, 4000, [])
    assert (second.number, second.needs["users"], second.ours) == (2, 9000, ["node_price"])
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        Sizing.objects.update(assumptions={})


def test_what_makes_no_planning(engagement):
    by: dict[str, Any] = {"by": engagement.owner, "at": NINE}
    with pytest.raises(NotPlanned):
        sizing.hand_over_planning(engagement, **by)
    with pytest.raises(ReasonMissing):
        sizing.compute(engagement, assumed(reason=" "), **by)
    with pytest.raises(AssumptionWrong, match="between 10 and 100"):
        sizing.compute(engagement, assumed(values={"full": 5}), **by)
    with pytest.raises(AssumptionWrong, match="three letters"):
        sizing.compute(engagement, assumed(currency="€"), **by)
    with pytest.raises(NotAllowed):
        sizing.compute(engagement, assumed(), by=engagement.requested_by, at=NINE)
    golive.fill_in(engagement, {"users": 5, "quota": 10}, **by)
    with pytest.raises(SheetIncomplete, match="size of a message"):
        sizing.compute(engagement, assumed(), **by)

    assert not Sizing.objects.exists()


def test_the_report_is_handed_over_accepted_and_made_anew(engagement):
    by: dict[str, Any] = {"by": engagement.owner, "at": NINE}
    sizing.compute(engagement, assumed(advice="Begin with one site."), **by)
    first = sizing.hand_over_planning(engagement, **by)
    with pytest.raises(PlanningHandedOver):
        sizing.hand_over_planning(engagement, **by)
    documents.accept(first, name="Ana Pop", by=engagement.requested_by, at=NINE)
    sizing.compute(engagement, assumed(reason="Offer of May"), by=engagement.owner, at=NINE)
    second = sizing.hand_over_planning(engagement, by=engagement.owner, at=NINE + days(1))

    assert (second.document, second.number, second.note) == (first.document, 2, "Offer of May")
    with first.file.open("rb") as file:
        pages = pypdf.PdfReader(BytesIO(file.read())).pages
    text = "\n".join(page.extract_text() for page in pages)
    for words in ("4,000", "Begin with one site.", "Three cases of growth", "assumed", "35 %"):
        assert words in text


def test_the_customer_reads_it_once_it_is_handed_over(client, engagement):
    client.force_login(engagement.requested_by)
    page = f"/engagements/{engagement.number}/planning/"
    sizing.compute(engagement, assumed(), by=engagement.owner, at=NINE)
    assert "The planning is not there yet" in client.get(page).content.decode()

    sizing.hand_over_planning(engagement, by=engagement.owner, at=NINE)
    sizing.compute(engagement, assumed(reason="Secret draft"), by=engagement.owner, at=NINE)
    shown = client.get(page).content.decode()

    assert "Set aside" in shown
    assert "Secret draft" not in shown + client.get(f"{page}?version=2").content.decode()
    whole = client.get(f"/engagements/{engagement.number}/").content.decode()  # with its history
    assert "System planning" in whole
    assert "Secret draft" not in whole
    other = Client()
    other.force_login(make_contact())
    assert other.get(page).status_code == 404


def test_the_team_computes_it_on_its_page(client, engagement):
    client.force_login(engagement.owner)
    page = f"/admin/engagements/{engagement.number}/"
    form = client.get(f"{page}plan-capacity/").content.decode()
    sent = {**as_delivered(), "currency": "eur", "reason": "Offer", "node_price": "12500"}

    assert "Programme: Premium" in form
    assert client.post(f"{page}plan-capacity/", sent | {"full": "7"}).status_code == 400
    assert client.post(f"{page}plan-capacity/", sent).url == f"{page}planning/"
    golive.fill_in(engagement, SHEET | {"users": 9}, by=engagement.owner, at=NINE)
    shown = client.get(f"{page}planning/").content.decode()

    assert "12,500 EUR" in shown
    assert "says something else by now" in shown
    assert Sizing.objects.get().ours == ["node_price"]


@pytest.mark.parametrize("count", (1, 3))
def test_the_page_asks_the_same_however_many_versions(
    client, engagement, count, django_assert_max_num_queries
):
    for _ in range(count):
        make_sizing(engagement)
    client.force_login(engagement.owner)
    page = f"/admin/engagements/{engagement.number}/planning/"
    client.get(page)

    with django_assert_max_num_queries(13):
        client.get(page)


def test_managers_keep_the_assumptions_in_versions(engagement):
    manager = make_manager()
    with pytest.raises(NotAllowed):
        keep_list(Subject.PLANNING, "node_price = 1", by=engagement.owner, at=NINE)
    with pytest.raises(CatalogueWrong, match="Line 1"):
        keep_list(Subject.PLANNING, "party", by=manager, at=NINE)
    before = sizing.compute(engagement, assumed(), by=engagement.owner, at=NINE)

    keep_list(Subject.PLANNING, "node_price = 8000", by=manager, at=NINE)

    assert prices_now().values["node_price"] == 8000
    assert before.assumptions["node_price"] == "9500"
    with pytest.raises(CatalogueSame):
        keep_list(Subject.PLANNING, "node_price = 8000", by=manager, at=NINE)
    assert CatalogueVersion.objects.get().version == 1
