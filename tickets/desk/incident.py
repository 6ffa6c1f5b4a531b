"""The incident's page: everything that an engineer needs to answer, and what they can do."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Prefetch, Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.enums import CUSTOMER_ROLES
from accounts.http import SignedInRequest
from accounts.models import Person
from core.journal import entries_of, label
from entitlements.enums import EntryKind
from entitlements.models import IncidentPack, LedgerEntry
from entitlements.reads.availability import ways_of
from notices.models import Notice
from tickets import policies
from tickets.desk.page_actions import PAGE_ACTIONS
from tickets.forms.staff import ActionForm
from tickets.models import Handover, Incident, Message, ResponseTarget
from tickets.reads.escalation_asked import asked_to_go_up, with_requests
from tickets.reads.promise import explained, promise_of, verdict
from tickets.reads.tier_clocks import tier_times
from tickets.reads.timeline import events_of, notifications_of
from tickets.reads.why_me import why_me

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
        "service",
        "licence",
        "project",
        "follows",
        "defect",
        "rating",
        "decision__level__calendar",
        "decision__pack",
    )
    handovers = Handover.objects.select_related("by", "checklist").order_by("at", "pk")
    return get_object_or_404(
        found.prefetch_related(Prefetch("handovers", handovers), with_requests()), number=number
    )


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
    forms = _forms(incident, person, newest)
    if shown is not None:
        forms[shown[0]] = shown[1]
    context = {
        "incident": incident,
        "said": said,
        "seen": seen,
        "forms": {name.replace("-", "_"): form for name, form in forms.items()},
        "refused": shown[0] if shown else "",
        "now": at,
        "max_bytes": settings.ATTACHMENT_MAX_BYTES,
        "section": "Queue",
        "asked_to_go_up": asked_to_go_up(incident),
        "times": tier_times(incident, incident.handovers.all(), at=at),
        **_promised(incident, at),
        **_customer(incident, person),
        **_history(incident, person),
    }
    return render(request, "staff/incident.html", context, status=status)


def newest_said(incident: Incident) -> int:
    """The newest message of a person on the incident; 0 without one."""
    by_people = Message.objects.filter(incident=incident, author__isnull=False)
    return by_people.order_by("-pk").values_list("pk", flat=True).first() or 0


def _forms(incident: Incident, person: Person, newest: int) -> dict[str, ActionForm]:
    """A fresh form of every action that is offered to this person now."""
    allowed: dict[object, bool] = {}
    forms = {}
    for page_action in PAGE_ACTIONS.values():
        if not page_action.fits(incident, person):
            continue
        if (
            page_action.may not in allowed
        ):  # several actions ask the same, and each asking is a query
            allowed[page_action.may] = page_action.may(person, incident)
        if allowed[page_action.may]:
            forms[page_action.name] = page_action.form(
                incident=incident, person=person, name=page_action.name
            )
    if "answer" in forms:
        forms["answer"].fields["seen"].initial = newest
    return forms


def _promised(incident: Incident, at: datetime) -> dict[str, Any]:
    """Targets with their verdicts, the level's words, what is left of the packs."""
    targets = ResponseTarget.objects.filter(incident=incident).select_related("level", "met_by")
    cycles = [(target, verdict(target, at)) for target in targets.order_by("-cycle")]
    spent = LedgerEntry.objects.filter(incident=incident, kind=EntryKind.REFUND)
    packs = IncidentPack.objects.filter(licence=incident.licence_id)
    ends_at = incident.decision.covered_until_at
    promise = promise_of(incident, at=at)
    return {
        "cycles": cycles,
        "current": next((pair for pair in cycles if pair[1] in ("open", "breached")), None),
        "promise": promise,
        "explained": explained(incident, promise, reader=timezone.get_current_timezone()),
        "covered_until": ends_at and ends_at - timedelta(microseconds=1),  # in its last day
        "packs_left": packs.aggregate(left=Sum("available"))["left"],
        "ways": ways_of(incident.organisation, at=at),
        "refunded": incident.decision.pack_id is not None and spent.exists(),
    }


def _customer(incident: Incident, person: Person) -> dict[str, Any]:
    """The organisation's people, and what else it waits for."""
    contacts = Person.objects.visible_to(person).active()
    others = Incident.objects.visible_to(person).unfinished().exclude(pk=incident.pk)
    of_theirs = others.filter(organisation=incident.organisation_id)
    return {
        "contacts": contacts.filter(
            organisation=incident.organisation_id, role__in=CUSTOMER_ROLES
        ).order_by("name")[:20],
        "participants": list(incident.participants.told().select_related("person")),
        "others": list(of_theirs.for_list().due_first()[:OTHERS]),
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
