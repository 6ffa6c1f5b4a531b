"""Downloads of the portal: what a licence gets, one release, and its files."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from accounts.http import ContactRequest, contact_required
from core.errors import Refusal
from core.reading import one_or_404
from entitlements.models import Licence
from entitlements.policies import may_order
from resources.actions.releases.downloading import fetch, tell_version
from resources.forms.releases import FetchForm, RunningForm
from resources.models import Release, ReleaseFile
from resources.reads.loop import loops_of
from resources.reads.readers import kind_of_reader
from resources.reads.releases.pages import got_of_release, licences_for_downloads, shelf_of

MOST_LICENCES = 200  # that the page lets choose from
ROOM = "downloads"


def frame() -> dict[str, Any]:
    return {"layout": "portal_base.html", "room": ROOM}


@require_safe
@contact_required
def downloads(request: ContactRequest) -> HttpResponse:
    """What one licence gets, newest first; `?licence=` chooses among several."""
    licences = list(licences_for_downloads(request.user)[:MOST_LICENCES])
    chosen = _chosen(licences, request.GET.get("licence", ""))
    shelf = shelf_of(chosen, timezone.now()) if chosen is not None else None
    context = {
        "licences": licences,
        "shelf": shelf,
        "may_order": may_order(request.user, request.organisation),
    } | frame()
    return render(request, "resources/downloads.html", context)


@require_safe
@contact_required
def release(request: ContactRequest, pk: int) -> HttpResponse:
    """One release with its notes; what each licence may do with it."""
    found, at = _released(request, pk), timezone.now()
    licences = list(licences_for_downloads(request.user)[:MOST_LICENCES])
    fixes = list(found.fixes.all())
    loops = loops_of([one.defect for one in fixes], request.user, at)
    context = {
        "release": found,
        "fixes": [(fix, loop.steps) for fix, loop in zip(fixes, loops, strict=True)],
        "got": got_of_release(found, licences, request.organisation.timezone, at),
    }
    return render(request, "resources/release.html", context | frame())


@require_safe
@contact_required
def checksums(request: ContactRequest, pk: int) -> HttpResponse:
    """Name and SHA-256 of each file, as `sha256sum --check` reads them."""
    found = _released(request, pk)
    lines = (f"{one.sha256}  {one.name}\n" for one in found.files.all())
    return _text("".join(lines), f"SHA256SUMS-{found.version}")


@require_safe
@contact_required
def signature(request: ContactRequest, pk: int) -> HttpResponse:
    """The detached signature of a file."""
    visible = ReleaseFile.objects.visible_to(kind_of_reader(request.user))
    found = one_or_404(visible.exclude(signature=""), pk=pk)
    return _text(f"{found.signature}\n", f"{found.name}.asc")


@require_POST
@contact_required
def download(request: ContactRequest, pk: int) -> HttpResponse:
    """Begin to fetch a file: leads to a link that is good for a minute (D3)."""
    at = timezone.now()
    visible = ReleaseFile.objects.visible_to(kind_of_reader(request.user))
    found = one_or_404(visible.select_related("release"), pk=pk)
    form = FetchForm(request.POST)
    if not form.is_valid():
        raise Http404
    licence = _licence(request, form.cleaned_data["licence"])
    try:
        return _see_other(fetch(found, licence, by=request.user, at=at))
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return _see_other(f"{reverse('resources:downloads')}?licence={licence.pk}")


@require_POST
@contact_required
def running(request: ContactRequest) -> HttpResponse:
    """What a licence's installation runs."""
    form = RunningForm(request.POST)
    if not form.is_valid():
        messages.error(request, gettext("Write the version that you run, such as 10.6.3."))
        return redirect("resources:downloads")
    said = form.cleaned_data
    licence = _licence(request, said["licence"])
    try:
        told = tell_version(licence, said["version"], by=request.user, at=timezone.now())
        messages.success(request, f"Thank you. We note that it runs {told.version}.")
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect(f"{reverse('resources:downloads')}?licence={licence.pk}")


def _released(request: ContactRequest, pk: int) -> Release:
    visible = Release.objects.visible_to(kind_of_reader(request.user))
    return one_or_404(visible.with_files(), pk=pk)


def _licence(request: ContactRequest, pk: int) -> Licence:
    return one_or_404(licences_for_downloads(request.user), pk=pk)


def _chosen(licences: list[Licence], asked: str) -> Licence | None:
    """The one that is asked for; else the first that counts, or any."""
    by_pk = {str(one.pk): one for one in licences}
    counting = (one for one in licences if one.counts)
    return by_pk.get(asked) or next(counting, None) or next(iter(licences), None)


def _see_other(address: str) -> HttpResponse:
    return HttpResponse(status=303, headers={"Location": address})


def _text(said: str, name: str) -> HttpResponse:
    response = HttpResponse(said, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
