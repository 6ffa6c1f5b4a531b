"""The team's pages of engagements: the list, one, what can be done on it, the calendar."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import SignedInRequest
from accounts.models import Organisation, Person
from core.errors import NotAllowed
from core.form_pages import submitted
from core.paging import slice_of
from core.text import clean
from engagements import policies
from engagements.actions.kinds import ask
from engagements.actions.requesting import Wish
from engagements.enums import Kind
from engagements.forms.acting import answer
from engagements.forms.kinds import DESK_ACTIONS, REQUESTABLE
from engagements.forms.listing import ListForm, new_form
from engagements.models import Engagement
from engagements.reads.calendar import calendar_of, ics_of
from engagements.reads.kinds import panel_of
from engagements.reads.list import rows_of
from engagements.reads.page import page_of

SECTION = "Engagements"


@require_safe
def engagements(request: SignedInRequest) -> HttpResponse:
    """What the person sees, the newest first; open ones unless asked otherwise."""
    _check(request.user)
    form = ListForm(request.GET or None)
    found = form.narrowed(Engagement.objects.visible_to(request.user).for_list(), request.user)
    page = slice_of(found.order_by("-requested_at", "-pk"), request.GET.get("page"))
    context = {
        "rows": rows_of(page.rows, at=timezone.now()),
        "page": page,
        "form": form,
        "section": SECTION,
    }
    return render(request, "engagements/desk_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def engagement_new(request: SignedInRequest) -> HttpResponse:
    """Written down for who telephoned or wrote; `?kind=` and `?organisation=` say what for whom."""
    _check(request.user)
    seen = Organisation.objects.visible_to(request.user)
    kind = request.GET.get("kind", "")
    if kind not in [one.value for one in REQUESTABLE]:
        choice = {"organisations": seen.order_by("name"), "kinds": REQUESTABLE, "section": SECTION}
        return render(request, "engagements/desk_new_for.html", choice)
    organisation = get_object_or_404(seen, slug=clean(request.GET.get("organisation", "")))
    at, wanted = timezone.now(), Kind(kind)
    form = new_form(wanted, organisation, *((request.POST,) if request.method == "POST" else ()))

    def act() -> HttpResponse:
        data = form.cleaned_data
        wish = Wish(
            kind=wanted, title=data["title"], summary=data["summary"], channel=data["channel"]
        )
        who: dict[str, Any] = {"contact": data["contact"], "by": request.user, "at": at}
        made = ask(organisation, wish, form.more(), **who)
        return redirect("admin:engagement", made.number)

    done, status = submitted(request, form, act)
    if done is not None:
        return done
    context: dict[str, Any] = {
        "organisation": organisation,
        "kind": wanted,
        "form": form,
        "section": SECTION,
    }
    return render(request, "engagements/desk_new.html", context, status=status)


@require_safe
def engagement(request: SignedInRequest, number: str) -> HttpResponse:
    """Everything about one."""
    found, at = _found(request, number), timezone.now()
    page = page_of(found, request.user, at=at)
    context = {
        "page": page,
        "engagement": found,
        "manages": found.is_open and policies.may_manage(request.user, found),
        "works": found.is_open and policies.may_work(request.user, found),
        "speaks": policies.may_speak(request.user, found),
        "panel": panel_of(found, request.user, at=at),
        "layout": "staff_base.html",
        "place": "admin:engagement_action",
        "section": SECTION,
        "is_desk": True,
    }
    return render(request, "engagements/page.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def engagement_action(request: SignedInRequest, number: str, name: str) -> HttpResponse:
    found = _found(request, number)
    if not policies.may_work(request.user, found):
        raise NotAllowed()
    back = reverse("admin:engagement", args=[found.number])
    return answer(request, DESK_ACTIONS, name, found, at=timezone.now(), back=back)


@require_safe
def calendar(request: SignedInRequest) -> HttpResponse:
    """What is planned in five weeks from `?from=`, by day."""
    _check(request.user)
    first = _monday(request.GET.get("from", ""))
    context = {
        "weeks": calendar_of(request.user, first),
        "before": first - timedelta(days=28),
        "after": first + timedelta(days=28),
        "today": timezone.localdate(),
        "section": SECTION,
    }
    return render(request, "engagements/calendar.html", context)


@require_safe
def calendar_file(request: SignedInRequest) -> HttpResponse:
    """The same as a file for other calendars, half a year ahead."""
    _check(request.user)
    text = ics_of(request.user, timezone.localdate(), at=timezone.now())
    return HttpResponse(text, content_type="text/calendar; charset=utf-8")


def _monday(given: str) -> date:
    try:
        day = date.fromisoformat(given)
    except ValueError:
        day = timezone.localdate()
    if not 2000 <= day.year <= 2100:
        raise Http404
    return day - timedelta(days=day.weekday())


def _check(person: Person) -> None:
    if not policies.may_read_list(person):
        raise Http404


def _found(request: SignedInRequest, number: str) -> Engagement:
    seen = Engagement.objects.visible_to(request.user)
    rows = seen.select_related(
        "organisation", "owner", "requested_by", "contract", "project", "incident"
    )
    found: Engagement = get_object_or_404(rows, number=number)
    return found
