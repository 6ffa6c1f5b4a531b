"""The roadmap, as staff keep it."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import SignedInRequest
from core.errors import NotAllowed
from core.form_pages import submitted
from engagements import policies
from engagements.actions import features
from engagements.forms.features import ItemForm
from engagements.models import RoadmapItem
from engagements.reads.features import roadmap

SECTION = "Roadmap"


@require_safe
def items(request: SignedInRequest) -> HttpResponse:
    """Every item with how many customers asked for it."""
    if not policies.may_read_list(request.user):
        raise Http404
    context = {
        "items": roadmap(),
        "keeps": policies.may_keep_roadmap(request.user),
        "section": SECTION,
    }
    return render(request, "engagements/roadmap.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def item_new(request: SignedInRequest) -> HttpResponse:
    return _edited(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
def item(request: SignedInRequest, pk: int) -> HttpResponse:
    return _edited(request, get_object_or_404(RoadmapItem, pk=pk))


def _edited(request: SignedInRequest, held: RoadmapItem | None) -> HttpResponse:
    if not policies.may_keep_roadmap(request.user):
        raise NotAllowed()
    names = ("title", "text", "state", "release", "ships_in")
    initial = {name: getattr(held, name) for name in names} if held else {}
    form = ItemForm(request.POST if request.method == "POST" else None, initial=initial)

    def act() -> HttpResponse:
        features.save_item(held, by=request.user, at=timezone.now(), **form.cleaned_data)
        return redirect("admin:roadmap")

    done, status = submitted(request, form, act)
    if done is not None:
        return done
    context = {"form": form, "item": held, "section": SECTION}
    return render(request, "engagements/roadmap_item.html", context, status=status)
