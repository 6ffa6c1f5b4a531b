"""The engineer's queue: what is owed, soonest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.html import format_html_join
from django.views.decorators.http import require_safe

from accounts.enums import ENGINEER_ROLES
from accounts.http import SignedInRequest
from accounts.models import Person
from core.counting import Counted, count_up_to
from core.paging import slice_of
from rota.policies import has_duty
from rota.reads.duty import duty_of
from tickets import policies
from tickets.enums import FINISHED, UNFINISHED, State
from tickets.forms.staff import OrganisationField, QueueForm
from tickets.models import Incident, InternalTarget
from tickets.querysets import IncidentQuerySet, past_due
from tickets.reads.countdown import Owed, owed_on
from tickets.reads.tier_clocks import running_targets
from tickets.rules.promises.countdown import Countdown
from tickets.rules.promises.standing import standing

SOON = 0.75  # of the target: from its first warning on (X3)
COUNTED = 500  # incidents of a view; of more than that nobody needs the number


@dataclass(frozen=True)
class Tab:
    """One view of the queue. `count` is None for what grows without end."""

    key: str
    label: str
    condition: Q
    count: Counted | None = None


@dataclass(frozen=True)
class Row:
    """An incident of the queue, and how its due cell looks."""

    incident: Incident
    due_state: str
    soon: bool
    internal: InternalTarget | None = None
    count: Countdown | None = None

    @property
    def why_uncovered(self) -> str:
        """In one line; of several reasons the one that stands in the way of the best level."""
        considered = self.incident.decision.considered
        return str(considered[0]["sentence"]) if considered else "No licence was named."


@require_safe
def queue(request: SignedInRequest) -> HttpResponse:
    """Incidents in the order of their due moments; `?view=`, `?q=` and the filters narrow them.

    Without a join or a look-up a row, and without counting what is finished. A request of htmx
    gets the table alone.
    """
    at, is_part = timezone.now(), request.htmx  # type: ignore[attr-defined]
    form = QueueForm(request.user, request.GET)
    found = Incident.objects.visible_to(request.user).filter(form.conditions())
    views = tabs(request.user, at)
    chosen = next((tab for tab in views if tab.key == request.GET.get("view")), views[0])
    wanted = found.filter(chosen.condition)
    if chosen.key == "not_covered":  # whose rows say why, and who decides
        rows = wanted.select_related("organisation__tam", "decision__level")
        ordered = rows.order_by("received_at", "pk")
    else:
        rows = wanted.for_queue()
        ordered = rows.newest_first() if chosen.key == "finished" else rows.due_first()
    page = slice_of(ordered, request.GET.get("page"))
    internal, owed = running_targets(page.rows), owed_on(page.rows, at=at)
    context = {
        "page": page,
        "rows": [
            Row(
                one,
                _due_state(one, at),
                promised is not None and _is_soon(promised),
                internal.get(one.pk),
                promised.count if promised else None,
            )
            for one, promised in ((one, owed.get(one.pk)) for one in page.rows)
        ],
        "chosen": chosen,
        "tabs": counted(views, found),
        "form": form,
        "narrowed": any(request.GET.get(name) for name in form.fields),
        "now": at,
        "duty": None if is_part or not has_duty(request.user) else duty_of(request.user, at=at),
        "section": "Queue",
    }
    template = "staff/_queue_table.html" if is_part else "staff/queue.html"
    return render(request, template, context)


@require_safe
def organisation_names(request: SignedInRequest) -> HttpResponse:
    """The names that fit what is typed into the queue's form, as options; for htmx."""
    words = request.GET.get("organisation", "").replace("\0", "").strip()[:200]
    names = [one.name for one in OrganisationField.offered(request.user, words)]
    options = format_html_join("", '<option value="{}"></option>', ((name,) for name in names))
    return HttpResponse(options)


def tabs(person: Person, at: datetime) -> list[Tab]:
    """The views of the queue that mean something to this person."""
    unfinished = Q(state__in=UNFINISHED)
    mine, level = [], []
    if person.role in ENGINEER_ROLES:
        mine = [Tab("mine", "Mine", unfinished & (Q(owner=person) | Q(worker=person)))]
        tier = policies.tier_of(person)
        assert tier is not None, "every engineer works at a tier"
        level = [Tab("level", f"At {tier.label}", unfinished & Q(tier=tier))]
    return [
        Tab("open", "All open", unfinished),
        *mine,
        *level,
        Tab("unassigned", "Unassigned", unfinished & Q(owner=None)),
        Tab("breached", "Breached", unfinished & past_due(at)),
        Tab("waiting", "Waiting", Q(state=State.WAITING)),
        Tab("not_covered", "Not covered", unfinished & Q(decision__level=None)),
        Tab("finished", "Finished", Q(state__in=FINISHED)),
    ]


def counted(views: list[Tab], found: IncidentQuerySet) -> list[Tab]:
    """The views with their numbers, in one statement that reads no more than it shows."""
    numbers = count_up_to(
        COUNTED, {tab.key: found.filter(tab.condition) for tab in views if tab.key != "finished"}
    )
    return [Tab(tab.key, tab.label, tab.condition, numbers.get(tab.key)) for tab in views]


def _due_state(incident: Incident, at: datetime) -> str:
    """For the due cell; "" where no answer is owed."""
    if incident.due_at is None:
        return ""
    return standing(incident.due_at, at=at).state


def _is_soon(owed: Owed) -> bool:
    """Whether the last quarter of the open target's working time has begun, for colour."""
    return owed.count.left <= (1 - SOON) * owed.target
