"""Newsletters for their readers: choosing, the archive, leaving with one click, what one runs."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.authentication import person_of_request
from accounts.http import ContactRequest, contact_required
from accounts.models import Person
from core import rls
from core.asking import address_of
from core.errors import Refusal
from core.form_pages import submitted
from core.paging import paged
from core.reading import one_or_404
from core.throttle import within
from resources import policies
from resources.actions.newsletters.subscribing import ask, choose, confirm, leave
from resources.forms.newsletters import AskForm, ChooseForm
from resources.models import AdvisoryReach, Newsletter, NewsletterIssue
from resources.reads.newsletters.pages import kinds_for, with_reasons
from resources.reads.readers import reader_of
from resources.views.articles import frame

PAGE = 30
NEWEST = 8
HOUR = 3600


@require_http_methods(["GET", "HEAD", "POST"])
def newsletters(request: HttpRequest) -> HttpResponse:
    """The kinds, with what this reader gets, and what came last. A stranger asks for them here."""
    person, at = person_of_request(request), timezone.now()
    form = AskForm(request.POST or None)
    done, status = submitted(request, form, lambda: _ask(request, form))
    if done is not None:
        return done
    issues = NewsletterIssue.objects.visible_to(reader_of(person, at)).for_list()
    context = {
        "kinds": kinds_for(person, at),
        "issues": issues[:NEWEST],
        "may_choose": policies.may_choose_news(person),
        "form": form,
        "reaches": _unread(person),
    }
    return render(
        request, "resources/newsletters.html", context | frame(request, person), status=status
    )


def _ask(request: HttpRequest, form: AskForm) -> HttpResponse:
    """Always the same answer, whatever we know of the address, or think of the asking."""
    address = form.cleaned_data["address"].lower()
    often = [
        within(settings.NEWSLETTER_ASKED_AN_HOUR, f"news-from:{address_of(request)}", seconds=HOUR),
        within(3, f"news-to:{address}", seconds=HOUR),
        within(60 * settings.NEWSLETTER_ASKED_AN_HOUR, "news-asked", seconds=HOUR),
    ]
    if all(often):
        with rls.everything():
            ask(address, list(form.cleaned_data["wanted"]), at=timezone.now())
    return redirect("resources:newsletter_asked")


@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    """What happens next."""
    person = person_of_request(request)
    return render(request, "resources/newsletter_asked.html", frame(request, person))


@require_POST
@contact_required
def chosen(request: ContactRequest) -> HttpResponse:
    """What a customer's person wants to read from now on."""
    form = ChooseForm(request.POST)
    if form.is_valid():
        wanted = [one.pk for one in form.cleaned_data["wanted"]]
        choose(wanted, by=request.user, at=timezone.now())
        messages.success(
            request, gettext("Kept. Mails about your incidents and your account go on.")
        )
    return redirect("resources:newsletters")


@require_safe
def newsletter(request: HttpRequest, slug: str) -> HttpResponse:
    """The archive of one newsletter, as far as this reader may read it."""
    person, at = person_of_request(request), timezone.now()
    found = one_or_404(Newsletter.objects.all(), slug=slug)
    rows = NewsletterIssue.objects.visible_to(reader_of(person, at)).filter(newsletter=found)
    context = {"newsletter": found, "page_obj": paged(rows.for_list(), request, size=PAGE)}
    return render(request, "resources/newsletter.html", context | frame(request, person))


@require_safe
def issue(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One issue as everybody reads it: nothing here is made for the reader of a mail."""
    person, at = person_of_request(request), timezone.now()
    rows = NewsletterIssue.objects.visible_to(reader_of(person, at)).select_related("newsletter")
    found = rows.filter(newsletter__slug=slug, number=number).first()
    if found is None:
        context = frame(request, person)
        return render(request, "resources/newsletter_not_here.html", context, status=404)
    context = {
        "issue": found,
        "reach": _reach_of(person, found),
        "may_write": person is not None and policies.may_write_news(person),
    }
    return render(request, "resources/newsletter_issue.html", context | frame(request, person))


def _reach_of(person: Person | None, issue: NewsletterIssue) -> Any:
    if person is None or not person.is_customer or not issue.newsletter.is_advisory:
        return None
    rows = AdvisoryReach.objects.visible_to(person).filter(issue=issue, spared_at=None)
    return next(iter(with_reasons(rows.select_related("read_by"))), None)


def _unread(person: Person | None) -> Any:
    if person is None or not person.is_customer:
        return []
    return with_reasons(AdvisoryReach.objects.visible_to(person).unread())


@require_http_methods(["GET", "HEAD", "POST"])
def confirmed(request: HttpRequest, token: str) -> HttpResponse:
    """A stranger confirms with a button: programs that look into mails follow links (NL3)."""
    person = person_of_request(request)
    context: dict[str, Any] = {"token": token} | frame(request, person)
    if request.method != "POST":
        return render(request, "resources/newsletter_confirm.html", context)
    try:
        with rls.everything():
            context["joined"] = confirm(token, at=timezone.now())
    except Refusal as refusal:
        context["refusal"] = str(refusal)
        return render(request, "resources/newsletter_confirm.html", context, status=refusal.status)
    return render(request, "resources/newsletter_confirm.html", context)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def left(request: HttpRequest, token: str) -> HttpResponse:
    """NL2: a POST acts, without cookies, a token of a form, or a redirection (RFC 8058).

    A GET shows the button and never acts. The answers for a good and a bad link are the same.
    """
    if request.method == "POST":
        with rls.everything():
            leave(token, at=timezone.now())
    context = {"is_done": request.method == "POST"}
    response = render(request, "resources/newsletter_leave.html", context)
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response
