"""The incident's page: everything that an engineer needs to answer, and what they can do."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Prefetch, Sum
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.enums import CUSTOMER_ROLES
from accounts.http import SignedInRequest
from accounts.models import Person
from core.journal import entries_of, label
from core.reading import one_or_404
from entitlements.enums import EntryKind
from entitlements.models import IncidentPack, LedgerEntry
from entitlements.reads.availability import ways_of
from notices.models import Notice
from tickets import policies
from tickets.desk.offers import FOLDED, offers_of
from tickets.desk.page_actions import PAGE_ACTIONS, PageAction
from tickets.forms.staff import ActionForm
from tickets.models import Handover, Incident, Message, ResponseTarget
from tickets.reads.escalation_asked import asked_to_go_up, is_asked, read_requests
from tickets.reads.promise import explained, promise_by, verdict
from tickets.reads.tier_clocks import tier_times
from tickets.reads.timeline import events_of, notifications_of
from tickets.reads.why_me import why_me
from tickets.rules.promises.standing import OWED

OTHERS = 8  # other open incidents of the organisation that the page names


@require_safe
def incident(request: SignedInRequest, number: str) -> HttpResponse:
    return incident_page(request, incident_of(request.user, number))


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
        "defect",
        "rating",
        "decision__level__calendar",
        "decision__pack",
    )
    handovers = Handover.objects.select_related("by", "worker", "checklist").order_by("at", "pk")
    asked = found.annotate(is_asked=is_asked())
    incident = one_or_404(asked.prefetch_related(Prefetch("handovers", handovers)), number=number)
    read_requests(incident)
    return incident


def incident_page(
    request: SignedInRequest,
    incident: Incident,
    *,
    shown: tuple[str, ActionForm] | None = None,
    status: int = 200,
    seen: int | None = None,
) -> HttpResponse:
    """The page. `shown` is the form of an action that was refused, with what was typed in it.

    `seen` is the newest message that its author had on their screen: later ones are marked.
    """
    person, at = request.user, timezone.now()
    said = list(Message.objects.visible_to(person).filter(incident=incident).for_conversation())
    newest = max((one.pk for one in said if one.author_id), default=0)
    allowed = _allowed(incident, person)
    forms = _forms(incident, person, newest, allowed - FOLDED)
    if shown is not None and shown[0] not in FOLDED:
        forms[shown[0]] = shown[1]
    if shown is not None:
        allowed |= {shown[0]}  # what was refused is shown again, whatever became true meanwhile
    context = {
        "incident": incident,
        "said": said,
        "seen": seen,
        "forms": {name.replace("-", "_"): form for name, form in forms.items()},
        "offered": allowed,
        "offers": list(offers_of(incident, allowed, shown=shown)),
        "refused": shown[0] if shown else "",
        "now": at,
        "max_bytes": settings.ATTACHMENT_MAX_BYTES,
        "works_above": policies.works_above(person),
        "section": "Queue",
        "asked_to_go_up": asked_to_go_up(incident),
        "times": tier_times(incident, incident.handovers.all(), at=at),
        **_promised(incident, at),
        **_history(incident, person),
    }
    return render(request, "staff/incident.html", context, status=status)


@require_safe
def incident_customer(request: SignedInRequest, number: str) -> HttpResponse:
    """What the page shows of the customer when somebody looks: the part for htmx, else a page."""
    found = Incident.objects.visible_to(request.user).select_related("organisation")
    incident = one_or_404(found, number=number)
    is_part = request.htmx  # type: ignore[attr-defined]
    template = "staff/_incident_customer.html" if is_part else "staff/incident_customer.html"
    context = {"incident": incident, "section": "Queue", **_customer(incident, request.user)}
    return render(request, template, context)


def newest_said(incident: Incident) -> int:
    """The newest message of a person on the incident; 0 without one."""
    by_people = Message.objects.filter(incident=incident, author__isnull=False)
    return by_people.order_by("-pk").values_list("pk", flat=True).first() or 0


def fresh_form(page_action: PageAction, incident: Incident, person: Person) -> ActionForm | None:
    """The action's form where it is offered to this person now."""
    if not page_action.fits(incident, person) or not page_action.may(person, incident):
        return None
    return page_action.form(incident=incident, person=person, name=page_action.name)


def _allowed(incident: Incident, person: Person) -> set[str]:
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
    return forms


def _promised(incident: Incident, at: datetime) -> dict[str, Any]:
    """Targets with their verdicts, the level's words, what is left of the packs."""
    found = ResponseTarget.objects.filter(incident=incident).order_by("-cycle")
    targets = list(found.select_related("level__calendar", "calendar", "met_by"))
    cycles = [(target, verdict(target, at)) for target in targets]
    spent = LedgerEntry.objects.filter(incident=incident, kind=EntryKind.REFUND)
    ends_at = incident.decision.covered_until_at
    promise = promise_by(incident, targets[0] if targets else None, at=at)
    return {
        "cycles": cycles,
        "current": next((pair for pair in cycles if pair[1] in OWED), None),
        "promise": promise,
        "explained": explained(incident, promise, reader=timezone.get_current_timezone()),
        "covered_until": ends_at and ends_at - timedelta(microseconds=1),  # in its last day
        "refunded": incident.decision.pack_id is not None and spent.exists(),
    }


def _customer(incident: Incident, person: Person) -> dict[str, Any]:
    """The organisation's people, and what else it waits for."""
    contacts = Person.objects.visible_to(person).active()
    others = Incident.objects.visible_to(person).unfinished().exclude(pk=incident.pk)
    of_theirs = others.filter(organisation=incident.organisation_id)
    packs = IncidentPack.objects.filter(licence=incident.licence_id)
    return {
        "ways": ways_of(incident.organisation, at=timezone.now()),
        "packs_left": packs.aggregate(left=Sum("available"))["left"],
        "contacts": contacts.filter(
            organisation=incident.organisation_id, role__in=CUSTOMER_ROLES
        ).order_by("name")[:20],
        "participants": list(incident.participants.told().select_related("person")),
        "others": list(of_theirs.for_queue().due_first()[:OTHERS]),
    }


def _history(incident: Incident, person: Person) -> dict[str, Any]:
    entries = list(entries_of(incident))
    about = Notice.objects.filter(subject=label(incident)).select_related("to", "told_in")
    notices = list(about.order_by("-made_at", "-pk"))
    return {
        "events": events_of(entries),
        "notifications": notifications_of(notices),
        "why_me": why_me(incident, person),
        "undelivered": [
            one for one in notices if one.bounced_at or (one.last_error and not one.sent_at)
        ],
        "journal": entries if policies.may_see_journal(person) else None,
    }
