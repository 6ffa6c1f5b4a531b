"""Service reports as the account manager works on them: figures, words, issue."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import SignedInRequest
from accounts.models import Organisation, Person
from core.errors import Refusal
from core.form_pages import submitted
from core.paging import paged
from core.text import clean
from reports import policies
from reports.actions.drafting import draft, write_words
from reports.actions.issuing import content_now, issue
from reports.actions.revising import revise
from reports.enums import ReportState
from reports.forms import WordsForm
from reports.models import ServiceReport
from reports.reads.page import page_of
from reports.reads.words import words_before
from reports.rules.months import Month

PAGE = 50


@require_safe
def report_list(request: HttpRequest) -> HttpResponse:
    person = cast(SignedInRequest, request).user
    visible = ServiceReport.objects.visible_to(person).for_list()
    state, wanted = request.GET.get("state", ""), clean(request.GET.get("organisation", ""))[:80]
    if state in ReportState.values:
        visible = visible.filter(state=state)
    if wanted:
        visible = visible.filter(organisation__slug=wanted)
    return render(
        request,
        "staff/reports/list.html",
        {
            "page_obj": paged(visible, request, size=PAGE),
            "state": state,
            "wanted": wanted,
            "states": [("", "All"), *ReportState.choices],
            "organisations": Organisation.objects.visible_to(person).order_by("name"),
            "last_month": str(Month.of(timezone.now(), "UTC").previous()),
        },
    )


@require_POST
def report_draft(request: HttpRequest) -> HttpResponse:
    """Draft a report by hand, for an organisation that the nightly drafts do not reach."""
    person = cast(SignedInRequest, request).user
    visible = Organisation.objects.visible_to(person)
    organisation = get_object_or_404(visible, slug=clean(request.POST.get("organisation", "")))
    if not policies.may_edit(person, organisation):
        messages.error(request, "Reports are drafted by the account manager or a manager.")
        return redirect("admin:reports")
    try:
        month = Month.parse(request.POST.get("month", ""))
    except ValueError as error:
        messages.error(request, str(error))
        return redirect("admin:reports")
    return redirect("admin:report", draft(organisation, month, at=timezone.now()).pk)


@require_http_methods(["GET", "HEAD", "POST"])
def report_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The figures as they stand, and the words; a POST keeps the words."""
    person = cast(SignedInRequest, request).user
    report = _report(request, pk)
    before = words_before(report)
    words = {"considerations": report.considerations, "recommendations": report.recommendations}
    if request.GET.get("words") == "last" and before is not None and not any(words.values()):
        words = {name: getattr(before, name) for name in words}
    form = WordsForm(request.POST) if request.method == "POST" else WordsForm(initial=words)

    def keep() -> HttpResponse:
        write_words(report, by=person, at=timezone.now(), **form.cleaned_data)
        messages.success(request, "Your words were kept.")
        return redirect("admin:report", report.pk)

    done, status = submitted(request, form, keep)
    if done is not None:
        return done
    content = content_now(report, at=timezone.now())
    others = list(_others(person, report))
    return render(
        request,
        "staff/reports/detail.html",
        {
            "report": report,
            "page": page_of(content),
            "form": form,
            "may_edit": policies.may_edit(person, report.organisation),
            "others": others,
            "before": before,
            "is_newest": all(one.revision < report.revision for one in others),
        },
        status=status,
    )


@require_POST
def report_issue(request: HttpRequest, pk: int) -> HttpResponse:
    """Issue it, with the words that come along, if any do: nothing typed is left behind."""
    person, report, at = cast(SignedInRequest, request).user, _report(request, pk), timezone.now()
    if "considerations" in request.POST:
        form = WordsForm(request.POST)
        if not form.is_valid():
            return report_detail(
                request, pk
            )  # with the words as they were typed, and what is wrong
        report = write_words(report, by=person, at=at, **form.cleaned_data)
    report = issue(report, by=person, at=at)
    messages.success(request, f"{report.number} was issued, and the customer was notified.")
    return redirect("admin:report", report.pk)


@require_POST
def report_issue_several(request: HttpRequest) -> HttpResponse:
    """Issue the chosen drafts whose words are written; each by itself, so that none stops another.

    A draft without words was not looked at: it is named and stays.
    """
    person, at = cast(SignedInRequest, request).user, timezone.now()
    keys = [int(one) for one in request.POST.getlist("report") if one.isdigit()][:PAGE]
    drafts = ServiceReport.objects.visible_to(person).filter(pk__in=keys).for_list()
    issued, left = [], []
    for report in drafts:
        if not (report.considerations or report.recommendations):
            left.append(f"{report.organisation}: write your words first.")
            continue
        try:
            with transaction.atomic():
                issued.append(str(issue(report, by=person, at=at).number))
        except Refusal as refusal:
            left.append(f"{report.organisation}: {refusal}")
    if issued:
        messages.success(request, f"Issued, and the customers were notified: {', '.join(issued)}.")
    for words in left:
        messages.error(request, words)
    return redirect(f"{reverse('admin:reports')}?state=draft")


@require_POST
def report_revise(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin a revision of an issued report, with the reason; it is a draft until it is issued."""
    person = cast(SignedInRequest, request).user
    report = _report(request, pk)
    reason = request.POST.get("reason", "")
    made = revise(report, reason=reason, by=person, at=timezone.now())
    messages.success(request, "The revision is a draft: look at it, add your words, and issue it.")
    return redirect("admin:report", made.pk)


def _others(person: Person, report: ServiceReport) -> QuerySet[ServiceReport]:
    """The first report and the revisions of the same month, but for this one."""
    visible = ServiceReport.objects.visible_to(person)
    return visible.of_month_of(report).exclude(pk=report.pk)


def _report(request: HttpRequest, pk: int) -> ServiceReport:
    person = cast(SignedInRequest, request).user
    visible = ServiceReport.objects.visible_to(person)
    related = ("organisation__tam", "issued_by", "revises")
    return get_object_or_404(visible.select_related(*related), pk=pk)
