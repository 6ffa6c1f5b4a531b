"""One customer's account page: how it fares, what happened, what is to be done."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import SignedInRequest
from accounts.models import Organisation
from core.form_pages import submitted
from core.reading import one_or_404
from office import policies
from office.actions.notes import finish_step, plan_review, write_note
from office.desk.customers import SECTION
from office.errors import QuarterUnusable
from office.forms.accounts import NoteForm, ReviewForm
from office.models import AccountNote, ReviewPlan
from office.pdf.deck import render as render_deck
from office.reads.account.people import people_of, products_of
from office.reads.account.story import SUBJECTS, open_steps, story_of
from office.reads.deck import deck_of
from office.reads.health import score_chart, weeks_of
from office.reads.portfolio import rows_of
from office.rules.quarters import Quarter

YEAR = timedelta(days=365)


@require_safe
def account(request: SignedInRequest, slug: str) -> HttpResponse:
    """`?about=` narrows the time line, `?page=` turns it."""
    return _page(request, _customer(request, slug))


@require_http_methods(["POST"])
def account_note(request: SignedInRequest, slug: str) -> HttpResponse:
    """Keep a note, with or without a next step."""
    customer, form = _customer(request, slug), NoteForm(request.POST)

    def keep() -> HttpResponse:
        write_note(customer, by=request.user, at=timezone.now(), **form.cleaned_data)
        messages.success(request, "The note is kept.")
        return redirect("admin:account", customer.slug)

    done, status = submitted(request, form, keep)
    return done or _page(request, customer, status=status, note_form=form)


@require_http_methods(["POST"])
def account_review(request: SignedInRequest, slug: str) -> HttpResponse:
    """Plan the next review."""
    customer, form = _customer(request, slug), ReviewForm(request.POST)

    def keep() -> HttpResponse:
        plan_review(customer, by=request.user, at=timezone.now(), **form.cleaned_data)
        messages.success(request, "The review is planned.")
        return redirect("admin:account", customer.slug)

    done, status = submitted(request, form, keep)
    return done or _page(request, customer, status=status, review_form=form)


@require_POST
def account_step(request: SignedInRequest, pk: int) -> HttpResponse:
    """A next step is done."""
    notes = AccountNote.objects.visible_to(request.user).select_related("organisation")
    note = one_or_404(notes, pk=pk)
    finish_step(note, by=request.user, at=timezone.now())
    messages.success(request, f"Done: {note.next_step}")
    return redirect("admin:account", note.organisation.slug)


@require_safe
def account_deck(request: SignedInRequest, slug: str) -> HttpResponse:
    """The review deck of `?quarter=`, the last whole one without it."""
    customer, at = _customer(request, slug), timezone.now()
    usual = Quarter.of(at, customer.timezone).previous()
    try:
        quarter = Quarter.parse(request.GET.get("quarter") or str(usual))
        deck = deck_of(customer, quarter, at=at)
    except ValueError as error:
        raise QuarterUnusable(why=str(error)) from None
    if deck is None:
        raise QuarterUnusable(why=f"{quarter.label} has not begun yet. Choose an earlier one.")
    response = HttpResponse(render_deck(deck), content_type="application/pdf")
    file = f"review-{customer.slug}-{quarter}.pdf".lower()
    response["Content-Disposition"] = f'inline; filename="{file}"'
    return response


def _customer(request: SignedInRequest, slug: str) -> Organisation:
    if not policies.may_see_customers(request.user):
        raise Http404
    visible = Organisation.objects.visible_to(request.user).select_related("tam", "partner")
    return get_object_or_404(visible, slug=slug)


def _page(
    request: SignedInRequest, customer: Organisation, *, status: int = 200, **forms: Form
) -> HttpResponse:
    at = timezone.now()
    (row,) = rows_of([customer], at=at)
    plan = ReviewPlan.objects.filter(organisation=customer).select_related("made_by").first()
    context: dict[str, Any] = {
        "organisation": customer,
        "row": row,
        "history_chart": score_chart(weeks_of(customer.pk, at=at)),
        "story": story_of(
            customer, asked=request.GET.get("page"), subject=request.GET.get("about", "")
        ),
        "subjects": [("", "Everything"), *((key, name) for key, (name, _) in SUBJECTS.items())],
        "steps": open_steps(customer),
        "people": people_of(customer, reader=request.user, since=at - YEAR),
        "products": products_of(customer),
        "plan": plan,
        "quarters": _quarters(at, customer.timezone),
        "note_form": NoteForm(),
        "review_form": ReviewForm(initial={"on": plan.on, "agenda": plan.agenda} if plan else {}),
        "now": at,
        "section": SECTION,
    }
    return render(request, "staff/office/account.html", context | forms, status=status)


def _quarters(at: datetime, timezone: str) -> list[str]:
    """The running quarter and the five before it, the newest first."""
    found = [Quarter.of(at, timezone)]
    for _ in range(5):
        found.append(found[-1].previous())
    return [str(one) for one in found]
