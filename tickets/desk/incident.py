"""The incident's page: everything that an engineer needs to answer, and what they can do."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Avg,
    CharField,
    DateTimeField,
    Exists,
    OuterRef,
    Prefetch,
    Q,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Cast, Concat
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.http import SignedInRequest
from accounts.models import Person
from core.journal import label
from core.reading import one_or_404
from entitlements.enums import EntryKind
from entitlements.models import IncidentPack, LedgerEntry
from notices.models import Notice
from tickets import policies
from tickets.actions.drafts import DraftOf
from tickets.desk import after
from tickets.desk.offers import FOLDED, Offer, offers_of
from tickets.desk.page_actions import PAGE_ACTIONS, PageAction
from tickets.desk.place import place_of
from tickets.desk.properties import IN_PLACE, properties_of
from tickets.desk.sending import seconds_left
from tickets.desk.tabs import TABS, Context, Tab
from tickets.enums import DraftKind
from tickets.forms.staff import ActionForm, SayingForm
from tickets.models import Draft, Handover, Incident, Participant, Rating, ResponseTarget
from tickets.reads.asides import asides_counted
from tickets.reads.conversation import conversation_of
from tickets.reads.escalation_asked import asked_to_go_up, is_asked, read_requests
from tickets.reads.following import followers_of, is_followed_by
from tickets.reads.live import version_column
from tickets.reads.loop import loop_of_incident
from tickets.reads.promise import promise_by, verdict
from tickets.reads.solutions import offered_causes
from tickets.reads.tags import tags_with
from tickets.reads.tier_clocks import tier_times
from tickets.reads.unread import read_upto
from tickets.reads.worked import worked_with
from tickets.rules.promises.standing import OWED

COUNTED = {"aside": "aside_count"}  # tabs that say how much is there: read with the incident
PRESSED = {"aside": "b", "similar": "l"}  # the keys that open a tab
RATED_WITHIN = timedelta(days=365)  # what the rail's satisfaction is the average of


@dataclass(frozen=True)
class Shown:
    """What the page shows besides itself: the form of an action, a tab, all that was said.

    `seen` is the newest message that stood on the page when what was typed crossed another one.
    """

    form: tuple[str, ActionForm] | None = None
    seen: int | None = None
    tab: Tab | None = None
    read: Context | None = None  # what the tab needs
    whole: bool = False


@require_safe
def incident(request: SignedInRequest, number: str) -> HttpResponse:
    """The page; for htmx the conversation alone, for who comes back from a tab."""
    found = incident_of(request.user, number)
    if request.htmx:  # type: ignore[attr-defined]
        said = conversation_of(found, request.user)
        context = {"incident": found, "conversation": said}
        return render(request, "staff/incident/_conversation.html", context)
    return incident_page(request, found)


def incident_of(person: Person, number: str) -> Incident:
    """The incident with what its page and forms read, or 404."""
    found = Incident.objects.visible_to(person).select_related(
        "organisation__tam",
        "organisation__partner",
        "reporter",
        "owner",
        "worker",
        "service",
        "licence",
        "project",
        "follows",
        "merged_into",
        "defect",
        "rating",
        "decision__level__calendar",
        "decision__pack",
    )
    handovers = Handover.objects.select_related("by", "worker", "checklist").order_by("at", "pk")
    asked = found.annotate(
        is_asked=is_asked(),
        in_copy=_in_copy(),
        has_undelivered=_has_undelivered(),
        packs_left=_packs_left(),
        satisfaction=_satisfaction(timezone.now()),
        read_upto=read_upto(person),
        is_followed=is_followed_by(person),
        follower_names=followers_of(),
        journal_version=version_column(),
        tag_names=tags_with(),
        aside_count=asides_counted(person),
        **worked_with(),
        **offered_causes(),
        asked_at=Value(timezone.now(), DateTimeField()),
    )
    incident = one_or_404(asked.prefetch_related(Prefetch("handovers", handovers)), number=number)
    read_requests(incident)
    return incident


def incident_page(
    request: SignedInRequest, incident: Incident, shown: Shown | None = None, *, status: int = 200
) -> HttpResponse:
    """The page. A refused action's form stands in it as it was sent."""
    person, at, shown = request.user, timezone.now(), shown or Shown()
    read = incident.__dict__["read_upto"]  # annotated; None where the reader never was
    said = conversation_of(incident, person, seen=read, crossed=shown.seen, whole=shown.whole)
    context = {
        **facts_of(incident, person, at, shown=shown, newest=said.newest),
        "conversation": said,
        "place": place_of(request, incident, at=at),
        "seen": shown.seen,
        "tab": shown.tab,
        "tabs": tabs_of(incident),
        "max_bytes": settings.ATTACHMENT_MAX_BYTES,
        "after_answer": after.choices(request),
        "in_copy": getattr(incident, "in_copy", []),
        "section": "Queue",
        **(shown.read or {}),
    }
    return render(request, "staff/incident.html", context, status=status)


def facts_of(
    incident: Incident, person: Person, at: datetime, *, shown: Shown, newest: int
) -> Context:
    """Head, notices, rail and composer: what an action may change."""
    allowed = allowed_of(incident, person)
    refused = shown.form[0] if shown.form else ""
    forms = _forms(incident, person, newest, allowed - FOLDED)
    if shown.form is not None:
        if refused not in FOLDED:
            forms[refused] = shown.form[1]
        allowed |= {refused}  # what was refused is shown again, whatever became true meanwhile
    offers = {one.name: one for one in offers_of(incident, allowed, shown=shown.form)}
    return {
        "incident": incident,
        "forms": {name.replace("-", "_"): form for name, form in forms.items()},
        "offered": allowed,
        "offers": list(offers.values()),
        "more": [one for name, one in offers.items() if name not in IN_PLACE and name != "close"],
        "sheet": _sheet(offers, refused),
        "properties": properties_of(incident, offers),
        "sending": _sending(incident, at),
        "refused": refused,
        "works_above": policies.works_above(person),
        "now": at,
        "asked_to_go_up": asked_to_go_up(incident),
        "times": tier_times(incident, incident.handovers.all(), at=at),
        "undelivered": _undelivered(incident),
        "loop": loop_of_incident(incident, person, at),
        **_promised(incident, at),
    }


def tabs_of(incident: Incident) -> list[dict[str, Any]]:
    """The strip above the conversation: why then, why me stands beside what is in `TABS`."""
    named = [(tab.name, tab.label) for tab in TABS.values()]
    named.insert(2, ("proof", "Why then, why me"))
    return [
        {
            "name": name,
            "label": words,
            "url": reverse(f"admin:incident_{name}", args=[incident.number]),
            "count": incident.__dict__.get(COUNTED.get(name, "")),
            "press": PRESSED.get(name, ""),
        }
        for name, words in named
    ]


def fresh_form(page_action: PageAction, incident: Incident, person: Person) -> ActionForm | None:
    """The action's form where it is offered to this person now."""
    if not page_action.fits(incident, person) or not page_action.may(person, incident):
        return None
    return page_action.form(incident=incident, person=person, name=page_action.name)


def allowed_of(incident: Incident, person: Person) -> set[str]:
    """The names of the actions that are offered to this person now."""
    asked: dict[object, bool] = {}
    names = set()
    for page_action in PAGE_ACTIONS.values():
        if not page_action.fits(incident, person):
            continue
        if page_action.may not in asked:  # several actions ask the same, and each asking is a query
            asked[page_action.may] = page_action.may(person, incident)
        if asked[page_action.may]:
            names.add(page_action.name)
    return names


def _forms(
    incident: Incident, person: Person, newest: int, names: Collection[str]
) -> dict[str, ActionForm]:
    """Fresh forms of the actions whose forms stand on the page itself."""
    forms = {
        name: page_action.form(incident=incident, person=person, name=name)
        for name, page_action in PAGE_ACTIONS.items()
        if name in names
    }
    if "answer" in forms:
        forms["answer"].fields["seen"].initial = newest
    take_up_drafts(forms.values(), incident, person)
    return forms


def _sending(incident: Incident, at: datetime) -> dict[str, Any] | None:
    """Their own answer that can still be taken back; `take_up_drafts` found it."""
    held = incident.__dict__.get("held_answer")
    return {"draft": held, "left": seconds_left(held, at)} if held else None


def _sheet(offers: dict[str, Offer], refused: str) -> Offer | None:
    """The form that stands open over the composer; one of the rail stands open there."""
    return offers.get(refused) if refused not in IN_PLACE else None


def take_up_drafts(forms: Iterable[ActionForm], incident: Incident, person: Person) -> None:
    """What this person began to write stands in its form again, in two queries."""
    saying = [form for form in forms if isinstance(form, SayingForm)]
    if not saying:
        return
    rows = Draft.objects.visible_to(person).filter(incident=incident).prefetch_related("files")
    found = {draft.kind: draft for draft in rows}
    incident.__dict__["held_answer"] = found.get(DraftKind.SENDING)
    for form in saying:
        kind = DraftKind(form.name)
        url = reverse("admin:incident_draft", args=[incident.number, kind])
        form.take_up(DraftOf(person, kind, incident), url, found.get(kind))


def _in_copy() -> ArraySubquery:
    """The names of the customer's colleagues who get each answer, too."""
    told = Participant.objects.told().filter(incident=OuterRef("pk")).order_by("pk")
    return ArraySubquery(told.values("person__name"))


def _promised(incident: Incident, at: datetime) -> dict[str, Any]:
    """Targets with their verdicts, the level's words, whether the Gold incident was given back."""
    found = ResponseTarget.objects.filter(incident=incident).order_by("-cycle")
    targets = list(found.select_related("level__calendar", "calendar", "met_by"))
    cycles = [(target, verdict(target, at)) for target in targets]
    moved = LedgerEntry.objects.filter(incident=incident).order_by("-at", "-pk")
    return {
        "cycles": cycles,
        "current": next((pair for pair in cycles if pair[1] in OWED), None),
        "promise": promise_by(incident, targets[0] if targets else None, at=at),
        "refunded": incident.decision.pack_id is not None
        and moved.values_list("kind", flat=True).first() == EntryKind.REFUND,
    }


_FAILED = Q(bounced_at__isnull=False) | (Q(sent_at=None) & ~Q(last_error=""))


def _undelivered(incident: Incident) -> list[Notice]:
    """The notices about it that did not reach their person; most incidents have none."""
    if not incident.__dict__.get("has_undelivered", True):
        return []
    about = Notice.objects.filter(_FAILED, subject=label(incident))
    return list(about.select_related("to", "told_in").order_by("-made_at", "-pk"))


def _has_undelivered() -> Exists:
    about = Concat(Value(f"{Incident._meta.label_lower}:"), Cast(OuterRef("pk"), CharField()))
    return Exists(Notice.objects.filter(_FAILED, subject=about))


def _packs_left() -> Subquery:
    """Gold incidents that are left on the incident's licence; None without a pack."""
    packs = IncidentPack.objects.filter(licence=OuterRef("licence")).order_by().values("licence")
    return Subquery(packs.annotate(left=Sum("available")).values("left"))


def _satisfaction(at: datetime) -> Subquery:
    """What the organisation's people gave in the last year, from 1 to 5; None without a rating."""
    rated = Rating.objects.filter(
        organisation=OuterRef("organisation"), given_at__gte=at - RATED_WITHIN
    )
    return Subquery(rated.values("organisation").annotate(mean=Avg("score")).values("mean"))
