"""Views of the queue: keeping one, changing, ordering and deleting them, opening with one."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.http import SignedInRequest
from accounts.models import Person
from core.form_pages import submitted
from core.reading import one_or_404
from tickets import policies
from tickets.actions.saved_views import delete_view, keep_view, move_view, open_with
from tickets.desk.listing import names_states, tabs
from tickets.enums import MeantFor
from tickets.forms.saved_views import ViewForm
from tickets.models import SavedView
from tickets.reads.columns import USUAL, chosen_of
from tickets.reads.keys import BY_PLACE
from tickets.reads.search.conditions import parsed_for

SECTION = "Queue"
_FIELDS = ("name", "words", "order", "columns", "meant_for", "tier")


@require_http_methods(["GET", "HEAD", "POST"])
def saved_views(request: SignedInRequest) -> HttpResponse:
    """Those that this person has; `first` says with which the queue opens."""
    person = request.user
    own = tabs(person, timezone.now())
    kept = list(SavedView.objects.usable_by(person).select_related("kept_by"))
    known = {*(tab.key for tab in own), *(one.key for one in kept)}
    if request.method == "POST":
        key = request.POST.get("first", "")
        if key not in known:
            raise Http404
        open_with("" if key == own[0].key else key, by=person)
        messages.success(request, "The queue opens with it from now on.")
        return redirect("admin:saved_views")
    keys = [f"g {digit}" for digit in BY_PLACE[: len(kept)]]
    rows = [
        {
            "view": one,
            "may_change": policies.may_change_kept(person, one),
            "key": keys[index] if index < len(keys) else "",
            "link": link_to(one, person),
        }
        for index, one in enumerate(kept)
    ]
    first = person.first_view if person.first_view in known else own[0].key
    context = {"rows": rows, "own": own, "first": first, "section": SECTION}
    return render(request, "staff/saved_views.html", context)


def link_to(one: SavedView, person: Person) -> str:
    """An address that carries its words: for whoever has no such view."""
    view = "any" if names_states(parsed_for(one.words, person)) else "open"
    asked = {"view": view, "q": one.words, "order": one.order, "columns": ",".join(one.columns)}
    return f"{reverse('admin:queue')}?{urlencode(asked)}"


@require_http_methods(["GET", "HEAD", "POST"])
def saved_view_new(request: SignedInRequest) -> HttpResponse:
    """What the list shows now, to be kept under a name."""
    given = request.GET
    initial = {
        "words": given.get("words", "")[:2000],
        "order": given.get("order", ""),
        "columns": chosen_of(given["columns"].split(",") if "columns" in given else USUAL),
        "meant_for": MeantFor.ME,
    }
    return _edit(request, None, initial)


@require_http_methods(["GET", "HEAD", "POST"])
def saved_view(request: SignedInRequest, pk: int) -> HttpResponse:
    """One of them, to change, to move or to delete by who may; 404 for everybody else."""
    found = one_or_404(SavedView.objects.usable_by(request.user), pk=pk)
    if request.method == "POST" and "delete" in request.POST:
        delete_view(found, by=request.user, at=timezone.now())
        messages.success(request, f"The view “{found.name}” is deleted.")
        return redirect("admin:saved_views")
    if request.method == "POST" and request.POST.get("move") in ("up", "down"):
        move_view(found, up=request.POST["move"] == "up", by=request.user)
        return redirect("admin:saved_views")
    return _edit(request, found, {name: getattr(found, name) for name in _FIELDS})


def _edit(
    request: SignedInRequest, old: SavedView | None, initial: Mapping[str, object]
) -> HttpResponse:
    form = ViewForm(request.user, request.POST or None, initial=initial)

    def save() -> HttpResponse:
        one = keep_view(form.wanted(), by=request.user, at=timezone.now(), old=old)
        messages.success(request, f"The view “{one.name}” is kept.")
        return redirect(f"{reverse('admin:queue')}?view={one.key}")

    done, status = submitted(request, form, save)
    if done is not None:
        return done
    context = {
        "form": form,
        "view": old,
        "may_change": old is None or policies.may_change_kept(request.user, old),
        "section": SECTION,
    }
    return render(request, "staff/saved_view.html", context, status=status)
