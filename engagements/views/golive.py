"""The customers' pages below a GoLive project's."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.http import ContactRequest, contact_required
from engagements import policies
from engagements.enums import Kind
from engagements.models import Engagement
from engagements.reads.golive_pages import PROJECT_PAGES, Asked, ProjectPage

View = Callable[..., HttpResponseBase]


def _view(page: ProjectPage) -> View:
    @require_safe
    @contact_required
    def shown(request: ContactRequest, number: str) -> HttpResponse:
        seen = Engagement.objects.visible_to(request.user).filter(kind=Kind.GOLIVE)
        rows = seen.select_related("organisation", "owner", "requested_by", "requirements")
        found = get_object_or_404(rows, number=number)
        version = request.GET.get("version", "")
        asked = Asked(found, request.user, timezone.now(), works=False, version=version)
        context = {
            **page.read(asked),
            "engagement": found,
            "accepts": found.is_open and policies.may_accept(request.user, found),
            "speaks": found.is_open and policies.may_speak(request.user, found),
            "project_page": page,
            "project_pages": PROJECT_PAGES,
            "layout": "portal_base.html",
            "place": "engagements:action",
        }
        return render(request, page.template, context)

    return shown


ADDRESSES = [
    path(f"engagements/<slug:number>/{one.key}/", _view(one), name=f"engagement_{one.key}")
    for one in PROJECT_PAGES
]
