"""The team's releases: the list, one with its files, and what is done with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import SignedInRequest
from core.errors import Refusal
from core.form_pages import submitted
from core.journal import entries_of
from core.kinds import words_of
from core.paging import paged
from core.reading import one_or_404
from entitlements.models import Licence
from resources import policies
from resources.actions.releases import files, keeping
from resources.actions.releases.downloading import fetch_as_staff, grant_upgrade
from resources.errors import FormUnusable, NotAnUpgrade
from resources.forms.articles import PublishForm, ReasonForm
from resources.forms.releases import (
    PieceForm,
    ReleaseFileForm,
    ReleaseForm,
    UpgradeForm,
    first_of_build,
    first_shown,
)
from resources.models import (
    BetaProgramme,
    Defect,
    Download,
    Release,
    ReleaseFile,
    ReleaseUpload,
    UpgradeBought,
)
from resources.reads.loop import loops_of
from resources.reads.releases.desk import TABS, releases_for_desk

PAGE = 50
SECTION = "Releases"
ENTRIES = 30
DOWNLOADS = 20
PIECE = 8 * 2**20  # bytes that the page sends at once


def check_allowed(request: SignedInRequest) -> None:
    """Others do not learn that there is such a page."""
    if not policies.may_see_defects(request.user):
        raise Http404


@require_safe
def releases(request: SignedInRequest) -> HttpResponse:
    """All of them, or those of one tab; `?q=` narrows by version."""
    check_allowed(request)
    tab, words = request.GET.get("tab", ""), request.GET.get("q", "").replace("\0", "")[:40]
    context = {
        "page_obj": paged(releases_for_desk(tab, words.strip()), request, size=PAGE),
        "tabs": TABS,
        "tab": tab,
        "words": words,
        "may_keep": policies.may_keep_releases(request.user),
        "section": SECTION,
    }
    return render(request, "resources/desk/releases.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def release_new(request: SignedInRequest) -> HttpResponse:
    check_allowed(request)
    form = ReleaseForm(request.POST or None, initial=_first(request))

    def save() -> HttpResponse:
        made = keeping.save_release(form.draft(), by=request.user, at=timezone.now())
        messages.success(request, "The draft is kept. Add its files, then publish it.")
        return redirect("admin:release", made.pk)

    done, status = submitted(request, form, save)
    if done is not None:
        return done
    context = {"form": form, "section": SECTION}
    return render(request, "resources/desk/release_new.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def release(request: SignedInRequest, pk: int) -> HttpResponse:
    """One release: what it is, its files, where it stands, who fetched it."""
    check_allowed(request)
    found = _found(pk)
    form = ReleaseForm(request.POST or None, initial=first_shown(found))

    def save() -> HttpResponse:
        keeping.save_release(form.draft(), by=request.user, at=timezone.now(), release=found)
        messages.success(request, "It is kept.")
        return redirect("admin:release", found.pk)

    done, status = submitted(request, form, save)
    if done is not None:
        return done
    context = _about(request, found) | {"form": form}
    return render(request, "resources/desk/release.html", context, status=status)


def _first(request: SignedInRequest) -> dict[str, Any]:
    """For the beta from whose page one comes, else for any release."""
    asked = request.GET.get("beta", "")
    running = BetaProgramme.objects.running()
    programme = running.filter(pk=asked).first() if asked.isdecimal() and len(asked) < 10 else None
    return first_shown(None) if programme is None else first_of_build(programme)


def _found(pk: int) -> Release:
    return one_or_404(Release.objects.with_files().select_related("made_by"), pk=pk)


def _about(request: SignedInRequest, found: Release) -> dict[str, Any]:
    fetched = Download.objects.visible_to(request.user).filter(file__release=found)
    bought = UpgradeBought.objects.visible_to(request.user).filter(release=found)
    return {
        "release": found,
        "downloads": fetched.for_list()[:DOWNLOADS],
        "fetched": fetched.count(),
        "bought": bought.select_related("licence", "organisation")[:DOWNLOADS],
        "entries": [(one, words_of(one, str)) for one in entries_of(found).reverse()[:ENTRIES]],
        "loops": loops_of(_fixed_by(found), request.user, timezone.now()),
        "may_keep": policies.may_keep_releases(request.user),
        "may_publish": policies.may_publish_releases(request.user),
        "publish_form": PublishForm(request.user.timezone),
        "file_form": ReleaseFileForm(),
        "piece": PIECE,
        "section": SECTION,
    }


def _fixed_by(found: Release) -> list[Defect]:
    return [one.defect for one in found.fixes.all()]


@require_POST
def release_action(request: SignedInRequest, pk: int, name: str) -> HttpResponse:
    """One step of a release; a refusal is said on its page, and changes nothing."""
    check_allowed(request)
    found = _found(pk)
    action = RELEASE_ACTIONS.get(name)
    if action is None:
        raise Http404
    try:
        messages.success(request, action(request, found))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("admin:release", found.pk)


@require_POST
def release_upload(request: SignedInRequest, pk: int) -> HttpResponse:
    """Begin a file that comes in pieces; answers with where to go on."""
    check_allowed(request)
    said = _cleaned(PieceForm(request.POST))
    upload = files.begin_upload(_found(pk), **said, by=request.user, at=timezone.now())
    return JsonResponse({"upload": upload.token, "received": upload.received})


@require_POST
def release_piece(request: SignedInRequest, token: str) -> HttpResponse:
    """The next piece, as the form's file `piece`, from byte `offset` on."""
    check_allowed(request)
    found = one_or_404(ReleaseUpload.objects.select_related("release"), token=token)
    offset, piece = request.POST.get("offset", ""), request.FILES.get("piece")
    if piece is None or not (offset.isascii() and offset.isdigit() and len(offset) < 16):
        raise FormUnusable(problem="Send the file `piece`, and from which byte on as `offset`.")
    done = files.take_piece(found, piece, offset=int(offset), by=request.user, at=timezone.now())
    if isinstance(done, ReleaseFile):
        return JsonResponse({"done": True, "received": done.size, "sha256": done.sha256})
    return JsonResponse({"done": False, "received": done.received})


@require_POST
def release_file(request: SignedInRequest, pk: int) -> HttpResponse:
    """Fetch a file, also of a draft."""
    check_allowed(request)
    found = one_or_404(ReleaseFile.objects.select_related("release"), pk=pk)
    link = fetch_as_staff(found, by=request.user, at=timezone.now())
    return HttpResponse(status=303, headers={"Location": link})


def _cleaned(form: Any) -> dict[str, Any]:
    if not form.is_valid():
        raise FormUnusable(problem=next(iter(form.errors.values()))[0])
    said: dict[str, Any] = form.cleaned_data
    return said


def _add_file(request: SignedInRequest, release: Release) -> str:
    said = _cleaned(ReleaseFileForm(request.POST, request.FILES))
    added = files.add_release_file(
        release,
        said["file"],
        label=said["label"],
        signature=said["signature"],
        by=request.user,
        at=timezone.now(),
    )
    return f"{added.name} is added. SHA-256: {added.sha256}"


def _remove_file(request: SignedInRequest, release: Release) -> str:
    asked = request.POST.get("file", "")
    is_key = asked.isascii() and asked.isdigit() and len(asked) < 19  # Python reads no longer one
    found = one_or_404(release.files.all(), pk=asked if is_key else 0)
    files.remove_release_file(found, by=request.user, at=timezone.now())
    return f"{found.name} is removed."


def _publish(request: SignedInRequest, release: Release) -> str:
    form = PublishForm(request.user.timezone, request.POST)
    _cleaned(form)
    when = form.moment()
    keeping.publish_release(release, by=request.user, at=timezone.now(), when=when)
    return "It is published." if when is None else f"It will be published {when:%d %b %Y, %H:%M}."


def _take_back(request: SignedInRequest, release: Release) -> str:
    keeping.take_back(release, by=request.user, at=timezone.now())
    return "It is a draft again."


def _withdraw(request: SignedInRequest, release: Release) -> str:
    said = _cleaned(ReasonForm(request.POST))
    keeping.withdraw_release(release, reason=said["reason"], by=request.user, at=timezone.now())
    return "Nobody fetches it any more; its page says why."


def _grant(request: SignedInRequest, release: Release) -> str:
    key = _cleaned(UpgradeForm(request.POST))["licence_key"].strip()
    licence = Licence.objects.visible_to(request.user).counting().filter(key=key).first()
    if licence is None:
        raise FormUnusable(problem=f"There is no licence “{key}” that counts. Check the key.")
    if licence.product.casefold() != release.product.casefold():
        raise NotAnUpgrade(version=release.version)
    grant_upgrade(licence, release, by=request.user, at=timezone.now())
    return f"{licence.key} gets {release.version}, and what builds on it."


RELEASE_ACTIONS: dict[str, Callable[[SignedInRequest, Release], str]] = {
    "add-file": _add_file,
    "remove-file": _remove_file,
    "publish": _publish,
    "take-back": _take_back,
    "withdraw": _withdraw,
    "grant": _grant,
}
