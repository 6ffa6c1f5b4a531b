"""Mails that became nothing: kept aside for a human, or opened nothing (M2)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.http import SignedInRequest
from accounts.models import Person
from core.errors import NotAllowed
from core.form_pages import submitted
from core.framing import as_download
from core.paging import slice_of
from mailroom import policies
from mailroom.actions import deciding as mail_deciding
from mailroom.actions.originals import take_original
from mailroom.enums import MailOutcome
from mailroom.errors import NoSuchIncident
from mailroom.forms import FORMS, MailForm
from mailroom.models import InboundMail
from mailroom.querysets import InboundMailQuerySet
from mailroom.text.reading import read_mail
from tickets.models import Incident


@require_safe
def mails(request: SignedInRequest) -> HttpResponse:
    """Kept aside for a human. Newest first, without the raw mails themselves."""
    return _listed(request, _seen(request).kept_for_a_human(), "Mail kept aside")


@require_safe
def opened_nothing(request: SignedInRequest) -> HttpResponse:
    """What answered us automatically, came before, or was dismissed; each with its reason."""
    return _listed(request, _seen(request).opened_nothing(), "Mail that opened nothing")


def _listed(request: SignedInRequest, found: InboundMailQuerySet, title: str) -> HttpResponse:
    words = request.GET.get("q", "").strip()[:100]
    rows = found.saying(words).defer("raw").order_by("-received_at", "-pk")
    page = slice_of(rows, request.GET.get("page"))
    context = {"page": page, "title": title, "section": "Mail kept aside", "q": words}
    return render(request, "staff/mails.html", context)


@require_safe
def mail(request: SignedInRequest, pk: int) -> HttpResponse:
    """What can be read of it, as text; nothing of it is rendered."""
    return _show(request, get_object_or_404(_seen(request).made_nothing(), pk=pk), {})


@require_POST
def decide(request: SignedInRequest, pk: int, name: str) -> HttpResponse:
    """Do what a person decided; a refusal shows the page with the form as it was sent."""
    if name not in FORMS:
        raise Http404
    found = get_object_or_404(_seen(request).made_nothing(), pk=pk)
    if not policies.may_decide_mail(request.user):
        raise NotAllowed()
    form = FORMS[name](request.POST, person=request.user)
    done, status = submitted(request, form, lambda: _done(request, found, name, form.cleaned_data))
    return done or _show(request, found, {name: form}, status=status)


def _done(
    request: SignedInRequest, found: InboundMail, name: str, asked: dict[str, Any]
) -> HttpResponse:
    at, by = timezone.now(), request.user
    if name == "dismiss":
        mail_deciding.dismiss(found, by=by, at=at, **asked)
        messages.success(request, "The mail is dismissed. It stays in the archive.")
        return redirect("admin:mail_aside")
    if name == "incident":
        incident = mail_deciding.make_incident(found, by=by, at=at, **asked)
    else:
        old = _incident(by, asked.pop("number"))
        incident = mail_deciding.add_to_incident(found, old, by=by, at=at, **asked).incident
    messages.success(request, f"The mail is part of {incident.number} now.")
    return redirect("admin:incident", incident.number)


def _incident(person: Person, number: str) -> Incident:
    found = Incident.objects.visible_to(person).select_related("organisation", "decision")
    incident = found.filter(number=number.strip().upper()).first()
    if incident is None:
        raise NoSuchIncident(number=number)
    return incident


@require_safe
def raw(request: SignedInRequest, pk: int) -> HttpResponse:
    """The mail byte for byte, as a download that no browser opens by itself."""
    found = get_object_or_404(_seen(request).made_nothing(), pk=pk)
    taken = take_original(found, by=request.user, at=timezone.now())
    return as_download(taken, f"mail-{found.pk}.eml")


def _show(
    request: SignedInRequest, found: InboundMail, sent: dict[str, MailForm], *, status: int = 200
) -> HttpResponse:
    read = read_mail(bytes(found.raw), own_addresses=settings.SUPPORT_ADDRESSES)
    forms = {}
    if policies.may_decide_mail(request.user) and found.outcome in mail_deciding.KEPT:
        forms = {
            name: sent.get(name) or form(person=request.user, read=read)
            for name, form in FORMS.items()
        }
    context = {
        "mail": found,
        "read": read,
        "forms": forms,
        "sent": next(iter(sent), ""),
        "is_kept": found.outcome in (MailOutcome.HELD, MailOutcome.UNREADABLE),
        "section": "Mail kept aside",
    }
    return render(request, "staff/mail.html", context, status=status)


def _seen(request: SignedInRequest) -> InboundMailQuerySet:
    if not policies.may_see_mail(request.user):
        raise NotAllowed()
    return InboundMail.objects.visible_to(request.user)
