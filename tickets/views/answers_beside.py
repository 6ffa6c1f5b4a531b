"""Beside the form of a report: what may answer it already. Never in the way of filing it."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from accounts.http import ContactRequest, contact_required
from core.throttle import within
from resources.actions.articles.heard import SAID_A_DAY, note_answered
from resources.enums import Answered
from resources.errors import NothingAnswered
from resources.models import Article, Defect
from resources.reads.readers import reader_of
from tickets.models import Incident
from tickets.reads import answers_beside as reading

LONGEST = 2000  # characters of a text that are looked at


@require_POST
@contact_required
def answers_beside(request: ContactRequest) -> HttpResponse:
    """What fits as far as it is written; a part of the page for htmx, else a page of its own.

    A POST, since a report does not fit into an address; it writes nothing.
    """
    subject, body = request.POST.get("subject", ""), request.POST.get("body", "")
    beside = reading.answers_beside(subject[:LONGEST], body[:LONGEST], request.user, timezone.now())
    is_part = bool(request.headers.get("HX-Request"))
    template = "tickets/_answers_found.html" if is_part else "tickets/answers_beside.html"
    return render(request, template, {"beside": beside, "subject": subject, "is_part": is_part})


@require_POST
@contact_required
def answered(request: ContactRequest) -> HttpResponse:
    """This answers it: counted, and the report need not be filed. What was typed is kept."""
    kind, _, key = request.POST.get("what", "").partition(":")
    if kind not in Answered.values or not (key.isascii() and key.isdigit() and len(key) < 16):
        raise NothingAnswered()
    answers = Answered(kind)
    if not _seen(request, answers).filter(pk=int(key)).exists():
        raise NothingAnswered()
    if within(SAID_A_DAY, f"answered:{request.user.pk}", seconds=24 * 3600):
        note_answered(answers, int(key), by=request.user, at=timezone.now())
    messages.success(
        request,
        gettext(
            "Good that it helped. What you typed is kept, should you want to report it after all."
        ),
    )
    return redirect("tickets:overview")


def _seen(
    request: ContactRequest, kind: Answered
) -> QuerySet[Article] | QuerySet[Defect] | QuerySet[Incident]:
    if kind == Answered.ARTICLE:
        return Article.objects.visible_to(reader_of(request.user, timezone.now()))
    if kind == Answered.DEFECT:
        return reading.defects_met_by(request.user)
    return Incident.objects.visible_to(request.user)
