"""The team's newsletters: the list, one issue with what became of it, the kinds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import SignedInRequest
from core import rls
from core.errors import Refusal
from core.form_pages import submitted
from core.framing import framed
from core.journal import entries_of, label
from core.kinds import words_of
from core.markdown import render_page
from core.paging import paged
from core.reading import one_or_404
from notices.models import Notice
from notices.sending.rendering import mail_of
from resources import policies
from resources.actions.newsletters import sending, writing
from resources.errors import FormUnusable
from resources.forms.articles import PublishForm
from resources.forms.newsletters import IssueForm, NewsletterForm, first_shown
from resources.models import Newsletter, NewsletterIssue
from resources.reads.newsletters.figures import figures_of
from resources.reads.newsletters.reach import count_readers

PAGE = 50
SECTION = "Newsletters"
ENTRIES = 30


def check_allowed(request: SignedInRequest) -> None:
    """Others do not learn that there is such a page."""
    if not policies.may_write_news(request.user):
        raise Http404


@require_safe
def newsletters(request: SignedInRequest) -> HttpResponse:
    """All issues, what was written last first."""
    check_allowed(request)
    context = {
        "page_obj": paged(NewsletterIssue.objects.for_desk(), request, size=PAGE),
        "may_send": policies.may_send_news(request.user),
        "section": SECTION,
    }
    return render(request, "resources/desk/newsletters.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def issue_new(request: SignedInRequest) -> HttpResponse:
    check_allowed(request)
    form = IssueForm(request.POST or None)

    def save() -> HttpResponse:
        made = writing.save_issue(form.draft(), by=request.user, at=timezone.now())
        messages.success(request, "The issue is kept. Try it on yourself before you send it.")
        return redirect("admin:newsletter_issue", made.pk)

    done, status = submitted(request, form, save)
    if done is not None:
        return done
    context = {"form": form, "section": SECTION, "advisories": _advisory_keys()}
    return render(request, "resources/desk/newsletter_new.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def issue(request: SignedInRequest, pk: int) -> HttpResponse:
    """One issue: to write while it waits, then what became of it."""
    check_allowed(request)
    found = one_or_404(NewsletterIssue.objects.for_desk().select_related("sent_by"), pk=pk)
    form = IssueForm(request.POST or None, initial=first_shown(found))

    def save() -> HttpResponse:
        writing.save_issue(form.draft(), by=request.user, at=timezone.now(), issue=found)
        messages.success(request, "The issue is kept.")
        return redirect("admin:newsletter_issue", found.pk)

    done, status = submitted(request, form, save)
    if done is not None:
        return done
    context = _about(request, found) | {"form": form}
    return render(request, "resources/desk/newsletter_issue.html", context, status=status)


def _about(request: SignedInRequest, found: NewsletterIssue) -> dict[str, Any]:
    context: dict[str, Any] = {
        "issue": found,
        "entries": [(one, words_of(one, str)) for one in entries_of(found).reverse()[:ENTRIES]],
        "may_send": policies.may_send_news(request.user),
        "advisories": _advisory_keys(),
        "section": SECTION,
    }
    if found.is_unsent:
        with rls.everything():  # a number alone, of no customer
            context["readers"] = count_readers(found, timezone.now())
        return context | {"send_form": PublishForm(request.user.timezone)}
    return context | {"figures": figures_of(found), "reached": _reached(found)}


def _reached(found: NewsletterIssue) -> dict[str, int]:
    """Of an advisory: how many organisations it concerns, and how many have read it."""
    if not found.newsletter.is_advisory:
        return {}
    with rls.everything():  # numbers alone, of no customer
        return found.reaches.aggregate(
            count=Count("pk", filter=Q(spared_at=None)),
            certain=Count("pk", filter=Q(spared_at=None, is_certain=True)),
            read=Count("pk", filter=Q(spared_at=None, read_at__isnull=False)),
        )


def _advisory_keys() -> list[str]:
    return [
        str(pk) for pk in Newsletter.objects.filter(is_advisory=True).values_list("pk", flat=True)
    ]


@require_safe
def issue_mail(request: SignedInRequest, pk: int) -> HttpResponse:
    """The mail as the reader of this page would get it, in a frame; nothing is sent."""
    check_allowed(request)
    found = one_or_404(NewsletterIssue.objects.select_related("newsletter"), pk=pk)
    notice = Notice(
        to=request.user,
        template=sending.template_of(found),
        subject=label(found),
        context={"test": True},
    )
    notice.pk = 0
    return framed(str(mail_of(notice).alternatives[0][0]))


@require_POST
def issue_preview(request: SignedInRequest) -> HttpResponse:
    """What is typed, as readers would see it; nothing is kept. For htmx."""
    check_allowed(request)
    page = render_page(request.POST.get("body", "")[:100_000], {})
    return render(request, "resources/desk/_article_preview.html", {"page": page})


@require_POST
def issue_action(request: SignedInRequest, pk: int, name: str) -> HttpResponse:
    """One step of an issue; a refusal is said on its page, and changes nothing."""
    check_allowed(request)
    found = one_or_404(NewsletterIssue.objects.for_desk(), pk=pk)
    action = ACTIONS.get(name)
    if action is None:
        raise Http404
    try:
        messages.success(request, action(request, found))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("admin:newsletter_issue", found.pk)


def _try(request: SignedInRequest, issue: NewsletterIssue) -> str:
    with rls.everything():  # the notice is about no customer
        sending.send_test(issue, by=request.user, at=timezone.now())
    return f"On its way to {request.user.email}. Nobody else gets it."


def _send(request: SignedInRequest, issue: NewsletterIssue) -> str:
    form = PublishForm(request.user.timezone, request.POST)
    if not form.is_valid():
        raise FormUnusable(problem=next(iter(form.errors.values()))[0])
    when = form.moment()
    with rls.everything():  # who gets it is asked of all customers
        sending.schedule(issue, by=request.user, at=timezone.now(), when=when)
    return "It is being sent." if when is None else f"It will be sent {when:%d %b %Y, %H:%M}."


def _take_back(request: SignedInRequest, issue: NewsletterIssue) -> str:
    sending.take_back(issue, by=request.user, at=timezone.now())
    return "It is a draft again, and will not be sent."


ACTIONS: dict[str, Callable[[SignedInRequest, NewsletterIssue], str]] = {
    "try": _try,
    "send": _send,
    "take-back": _take_back,
}


@require_http_methods(["GET", "HEAD", "POST"])
def kinds(request: SignedInRequest) -> HttpResponse:
    """The newsletters; leads and managers add one here."""
    return _edit(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
def kind(request: SignedInRequest, pk: int) -> HttpResponse:
    return _edit(request, one_or_404(Newsletter.objects.all(), pk=pk))


def _edit(request: SignedInRequest, old: Newsletter | None) -> HttpResponse:
    check_allowed(request)
    names = ("name", "what", "position", "is_advisory", "comes_with_support")
    form = NewsletterForm(
        request.POST or None, initial={one: getattr(old, one) for one in names} if old else None
    )

    def save() -> HttpResponse:
        said = form.cleaned_data
        kept = writing.keep_newsletter(**said, by=request.user, at=timezone.now(), old=old)
        messages.success(request, f"“{kept.name}” is kept.")
        return redirect("admin:newsletter_kinds")

    done, status = submitted(request, form, save)
    if done is not None:
        return done
    context = {
        "rows": Newsletter.objects.annotate(count=Count("issues")).order_by("position", "name"),
        "form": form,
        "old": old,
        "may_keep": policies.may_send_news(request.user),
        "section": SECTION,
    }
    return render(request, "resources/desk/newsletter_kinds.html", context, status=status)
