"""Beta programmes in the portal: joining, builds, what one says, leaving."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import ContactRequest, contact_required
from core.errors import Refusal
from core.reading import one_or_404
from entitlements.models import Licence
from resources.actions.beta.feedback import Said, give_feedback
from resources.actions.beta.members import fetch_build, join, leave, member_of
from resources.errors import BetaUnsigned, NotAMember
from resources.forms.beta import FeedbackForm, JoinForm
from resources.models import BetaProgramme, Release, ReleaseFile
from resources.reads.beta.joining import levels_with_beta, names_of
from resources.reads.beta.pages import Page, builds_for, page_of, programmes_for

ROOM = "beta"


def frame() -> dict[str, Any]:
    return {"layout": "portal_base.html", "room": ROOM}


@require_safe
@contact_required
def betas(request: ContactRequest) -> HttpResponse:
    """What runs, and what one took part in."""
    found = list(programmes_for(request.user).order_by("ended_at", "-opened_at"))
    context = {
        "running": [one for one in found if one.is_running],
        "over": [one for one in found if not one.is_running],
        "levels": names_of(levels_with_beta()),
    }
    return render(request, "resources/betas.html", context | frame())


@require_safe
@contact_required
def programme(request: ContactRequest, slug: str) -> HttpResponse:
    """One programme: what it brings, its terms, its builds."""
    page = page_of(_programme(request, slug), request.user, timezone.now())
    return _shown(request, page, FeedbackForm(_choices(page), initial={"build": _newest(page)}))


@require_POST
@contact_required
def joined(request: ContactRequest, slug: str) -> HttpResponse:
    """Accept the terms by name, and take part."""
    found, form = _programme(request, slug), JoinForm(request.POST)
    try:
        if not form.is_valid():
            raise BetaUnsigned()
        said = form.cleaned_data
        licence = one_or_404(
            Licence.objects.visible_to(request.user).held().select_related("organisation"),
            pk=said["licence"],
        )
        facts = {"terms": said["terms"], "signed_name": said["signed_name"]}
        join(found, licence, **facts, by=request.user, at=timezone.now())
        messages.success(request, f"You take part in {found}. You are told of each build.")
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect(found)


@require_POST
@contact_required
def left(request: ContactRequest, slug: str) -> HttpResponse:
    found = _programme(request, slug)
    leave(found, by=request.user, at=timezone.now())
    messages.success(request, f"You left {found}: no build and no mail of it reaches you any more.")
    return redirect("resources:beta")


@require_http_methods(["POST"])
@contact_required
def feedback(request: ContactRequest, slug: str) -> HttpResponse:
    """What a member says of a build; what was typed stays where something is missing."""
    found, at = _programme(request, slug), timezone.now()
    page = page_of(found, request.user, at)
    if page.member is None:
        raise NotAMember(name=found.name)
    form = FeedbackForm(_choices(page), request.POST)
    if not form.is_valid():
        return _shown(request, page, form, status=400)
    said = dict(form.cleaned_data)
    said["build"] = builds_for(page.member).filter(pk=said["build"] or 0).first()
    give_feedback(found, Said(**said), by=request.user, at=at)
    messages.success(
        request,
        gettext("Thank you. Our testing team reads it, and you are told what becomes of it."),
    )
    return redirect(f"{found.get_absolute_url()}#feedback")


@require_POST
@contact_required
def build_file(request: ContactRequest, pk: int) -> HttpResponse:
    """Begin to fetch a file of a build: leads to a link that is good for a minute (D3)."""
    theirs = Release.objects.builds().filter(programme__in=programmes_for(request.user))
    rows = ReleaseFile.objects.filter(release__in=theirs.order_by())
    found = one_or_404(rows.select_related("release__programme"), pk=pk)
    programme = found.release.programme
    assert programme is not None
    if member_of(programme, request.user) is None:  # whoever is no member learns of no build
        one_or_404(ReleaseFile.objects.none(), pk=pk)
    try:
        link = fetch_build(found, by=request.user, at=timezone.now())
        return HttpResponse(status=303, headers={"Location": link})
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect(programme)


def _shown(
    request: ContactRequest, page: Page, form: FeedbackForm, *, status: int = 200
) -> HttpResponse:
    context = {"page": page, "form": form, "levels": names_of(levels_with_beta())}
    return render(request, "resources/beta.html", context | frame(), status=status)


def _choices(page: Page) -> list[tuple[int, str]]:
    return [(one.release.pk, one.release.version) for one in page.builds]


def _newest(page: Page) -> int | str:
    """What one most likely has in front of one."""
    return page.builds[0].release.pk if page.builds else ""


def _programme(request: ContactRequest, slug: str) -> BetaProgramme:
    return one_or_404(programmes_for(request.user), slug=slug)
