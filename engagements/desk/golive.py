"""The team's pages below a GoLive project's."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.http import SignedInRequest
from engagements import policies
from engagements.enums import Kind
from engagements.models import Engagement
from engagements.reads.golive_pages import PROJECT_PAGES, Asked, ProjectPage

SECTION = "Engagements"
View = Callable[[SignedInRequest, str], HttpResponse]


def _view(page: ProjectPage) -> View:
    @require_safe
    def shown(request: SignedInRequest, number: str) -> HttpResponse:
        seen = Engagement.objects.visible_to(request.user).filter(kind=Kind.GOLIVE)
        rows = seen.select_related("organisation", "owner", "requested_by", "requirements")
        found = get_object_or_404(rows, number=number)
        works = found.is_open and policies.may_work(request.user, found)
        version = request.GET.get("version", "")
        asked = Asked(found, request.user, timezone.now(), works, version)
        context = {
            **page.read(asked),
            "engagement": found,
            "works": works,
            "manages": found.is_open and policies.may_manage(request.user, found),
            "project_page": page,
            "project_pages": PROJECT_PAGES,
            "layout": "staff_base.html",
            "place": "admin:engagement_action",
            "section": SECTION,
            "is_desk": True,
        }
        return render(request, page.template, context)

    return shown


PAGES = tuple(
    (f"engagements/<slug:number>/{one.key}/", _view(one), f"engagement_{one.key}")
    for one in PROJECT_PAGES
)
