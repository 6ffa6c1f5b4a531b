"""Documentation: what there is, a page of a manual in our own frame, its pictures, a whole one."""

from __future__ import annotations

import posixpath
from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.authentication import person_of_request
from accounts.models import Person
from core.reading import one_or_404
from resources.models import Manual, ManualPicture, ManualVersion
from resources.reads.manuals import pages
from resources.reads.readers import reader_of
from resources.rules.archives import PICTURES, SVG
from resources.views.articles import frame, not_here

SANDBOX = "sandbox; default-src 'none'; style-src 'unsafe-inline'"


@require_safe
def documentation(request: HttpRequest) -> HttpResponse:
    """Every manual that this reader may read; `?q=` searches their pages."""
    person, at = person_of_request(request), timezone.now()
    text = request.GET.get("q", "").replace("\0", "").strip()
    context: dict[str, Any] = {"words": text, "room": "documentation"}
    if text:
        asked = request.GET.get("page", "")
        number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1
        context["found"] = pages.searched(text, person, at, page=number)
    else:
        context["manuals"] = pages.manuals_for(reader_of(person, at))
    return render(request, "resources/documentation.html", context | frame(request, person))


@require_safe
def manual(request: HttpRequest, slug: str) -> HttpResponse:
    """Leads to the newest version."""
    person = person_of_request(request)
    found = _manual(person, slug)
    return (
        redirect("resources:manual_version", found.slug, pages.NEWEST)
        if found
        else not_here(request, person)
    )


@require_safe
def manual_page(request: HttpRequest, slug: str, version: str, path: str = "") -> HttpResponseBase:
    """A page, or a picture beside it; what was retired leads to the newest version."""
    person = person_of_request(request)
    found = _manual(person, slug)
    if found is None:
        return not_here(request, person)
    versions = _versions(person, found)
    newest = pages.newest_of(versions)
    shown = (
        newest
        if version == pages.NEWEST
        else next((one for one in versions if one.version == version), None)
    )
    if shown is None:
        if newest is not None and pages.retired(found, version):
            return redirect(_same_page(found, newest, path))
        return not_here(request, person)
    if posixpath.splitext(path)[1].lower() in PICTURES:
        return _picture(shown, path)
    if not shown.is_pdf and not path:
        return redirect(pages.address_in(found, version, shown.home))
    return _page(request, person, shown, newest, versions, version, path)


@require_safe
def manual_file(request: HttpRequest, slug: str, version: str) -> HttpResponseBase:
    """The whole version: the PDF, or its pages as a zip for who has no network."""
    person = person_of_request(request)
    found = _manual(person, slug)
    versions = _versions(person, found) if found is not None else []
    wanted = pages.newest_of(versions) if version == pages.NEWEST else None
    wanted = wanted or next((one for one in versions if one.version == version), None)
    if wanted is None:
        return not_here(request, person)
    kind = "application/pdf" if wanted.is_pdf else "application/zip"
    return _file(wanted, kind, wanted.file_name)


def _page(
    request: HttpRequest,
    person: Person | None,
    shown: ManualVersion,
    newest: ManualVersion | None,
    versions: list[ManualVersion],
    asked: str,
    path: str,
) -> HttpResponse:
    page = shown.pages.filter(path=path).first() if path else None
    others = pages.others_of(versions, shown.manual, path)
    in_newest = next((one for one in others if newest and one.version.pk == newest.pk), None)
    context: dict[str, Any] = {
        "manual": shown.manual,
        "version": shown,
        "newest": newest,
        "in_newest": in_newest,
        "others": others,
        "page": page,
        "asked": asked,
        "home": pages.address_in(shown.manual, asked, shown.home),
        "contents": pages.contents_of(shown),
        "room": "documentation",
    }
    status = 200
    if path and page is None:
        likely = pages.meant(shown, path)
        context["meant"] = [
            (one, pages.address_in(shown.manual, asked, one.path)) for one in likely
        ]
        status = 404
    context |= frame(request, person)
    return render(request, "resources/manual.html", context, status=status)


def _manual(person: Person | None, slug: str) -> Manual | None:
    reader = reader_of(person, timezone.now())
    return Manual.objects.visible_to(reader).filter(slug=slug).first()


def _versions(person: Person | None, manual: Manual) -> list[ManualVersion]:
    """The published ones, highest first; staff see their drafts on the desk."""
    found: QuerySet[ManualVersion] = manual.versions.live().select_related("manual")
    return list(found.order_by("-place"))


def _same_page(manual: Manual, newest: ManualVersion, path: str) -> str:
    has_it = bool(path) and newest.pages.filter(path=path).exists()
    return pages.address_in(manual, pages.NEWEST, path if has_it else "")


def _picture(version: ManualVersion, path: str) -> HttpResponseBase:
    found = one_or_404(ManualPicture.objects.filter(version=version), path=path)
    response = _file(found, found.content_type, posixpath.basename(path), is_shown=True)
    if found.content_type == SVG:
        response["Content-Security-Policy"] = SANDBOX
    return response


def _file(
    of: ManualVersion | ManualPicture, kind: str, name: str, *, is_shown: bool = False
) -> FileResponse:
    try:
        opened = of.file.open("rb")
    except FileNotFoundError as error:
        raise Http404("The file is no longer in the store.") from error
    response = FileResponse(opened, as_attachment=not is_shown, filename=name, content_type=kind)
    response["Cache-Control"] = "private, max-age=3600"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
