"""What happened since a page was loaded, and which of it an action on that page must not overlook.

One mechanism for all: each form carries what its page knew, the newest message for an answer, the
journal's last entry for everything else. The caller holds the incident, so nobody is quicker still.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from accounts.models import Person
from core import moments
from core.journal import label
from core.models import JournalEntry
from tickets.errors import AnsweredMeanwhile, ChangedMeanwhile
from tickets.forms.staff import ActionForm, AnswerForm
from tickets.models import Incident, Message
from tickets.reads.timeline import events_of

NAMED = 3  # changes that a refusal names, the last ones
_SAID = {"incident.answered", "incident.customer_wrote"}
_STATE = {"incident.state", "incident.reopened", "incident.merged", "incident.merge_undone"}
_OWNER = {"incident.assigned", "incident.dispatched", "incident.released", "incident.owner_left"}
_OWNER |= {"incident.accepted", "incident.worker"}
_TIER = {"incident.escalated", "incident.given_back"}
_DECIDED = {"incident.goodwill", "incident.goodwill_declined", "incident.converted"}

# By action, the entries of others that make it stale. What is not here overlooks nothing: a note,
# for one, is right whatever happened.
HEEDS: dict[str, frozenset[str]] = {
    "take": frozenset(_OWNER | _STATE | _TIER),
    "accept": frozenset(_OWNER | _STATE),
    "assign": frozenset(_OWNER | _STATE | _TIER),
    "release": frozenset(_OWNER | _STATE),
    "outside": frozenset(_SAID | _STATE | _OWNER | _TIER),
    "state": frozenset(_SAID | _STATE | _OWNER | _TIER),
    "close": frozenset(_SAID | _STATE | _OWNER | _TIER),
    "reopen": frozenset(_STATE | _SAID),
    "priority": frozenset({"incident.priority"} | _STATE),
    "escalate": frozenset(_TIER | _STATE | _SAID),
    "give-back": frozenset(_TIER | _STATE | _SAID),
    "decline-escalation": frozenset(_TIER | {"incident.escalation_declined"}),
    "defect": frozenset({"incident.defect_linked", "incident.defect_unlinked"}),
    "no-defect": frozenset({"incident.defect_linked", "incident.defect_unlinked"}),
    "goodwill": frozenset(_DECIDED | _STATE),
    "decline": frozenset(_DECIDED | _STATE),
    "merge": frozenset(_STATE | _SAID),
    "undo-merge": frozenset(_STATE | _SAID),
    "split": frozenset(_STATE | {"incident.split"}),
    "put-right": frozenset(_STATE | {"incident.put_right", "incident.corrected"}),
}


def refuse_stale(name: str, form: ActionForm, incident: Incident, person: Person) -> None:
    """Raise `ChangedMeanwhile` where the form's page did not know what the action has to know."""
    if isinstance(form, AnswerForm):
        if newest_said(incident) > (form.cleaned_data["seen"] or 0):
            raise AnsweredMeanwhile()
        return
    version, heeded = form.cleaned_data.get("version"), HEEDS.get(name)
    if version is None or heeded is None:
        return
    since = JournalEntry.objects.filter(subject=label(incident), pk__gt=version, kind__in=heeded)
    entries = list(since.exclude(by=person).select_related("by").order_by("-pk")[:NAMED])
    if entries:
        raise ChangedMeanwhile(what="; ".join(_told(reversed(entries))))


def newest_said(incident: Incident) -> int:
    """The newest message of a person on the incident; 0 without one."""
    by_people = Message.objects.said_on(incident).filter(author__isnull=False)
    return by_people.order_by("-pk").values_list("pk", flat=True).first() or 0


def _told(entries: Iterable[JournalEntry]) -> list[str]:
    return [
        f"{one.text.rstrip('.')} ({', '.join(filter(None, (one.actor, _clock(one.at))))})"
        for one in events_of(entries)
    ]


def _clock(at: datetime) -> str:
    return f"{moments.local(at):%H:%M}"
