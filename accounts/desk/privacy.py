"""Privacy, for managers (F2): what is held and would go, who did what; export and erasure."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.actions import customers_leaving, erasing
from accounts.actions.exporting import export
from accounts.http import SignedInRequest
from accounts.models import Organisation, Person
from accounts.reads import privacy as reads
from core import closing, keeper
from core.paging import slice_of

SHOWN = 20


@require_safe
def privacy(request: SignedInRequest) -> HttpResponse:
    """For how long what is kept, which organisations are closed, and what was done."""
    _managers_only(request)
    context = {
        "title": "Privacy",
        "missing": keeper.missing(),
        "retained": reads.retained(timezone.now()),
        "closed": reads.closed_organisations(),
        "closed_days": settings.KEEP_CLOSED_ORGANISATIONS_DAYS,
        "stones": slice_of(reads.tombstones(), request.GET.get("page"), size=SHOWN),
        "doings": reads.doings(SHOWN),
        "erasures": reads.erasures()[:SHOWN],
    }
    return render(request, "accounts/privacy.html", context)


@require_safe
def person(request: SignedInRequest, pk: int) -> HttpResponse:
    """What the desk holds about somebody, and what an erasure would do to it."""
    _managers_only(request)
    found = get_object_or_404(Person, pk=pk)
    context = {
        "title": str(found),
        "person": found,
        "amounts": reads.about(found),
        "foreseen": closing.foreseen(found, at=timezone.now()) if found.is_active else (),
        "erasure": found.erasures.order_by("-pk").first(),
        "missing": keeper.missing(),
        "is_me": found == request.user,
    }
    return render(request, "accounts/privacy_person.html", context)


@require_POST
def export_person(request: SignedInRequest, pk: int) -> StreamingHttpResponse:
    """Noted in the journal, hence no GET."""
    _managers_only(request)
    found = get_object_or_404(Person, pk=pk)
    pieces = export(found, by=request.user, at=timezone.now())
    name = f'attachment; filename="person-{found.pk}.zip"'
    headers = {"Content-Disposition": name, "Cache-Control": "no-store"}
    return StreamingHttpResponse(pieces, content_type="application/zip", headers=headers)


@require_POST
def erase_person(request: SignedInRequest, pk: int) -> HttpResponse:
    """What is asked for is typed once more: it can not be undone."""
    _managers_only(request)
    found = get_object_or_404(Person, pk=pk)
    if request.POST.get("sure", "").strip().lower() != found.email.lower():
        messages.error(
            request, f"Nothing was erased: write {found.email} to say that you are sure."
        )
        return redirect("admin:privacy_person", pk)
    with_texts = request.POST.get("with_texts") == "on"
    erasing.erase(found, with_texts=with_texts, by=request.user, at=timezone.now())
    messages.success(request, "The account is erased. Texts that name them follow within minutes.")
    return redirect("admin:privacy_person", pk)


@require_safe
def organisation(request: SignedInRequest, pk: int) -> HttpResponse:
    """What there is of a customer, which goes so many days after it is closed."""
    _managers_only(request)
    found = get_object_or_404(Organisation, pk=pk)
    days = settings.KEEP_CLOSED_ORGANISATIONS_DAYS
    context: dict[str, Any] = {
        "title": found.name,
        "organisation": found,
        "people": found.people.count(),
        "rows": list(customers_leaving.rows_of(found)),
        "days": days,
        "deleted_on": found.closed_at + timedelta(days=days) if found.closed_at and days else None,
    }
    return render(request, "accounts/privacy_organisation.html", context)


@require_POST
def close_organisation(request: SignedInRequest, pk: int) -> HttpResponse:
    _managers_only(request)
    found = get_object_or_404(Organisation, pk=pk)
    customers_leaving.close_organisation(found, by=request.user, at=timezone.now())
    messages.success(request, f"{found} is closed, with the accounts of its people.")
    return redirect("admin:privacy_organisation", pk)


@require_POST
def reopen_organisation(request: SignedInRequest, pk: int) -> HttpResponse:
    _managers_only(request)
    found = get_object_or_404(Organisation, pk=pk)
    customers_leaving.reopen_organisation(found, by=request.user, at=timezone.now())
    messages.success(request, f"{found} is a customer again. Open the accounts of its people.")
    return redirect("admin:privacy_organisation", pk)


def _managers_only(request: SignedInRequest) -> None:
    """For everybody else there is no such page."""
    if not request.user.is_manager:
        raise Http404


PAGES = (
    ("privacy/", privacy, "privacy"),
    ("privacy/people/<int:pk>/", person, "privacy_person"),
    ("privacy/people/<int:pk>/export/", export_person, "privacy_export"),
    ("privacy/people/<int:pk>/erase/", erase_person, "privacy_erase"),
    ("privacy/organisations/<int:pk>/", organisation, "privacy_organisation"),
    ("privacy/organisations/<int:pk>/close/", close_organisation, "privacy_close"),
    ("privacy/organisations/<int:pk>/reopen/", reopen_organisation, "privacy_reopen"),
)
