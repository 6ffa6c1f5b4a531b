"""Feature requests (rule 12): a report, a promised answer, yes or no with a letter, shipped."""

from io import BytesIO
from typing import Any

import pypdf
import pytest
from django.db import connection

from core.errors import NotAllowed
from engagements.actions import features, planning, promises
from engagements.actions.features import Judgement
from engagements.actions.kinds import ask
from engagements.actions.requesting import Wish
from engagements.actions.shipping import ship
from engagements.enums import Kind, Paper, RoadmapState, State
from engagements.errors import (
    ExplanationMissing,
    FeatureUnclear,
    JudgedAlready,
    NotEntitled,
    ReleaseMissing,
    ShippedAlready,
    TitleMissing,
)
from engagements.forms.features import ItemForm
from engagements.models import DocumentVersion, Engagement, FeatureRequest, RoadmapItem
from engagements.reads.features import roadmap, votes_beside
from engagements.tasks import ship_roadmap
from notices.models import Notice
from resources.models import Release
from tests.factories import (
    NINE,
    days,
    make_beta,
    make_build,
    make_contact,
    make_engagement,
    make_feature_request,
    make_licence,
    make_manager,
    make_organisation,
    make_release,
    make_roadmap_item,
    make_subscription,
    make_tam,
)
from tickets.models import Incident

pytestmark = pytest.mark.django_db
TOLD = {"goal": "Share drafts", "today": "By mail", "users": 40, "without": ""}
YES = Judgement(
    is_yes=True,
    explanation="It fits.",
    necessity="Many need it.",
    security="Rights as of folders.",
    redundancy="Nothing like it.",
    release="11.0",
    advice="Use shared folders till then.",
)
NO = Judgement(
    is_yes=False, explanation="Too rare.", necessity="Few.", security="-", redundancy="-"
)


@pytest.fixture
def customer():
    organisation = make_organisation()
    make_tam(organisation)
    make_subscription(make_licence(organisation))
    return organisation


@pytest.fixture
def asked(customer):
    contact = make_contact(customer)
    wish = Wish(kind=Kind.FEATURE, title="Shared drafts")
    return ask(customer, wish, TOLD, contact=contact, by=contact, at=NINE)


@pytest.fixture
def running(asked, customer):
    return planning.take_up(
        asked,
        owner=customer.tam,
        starts_on=NINE.date(),
        golive_on=None,
        by=customer.tam,
        at=NINE,
    )


def test_it_starts_as_a_report_with_an_answer_owed_in_time(asked):
    incident = Incident.objects.get()

    assert asked.incident == incident
    assert incident.service.key == "feature_request"
    assert incident.decision.level.level == "premium"
    assert incident.due_at is not None


def test_without_a_level_that_includes_it_and_without_what_we_need_to_know(customer):
    elsewhere = make_organisation()
    stranger = make_contact(elsewhere)
    contact = make_contact(customer)
    wish = Wish(kind=Kind.FEATURE, title="Shared drafts")

    with pytest.raises(NotEntitled, match="Buy a support level"):
        ask(elsewhere, wish, TOLD, contact=stranger, by=stranger, at=NINE)
    with pytest.raises(FeatureUnclear):
        ask(customer, wish, TOLD | {"goal": " "}, contact=contact, by=contact, at=NINE)
    assert not Engagement.objects.exists()
    assert not Incident.objects.exists()


@pytest.mark.parametrize("judgement", (YES, NO))
def test_the_answer_is_a_letter_that_keeps_the_promise_and_solves_the_report(
    running, customer, judgement
):
    tam = customer.tam
    promises.promise_answer(running, due_at=NINE + days(5), by=tam, at=NINE)

    features.judge(running, judgement, by=tam, at=NINE + days(2))

    running.refresh_from_db()
    assert running.state == State.DONE
    assert running.promises.get(what="answer").kept_at == NINE + days(2)
    assert Incident.objects.get().state == "solved"
    version = DocumentVersion.objects.get(document__paper=Paper.LETTER)
    with version.file.open("rb") as file:
        pages = pypdf.PdfReader(BytesIO(file.read())).pages
    text = "\n".join(page.extract_text() for page in pages)
    for words in (judgement.explanation, judgement.necessity, "Share drafts"):
        assert words in text
    assert ("expect it in 11.0" in text) == judgement.is_yes


def test_what_an_answer_can_not_be_without(running, customer):
    by = {"by": customer.tam, "at": NINE}
    fields: dict[str, Any] = dict(vars(YES))

    with pytest.raises(ExplanationMissing):
        features.judge(running, Judgement(**fields | {"security": " "}), **by)
    with pytest.raises(ReleaseMissing):
        features.judge(running, Judgement(**fields | {"release": ""}), **by)
    with pytest.raises(NotAllowed):
        features.judge(running, YES, by=running.requested_by, at=NINE)
    assert FeatureRequest.objects.get().judged_at is None
    assert not DocumentVersion.objects.exists()
    features.judge(running, YES, **by)
    Engagement.objects.update(state="running", ended_at=None, end_reason="")
    with pytest.raises(JudgedAlready):
        features.judge(running, NO, **by)


def test_votes_are_organisations_and_name_nobody(running, customer):
    item = make_roadmap_item()
    for number in (1, 2):
        other = make_engagement(make_organisation(), kind=Kind.FEATURE)
        make_feature_request(other, item=item)
        if number == 1:
            make_feature_request(make_engagement(other.organisation), item=item)
    gone = make_engagement(state="cancelled", ended_at=NINE)
    make_feature_request(gone, item=item)

    features.liken(running, item=item, by=customer.tam, at=NINE)

    assert votes_beside(FeatureRequest.objects.get(engagement=running)) == 2
    assert [(one.title, vars(one)["votes"]) for one in roadmap()] == [(item.title, 3)]


def test_what_ships_is_told_to_everybody_who_asked_for_it(running, customer):
    item, manager = make_roadmap_item(), make_manager()
    features.liken(running, item=item, by=customer.tam, at=NINE)
    features.judge(running, YES, by=customer.tam, at=NINE)
    waits = make_feature_request(make_engagement(), item=item)
    gone = make_engagement(state="cancelled", ended_at=NINE)
    make_feature_request(gone, item=item)
    saved: dict[str, Any] = {"title": "Shared drafts", "text": "", "by": manager, "at": NINE}

    with pytest.raises(ReleaseMissing):
        features.save_item(item, state=RoadmapState.SHIPPED, release="", **saved)
    with pytest.raises(TitleMissing):
        features.save_item(item, state=RoadmapState.CONSIDERED, release="", **saved | {"title": ""})
    features.save_item(item, state=RoadmapState.SHIPPED, release="11.0", **saved)
    with pytest.raises(ShippedAlready):
        features.save_item(item, state=RoadmapState.CONSIDERED, release="", **saved)

    told = Notice.objects.filter(template="engagement_shipped").order_by("pk")
    assert [(one.to, one.context["subject"], one.context["answered"]) for one in told] == [
        (running.requested_by, running.title, "yes"),
        (waits.engagement.requested_by, waits.engagement.title, ""),
    ]


def test_a_release_that_is_published_ships_what_was_planned_with_it_once(running, customer):
    item, manager = make_roadmap_item(), make_manager()
    release = make_release("11.0", published_at=None)
    features.liken(running, item=item, by=customer.tam, at=NINE)
    said: dict[str, Any] = {"title": item.title, "text": "", "state": RoadmapState.CONSIDERED}
    features.save_item(item, **said, release="", ships_in=release, by=manager, at=NINE)
    item.refresh_from_db()
    assert (item.state, item.release) == (RoadmapState.PLANNED, "11.0")
    assert ship_roadmap() == 0
    Release.objects.filter(pk=release.pk).update(published_at=NINE)

    assert (ship_roadmap(), ship_roadmap(), ship(item.pk, at=NINE)) == (1, 0, 0)

    item.refresh_from_db()
    told = Notice.objects.get(template="engagement_shipped")
    assert item.state == RoadmapState.SHIPPED
    assert (told.to, told.context["release"]) == (running.requested_by, "11.0")


def test_what_is_withdrawn_ships_nothing_and_what_is_out_ships_at_once():
    item, manager = make_roadmap_item(), make_manager()
    withdrawn = make_release("11.1", withdrawn_at=NINE, withdrawn_for="It does not start")
    said: dict[str, Any] = {"text": "", "state": RoadmapState.PLANNED, "release": "", "at": NINE}
    features.save_item(item, title=item.title, ships_in=withdrawn, by=manager, **said)
    assert ship_roadmap() == 0
    out = make_release("11.2")
    made = features.save_item(None, title="Other", ships_in=out, by=manager, **said)

    assert (made.state, made.release, made.shipped_at) == (RoadmapState.SHIPPED, "11.2", NINE)


def test_a_beta_build_ships_nothing_to_who_does_not_take_part(running, customer):
    item, manager = make_roadmap_item(), make_manager()
    built = make_build(make_beta(), "11.3-beta.1")
    said: dict[str, Any] = {"text": "", "state": RoadmapState.PLANNED, "release": "", "at": NINE}
    features.liken(running, item=item, by=customer.tam, at=NINE)

    item = features.save_item(item, title=item.title, ships_in=built, by=manager, **said)

    assert (item.state, ship_roadmap()) == (RoadmapState.PLANNED, 0)
    assert not Notice.objects.filter(template="engagement_shipped").exists()
    field: Any = ItemForm().fields["ships_in"]
    assert built not in field.queryset


def test_the_sweep_reads_its_own_index():
    make_roadmap_item(ships_in=make_release())

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        plan = RoadmapItem.objects.to_ship().explain()

    assert "roadmap_to_ship" in plan


def test_the_pages_and_the_roadmap(client, customer):
    contact = make_contact(customer)
    client.force_login(contact)
    given = {"title": "Shared drafts", "goal": "Share", "today": "By mail", "users": "-1"}
    assert client.post("/engagements/new/feature/", given).status_code == 400
    page = client.get("/engagements/new/feature/")
    assert page.status_code == 200
    client.force_login(customer.tam)
    assert client.get("/admin/roadmap/").status_code == 200
    made = client.post("/admin/roadmap/new/", {"title": "Drafts", "state": "planned"})
    assert made.status_code == 400, "a planned one names its release"
    sent = {"title": "Drafts", "state": "planned", "release": "11.0"}
    assert client.post("/admin/roadmap/new/", sent).status_code == 302
    assert "Drafts" in client.get("/admin/roadmap/").content.decode()
