"""Claimed licences: what waits for confirmation, and the forms of keys (K1)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.contrib import admin, messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import SignedInRequest
from core.admin import Site
from core.errors import Refusal
from core.form_pages import submitted
from core.paging import paged
from core.text import clean
from entitlements import policies
from entitlements.actions.claims import confirm, decline
from entitlements.actions.key_schemes import change_schemes
from entitlements.actions.licences import as_printed
from entitlements.enums import Edition
from entitlements.forms.claims import ConfirmForm, DeclineForm, KeySchemesForm
from entitlements.models import KeySchemesVersion, Licence
from entitlements.reads.current import current_schemes
from entitlements.rules.keys import CHECKS, KeyScheme, editions_of

PAGE = 25
SHOWN = 20  # versions
SECTION = "Licences to confirm"


@require_safe
def claims(request: SignedInRequest) -> HttpResponse:
    """The claims that wait, the oldest first, with who has the same key; 25 a page."""
    if not policies.may_see_claims(request.user):
        raise Http404
    waiting = Licence.objects.visible_to(request.user).for_claims()
    page = paged(waiting, request, size=PAGE)
    rows = [(one, others) for one, others in _with_others(request, list(page.object_list))]
    context = {"page_obj": page, "rows": rows, "section": SECTION}
    return render(request, "staff/claims.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def claim(request: SignedInRequest, pk: int) -> HttpResponse:
    """One claim: what is known of it, and the decision. 404 for who may not decide on it."""
    visible = Licence.objects.visible_to(request.user).exclude(claimed_at=None)
    found = get_object_or_404(
        visible.select_related("organisation", "claimed_by", "confirmed_by"), pk=pk
    )
    if not policies.may_confirm(request.user, found.organisation):
        raise Http404
    declines = "decline" in request.POST
    with_price = policies.may_manage_contracts(request.user)
    confirming = ConfirmForm(_given(request, not declines), with_price=with_price)
    declining = DeclineForm(_given(request, declines))
    form = declining if declines else confirming

    def decide() -> HttpResponse:
        messages.success(request, _decided(request, found, declines, form.cleaned_data))
        return redirect("admin:claims")

    done, status = submitted(request, form, decide)
    if done is not None:
        return done
    ((_, others),) = _with_others(request, [found])
    context = {
        "licence": found,
        "others": others,
        "confirming": confirming,
        "declining": declining,
        "section": SECTION,
    }
    return render(request, "staff/claim.html", context, status=status)


def _given(request: SignedInRequest, wanted: bool = True) -> QueryDict | None:
    return request.POST if request.method == "POST" and wanted else None


def _decided(
    request: SignedInRequest, found: Licence, declines: bool, given: dict[str, object]
) -> str:
    at, by = timezone.now(), request.user
    if declines:
        decline(found, at=at, by=by, reason=str(given["reason"]))
        return f"{found.key} is declined, and {found.claimed_by} is told why."
    confirm(found, at=at, by=by, **given)  # type: ignore[arg-type]  # the form's one price
    return (
        f"{found.key} is confirmed and counts from {found.registered_on}. What was reported on it"
        " is taken up within a minute."
    )


def _with_others(
    request: SignedInRequest, found: Sequence[Licence]
) -> list[tuple[Licence, list[Licence]]]:
    """Each claim with the other rows of its key that the person may see; one query for all."""
    visible = Licence.objects.visible_to(request.user).held().select_related("organisation")
    same: dict[str, list[Licence]] = {}
    for one in visible.filter(key__in=[one.key for one in found]).order_by("pk"):
        same.setdefault(one.key, []).append(one)
    return [(one, [other for other in same.get(one.key, []) if other != one]) for one in found]


@require_http_methods(["GET", "HEAD", "POST"])
def licence_keys(request: SignedInRequest) -> HttpResponse:
    """The forms of keys by edition, to edit; "try" posted says what they make of a key."""
    if not policies.may_edit_catalogue(request.user):
        raise Http404  # others do not learn that there is such a page
    form = KeySchemesForm(current_schemes(), _given(request))
    tried, status = None, 200
    if request.method == "POST" and form.is_valid():
        try:
            if "try" in request.POST:
                tried = _tried(form.schemes(), request.POST.get("key", ""))
            else:
                messages.success(request, _saved(request, form, timezone.now()))
                return redirect("admin:licence_keys")
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            status = refusal.status
    elif request.method == "POST":
        status = 400
    versions = KeySchemesVersion.objects.select_related("made_by")[:SHOWN]
    context = {
        "form": form,
        "tried": tried,
        "key": clean(request.POST.get("key", ""))[:60],
        "versions": [(one, _shown(one)) for one in versions],
        "section": "Licence keys",
    }
    return render(request, "staff/licence_keys.html", context, status=status)


def _saved(request: SignedInRequest, form: KeySchemesForm, at: datetime) -> str:
    reason = form.cleaned_data["reason"]
    made = change_schemes(form.schemes(), reason=reason, at=at, by=request.user)
    if made is None:
        return "Nothing was different."
    return f"Saved as version {made.version}. What waits for confirmation is checked again by it."


def _tried(schemes: dict[str, KeyScheme], given: str) -> str:
    """What the schemes make of a key, in a sentence."""
    key = as_printed(given)[:60]
    found = editions_of(key, schemes)
    if not found:
        return "A key of no edition: whoever registers it is told what keys look like."
    edition = found[0]
    name = Edition(edition).label
    if schemes[edition].proves(key):
        return f"A key of the {name}, and its check digit is right: it counts at once."
    if schemes[edition].check:
        return f"It has the form of the {name}, but its check digit is wrong: it waits for people."
    return f"It has the form of the {name}: it waits until somebody confirms it."


def _shown(version: KeySchemesVersion) -> list[tuple[str, str, str]]:
    return [
        (str(Edition(edition).label), ", ".join(one.patterns) or "any", CHECKS[one.check])
        for edition, one in version.read().items()
    ]


assert isinstance(admin.site, Site)
admin.site.add_pages(
    ("licences/waiting/", claims, "claims"),
    ("licences/<int:pk>/claim/", claim, "claim"),
    ("licence-keys/", licence_keys, "licence_keys"),
)
