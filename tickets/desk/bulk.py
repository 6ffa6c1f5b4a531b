"""Triage of many incidents at once: what to do, what would come of it, and doing it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from accounts.http import SignedInRequest
from accounts.models import Person
from tickets.actions import conversation, defects, lifecycle
from tickets.actions.bulk import MOST, Choice, Outcome, carry_out, rehearse
from tickets.actions.dispatch import ownership
from tickets.actions.putting_right import RightFacts, put_right
from tickets.actions.seen import mark_all_seen
from tickets.actions.tags import add_tag
from tickets.desk.listing import ask
from tickets.enums import State, TextFormat
from tickets.errors import NothingChosen
from tickets.forms import bulk as forms
from tickets.forms.ending import asks_for_solution
from tickets.models import Incident
from tickets.reads.queue import STAMPED, stamp_of

Asked = dict[str, Any]
Do = Callable[[Incident, Person, datetime, Asked], object]


@dataclass(frozen=True)
class BulkAction:
    """`title` is its button, `done` what is said of those that it was done to."""

    name: str
    title: str
    done: str
    form: type[forms.BulkForm]
    do: Do
    hint: str = ""


def _assign(incident: Incident, by: Person, at: datetime, asked: Asked) -> object:
    return ownership.assign(incident, by=by, at=at, **asked)


def _prioritise(incident: Incident, by: Person, at: datetime, asked: Asked) -> object:
    return ownership.set_priority(incident, by=by, at=at, **asked)


def _tag(incident: Incident, by: Person, at: datetime, asked: Asked) -> object:
    return [add_tag(incident, name=one, by=by, at=at) for one in asked["tags"].split()]


def _link(incident: Incident, by: Person, at: datetime, asked: Asked) -> object:
    return defects.link_defect(incident, by=by, at=at, **asked)


def _wait(incident: Incident, by: Person, at: datetime, asked: Asked) -> object:
    return lifecycle.wait_for_customer(incident, by=by, at=at)


def _solve(incident: Incident, by: Person, at: datetime, asked: Asked) -> object:
    return conversation.answer(
        incident, author=by, at=at, then=State.SOLVED, format=TextFormat.MARKDOWN, **asked
    )


def _close(incident: Incident, by: Person, at: datetime, asked: Asked) -> object:
    """What was solved has its solution already."""
    said = asked if asks_for_solution(incident) else {}
    return lifecycle.close(incident, by=by, at=at, **said)


def _serve(incident: Incident, by: Person, at: datetime, asked: Asked) -> object:
    """Of the service that it is about: decided again as of the report (G3)."""
    right = RightFacts(
        licence=incident.licence,
        service=asked["service"],
        project=incident.project,
        reporter=incident.reporter,
    )
    return put_right(incident, right, by=by, at=at, reason=asked["reason"])


def _read(incident: Incident, by: Person, at: datetime, asked: Asked) -> object:
    return mark_all_seen([incident], by=by, at=at)


BULK = {
    one.name: one
    for one in (
        BulkAction("assign", "Assign", "given away", forms.BulkAssignForm, _assign),
        BulkAction(
            "priority",
            "Priority",
            "changed in priority",
            forms.BulkPriorityForm,
            _prioritise,
            "The promises to the customers stay as they are.",
        ),
        BulkAction(
            "service",
            "Service",
            "put right",
            forms.BulkServiceForm,
            _serve,
            "Each is decided again as of its report; what is late already stays late.",
        ),
        BulkAction("tag", "Tag", "tagged", forms.BulkTagForm, _tag),
        BulkAction("defect", "Known defect", "linked", forms.BulkDefectForm, _link),
        BulkAction(
            "wait",
            "Waiting",
            "set to waiting for the customer",
            forms.BulkForm,
            _wait,
            "The customer must act. Where an answer is still owed it is refused: answer first.",
        ),
        BulkAction(
            "solve",
            "Answer and solve",
            "answered and solved",
            forms.BulkSolveForm,
            _solve,
            "Each gets your text as an answer of its own, by mail. Say what solves it: that we"
            " have received a report is no answer.",
        ),
        BulkAction(
            "close",
            "Close",
            "closed",
            forms.BulkCloseForm,
            _close,
            "Without a word to the customer. Where an answer is still owed it is refused. What was"
            " solved before keeps its own solution.",
        ),
        BulkAction("read", "Mark as read", "marked as read", forms.BulkForm, _read),
    )
}


@require_POST
def bulk(request: SignedInRequest) -> HttpResponse:
    """Three steps of one form: what to do (`step` empty), what would come of it (`review`), `do`.

    A review writes nothing. What is refused is said of each, before and after.
    """
    action, at = BULK.get(request.POST.get("do", "")), timezone.now()
    if action is None:
        raise Http404
    choices, matching = _choices(request, at)
    if not choices:
        raise NothingChosen()
    is_filled = bool(request.POST.get("step")) or not action.form.base_fields
    form = action.form(request.POST if is_filled else None, person=request.user)

    def act(keep: bool) -> list[Outcome]:
        asked = dict(form.cleaned_data)
        do = carry_out if keep else rehearse
        return do(choices, lambda one: action.do(one, request.user, at, asked), by=request.user)

    steps = Steps(
        action.title, action.done, action.hint, reverse("admin:queue_bulk"), name=action.name
    )
    return in_steps(request, steps, form, choices, act, matching=matching, back=_back(request))


@dataclass(frozen=True)
class Steps:
    """How something done to many is called; `url` takes its three steps, `parent` leads back."""

    title: str
    done: str
    hint: str
    url: str
    section: str = "Queue"
    parent: str = "Queue"
    name: str = ""


def in_steps(
    request: SignedInRequest,
    steps: Steps,
    form: forms.BulkForm,
    choices: Sequence[Choice],
    act: Callable[[bool], list[Outcome]],
    *,
    matching: int,
    back: str,
    preview: Callable[[], str] = str,
) -> HttpResponse:
    """The form, what would come of it, what came of it. `act(keep)` does it, or rehearses it;
    `preview` is the HTML of what the first of them reads.
    """
    step = request.POST.get("step", "")
    context = {
        "action": steps,
        "form": form,
        "choices": choices,
        "matching": matching,
        "most": MOST,
        "back": back,
        "section": steps.section,
    }
    if not form.is_valid():
        context["incidents"] = _chosen(choices, request.user)
        return render(request, "staff/bulk.html", context, status=400 if step else 200)
    if step != "do":
        outcomes = act(False)
        shown = {"said": form.said(), "preview": preview()}
        return render(request, "staff/bulk.html", context | _told(outcomes) | shown)
    outcomes = act(True)
    done = sum(one.is_done for one in outcomes)
    if done:
        messages.success(request, f"{done} {'was' if done == 1 else 'were'} {steps.done}.")
    if done == len(outcomes):
        return redirect(back)
    return render(request, "staff/bulk.html", context | _told(outcomes) | {"is_done": True})


def _told(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """How many would be done and refused, and how many mails go to customers and colleagues."""
    notified = [person for one in outcomes for person in one.notified]
    customers = sum(one.is_customer for one in notified)
    return {
        "outcomes": outcomes,
        "done": sum(one.is_done for one in outcomes),
        "refused": sum(not one.is_done for one in outcomes),
        "to_customers": customers,
        "to_staff": len(notified) - customers,
    }


def _choices(request: SignedInRequest, at: datetime) -> tuple[list[Choice], int]:
    """The rows that were picked, or the first of all that match; and how many match, if asked.

    What is no pick is left out: it never came from our page.
    """
    if request.POST.get("matching") and not request.POST.get("step"):
        asked = ask(request.POST, request.user, at)
        rows = asked.ordered.values("pk", *STAMPED)[:MOST]
        found = [Choice(one["pk"], stamp_of(one)) for one in rows]
        return found, asked.wanted.count() if len(found) == MOST else len(found)
    return picked(request), 0


def picked(request: SignedInRequest) -> list[Choice]:
    """The rows that were picked, each as it stood then."""
    found = []
    for one in request.POST.getlist("pick"):
        pk, _, stamp = one.partition(".")
        if pk.isascii() and pk.isdigit() and len(pk) < 19:
            found.append(Choice(int(pk), stamp[:16]))
    return found


def _chosen(choices: Sequence[Choice], person: Person) -> list[Incident]:
    found = Incident.objects.visible_to(person).filter(pk__in=[one.pk for one in choices])
    return list(found.select_related("organisation").order_by("pk"))


def _back(request: SignedInRequest) -> str:
    """The list that one came from; never another site."""
    asked = request.POST.get("back", "")
    ours = url_has_allowed_host_and_scheme(asked, None) and asked.startswith(reverse("admin:queue"))
    return asked if ours else reverse("admin:queue")
