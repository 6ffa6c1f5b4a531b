"""The team's beta programmes: the list, one with its builds, members and what they say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import F
from django.http import Http404, HttpResponse
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
from resources import policies
from resources.actions.beta import programmes
from resources.errors import FormUnusable
from resources.forms.beta import BetaForm, EndForm, TermsForm, first_shown
from resources.models import BetaFeedback, BetaMember, BetaProgramme
from resources.reads.beta.joining import levels_with_beta, names_of

PAGE = 50
SECTION = "Beta programmes"
# What nobody decided yet, then what was decided last.
WAITING_FIRST = (F("decided_at").desc(nulls_first=True), "-at", "-pk")
SHOWN = 100  # members and words on one page
ENTRIES = 20


def check_allowed(request: SignedInRequest) -> None:
    """Others do not learn that there is such a page."""
    if not policies.may_see_defects(request.user):
        raise Http404


@require_safe
def betas(request: SignedInRequest) -> HttpResponse:
    """All of them, the newest first."""
    check_allowed(request)
    context = {
        "page_obj": paged(BetaProgramme.objects.for_desk(), request, size=PAGE),
        "may_keep": policies.may_keep_betas(request.user),
        "section": SECTION,
    }
    return render(request, "resources/desk/betas.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def beta_new(request: SignedInRequest) -> HttpResponse:
    check_allowed(request)
    form = BetaForm(request.POST or None, initial=first_shown(None))

    def save() -> HttpResponse:
        made = programmes.save_programme(form.planned(), by=request.user, at=timezone.now())
        messages.success(request, "It is planned. Write its terms, then open it.")
        return redirect("admin:beta", made.pk)

    done, status = submitted(request, form, save)
    if done is not None:
        return done
    context = {"form": form, "section": SECTION}
    return render(request, "resources/desk/beta_new.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def beta(request: SignedInRequest, pk: int) -> HttpResponse:
    """One: what it is, its terms, builds, members, and what they said."""
    check_allowed(request)
    found = one_or_404(BetaProgramme.objects.select_related("made_by"), pk=pk)
    form = BetaForm(request.POST or None, initial=first_shown(found))

    def save() -> HttpResponse:
        at = timezone.now()
        programmes.save_programme(form.planned(), by=request.user, at=at, programme=found)
        messages.success(request, "It is kept.")
        return redirect("admin:beta", found.pk)

    done, status = submitted(request, form, save)
    if done is not None:
        return done
    context = _about(request, found) | {"form": form}
    return render(request, "resources/desk/beta.html", context, status=status)


def _about(request: SignedInRequest, found: BetaProgramme) -> dict[str, Any]:
    person = request.user
    terms = found.terms.first()
    members = BetaMember.objects.visible_to(person).filter(programme=found)
    said = BetaFeedback.objects.visible_to(person).filter(programme=found)
    return {
        "programme": found,
        "terms": terms,
        "terms_form": TermsForm(initial={"text": terms.text if terms else ""}),
        "end_form": EndForm(),
        "builds": found.builds.order_by("-place", "edition"),
        "members": members.for_list()[:SHOWN],
        "said": said.for_list().order_by(*WAITING_FIRST)[:SHOWN],
        "entries": [(one, words_of(one, str)) for one in entries_of(found).reverse()[:ENTRIES]],
        "levels": names_of(levels_with_beta()),
        "may_keep": policies.may_keep_betas(person) and found.ended_at is None,
        "may_open": policies.may_open_betas(person),
        "section": SECTION,
    }


@require_POST
def beta_action(request: SignedInRequest, pk: int, name: str) -> HttpResponse:
    """One step of a programme; a refusal is said on its page, and changes nothing."""
    check_allowed(request)
    found = one_or_404(BetaProgramme.objects.all(), pk=pk)
    action = BETA_ACTIONS.get(name)
    if action is None:
        raise Http404
    try:
        messages.success(request, action(request, found))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("admin:beta", found.pk)


def _cleaned(form: Any) -> dict[str, Any]:
    if not form.is_valid():
        raise FormUnusable(problem=next(iter(form.errors.values()))[0])
    said: dict[str, Any] = form.cleaned_data
    return said


def _terms(request: SignedInRequest, found: BetaProgramme) -> str:
    text = _cleaned(TermsForm(request.POST))["text"]
    terms = programmes.write_terms(found, text, by=request.user, at=timezone.now())
    return f"Version {terms.number} of the terms is what members accept."


def _open(request: SignedInRequest, found: BetaProgramme) -> str:
    programmes.open_programme(found, by=request.user, at=timezone.now())
    return "Customers see it, and may join."


def _end(request: SignedInRequest, found: BetaProgramme) -> str:
    how_on = _cleaned(EndForm(request.POST))["how_on"]
    programmes.end_programme(found, how_on=how_on, by=request.user, at=timezone.now())
    return "It has ended: its builds are offered no more, and its members are told."


BETA_ACTIONS: dict[str, Callable[[SignedInRequest, BetaProgramme], str]] = {
    "terms": _terms,
    "open": _open,
    "end": _end,
}
