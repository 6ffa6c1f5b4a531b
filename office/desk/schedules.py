"""What goes out by itself: the list, setting it up from a picture or a customer, stopping it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import SignedInRequest
from accounts.models import Organisation
from core.form_pages import submitted
from core.reading import one_or_404
from core.text import clean
from office import policies
from office.actions import schedules as actions
from office.actions.sending_out import asked_for, owe_picture
from office.forms.schedules import PictureForm, ReportForm, ScheduleForm
from office.models import PictureSchedule, ReportSchedule
from office.reads.figures.asked import asked_by, asked_by_text
from office.reads.figures.picture import filter_in_words
from office.reads.figures.tables import PICTURES
from office.reads.schedules import going_out, readers_of_figures, readers_of_reports

SECTION = "By mail"  # as the rail names it


@require_safe
def schedules(request: SignedInRequest) -> HttpResponse:
    """All that goes out by itself, and comes to or belongs to whoever looks; `?customer=`."""
    _check(request)
    slug = clean(request.GET.get("customer", ""))[:80]
    customer = Organisation.objects.visible_to(request.user).filter(slug=slug).first()
    context = {
        "rows": going_out(request.user, customer=customer.slug if customer else ""),
        "customer": customer,
        "section": SECTION,
    }
    return render(request, "staff/office/schedules.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def schedule_new_picture(request: SignedInRequest) -> HttpResponse:
    """Have the picture of `?show=` with what narrows it sent by mail."""
    _check(request)
    asked = asked_by(request.GET, at=timezone.now())
    show = request.GET.get("show", "")
    if show not in PICTURES:
        raise Http404
    return _picture(request, None, show=show, query=asked.narrowing)


@require_http_methods(["GET", "HEAD", "POST"])
def schedule_picture(request: SignedInRequest, pk: int) -> HttpResponse:
    _check(request)
    seen = PictureSchedule.objects.visible_to(request.user).select_related("by", "set_by")
    one = one_or_404(seen, pk=pk)
    if not policies.may_change(request.user, one):
        raise Http404
    return _picture(request, one, show=one.show, query=one.query)


@require_http_methods(["GET", "HEAD", "POST"])
def schedule_new_report(request: SignedInRequest, slug: str) -> HttpResponse:
    """Have a customer's monthly report sent by mail."""
    visible = Organisation.objects.visible_to(request.user)
    organisation = get_object_or_404(visible, slug=slug)
    if not policies.may_keep(request.user, organisation):
        raise Http404
    return _report(request, None, organisation)


@require_http_methods(["GET", "HEAD", "POST"])
def schedule_report(request: SignedInRequest, pk: int) -> HttpResponse:
    seen = ReportSchedule.objects.visible_to(request.user)
    one = one_or_404(seen.select_related("organisation", "by", "set_by"), pk=pk)
    return _report(request, one, one.organisation)


@require_POST
def schedule_picture_action(request: SignedInRequest, pk: int, action: str) -> HttpResponse:
    """Stop it, take it up again, leave it, or have it sent to oneself now to look at it."""
    _check(request)
    person, at = request.user, timezone.now()
    one = one_or_404(PictureSchedule.objects.visible_to(person).select_related("by"), pk=pk)
    if action == "leave":
        actions.leave(one, by=person, at=at)
        return _said(request, "It does not come to you any more.")
    if action == "try":
        asked = asked_for(one, one.rhythm.last_until(at))
        owe_picture(one, asked, person, key=f"schedule-try:{pk}:{at}", at=at)
        return _said(request, f"On its way to {person.email}, as it looks to you.")
    return _stopped_or_not(request, one, action)


@require_POST
def schedule_report_action(request: SignedInRequest, pk: int, action: str) -> HttpResponse:
    """Stop it, or take it up again."""
    rows = ReportSchedule.objects.visible_to(request.user).select_related("organisation")
    return _stopped_or_not(request, one_or_404(rows, pk=pk), action)


def _stopped_or_not(
    request: SignedInRequest, one: PictureSchedule | ReportSchedule, action: str
) -> HttpResponse:
    if action == "stop":
        actions.stop(one, by=request.user, at=timezone.now())
        return _said(request, "It goes out no more.")
    if action == "resume":
        actions.resume(one, by=request.user, at=timezone.now())
        return _said(request, "It goes out again.")
    raise Http404


def _said(request: SignedInRequest, text: str) -> HttpResponse:
    messages.success(request, text)
    return redirect("admin:schedules")


def _picture(
    request: SignedInRequest, one: PictureSchedule | None, *, show: str, query: str
) -> HttpResponse:
    person, at = request.user, timezone.now()
    people = readers_of_figures(person)
    form = PictureForm(people, one, person.timezone, _sent(request))

    def keep() -> HttpResponse:
        kept = actions.set_picture(
            one,
            form.wanted(),
            show=show,
            query=query,
            window=form.cleaned_data["window"],
            by=person,
            at=at,
        )
        return _kept(request, kept)

    done, status = submitted(request, form, keep)
    if done is not None:
        return done
    what = PICTURES[show].title
    narrowed = filter_in_words(asked_by_text(query, at=at), person)
    return _page(request, form, one, what=what, narrowed=narrowed, status=status)


def _report(
    request: SignedInRequest, one: ReportSchedule | None, organisation: Organisation
) -> HttpResponse:
    person, at = request.user, timezone.now()
    people = readers_of_reports(person, organisation)
    form = ReportForm(people, one, person.timezone, _sent(request))

    def keep() -> HttpResponse:
        wanted = form.wanted()
        kept = actions.set_report(one, wanted, organisation=organisation, by=person, at=at)
        return _kept(request, kept)

    done, status = submitted(request, form, keep)
    if done is not None:
        return done
    what = f"Monthly report, {organisation}"
    return _page(request, form, one, what=what, organisation=organisation, status=status)


def _sent(request: SignedInRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _kept(request: SignedInRequest, one: PictureSchedule | ReportSchedule) -> HttpResponse:
    messages.success(request, f"{actions.name_of(one)} goes out {one.rhythm}.")
    return redirect("admin:schedules")


def _page(
    request: SignedInRequest,
    form: ScheduleForm,
    one: PictureSchedule | ReportSchedule | None,
    *,
    status: int,
    **context: Any,
) -> HttpResponse:
    context |= {"form": form, "one": one, "section": SECTION}
    return render(request, "staff/office/schedule.html", context, status=status)


def _check(request: SignedInRequest) -> None:
    if not policies.may_see_figures(request.user):
        raise Http404  # others do not learn that there is such a page


PAGES = (
    ("schedules/", schedules, "schedules"),
    ("schedules/picture/", schedule_new_picture, "schedule_new_picture"),
    ("schedules/picture/<int:pk>/", schedule_picture, "schedule_picture"),
    ("schedules/report/<int:pk>/", schedule_report, "schedule_report"),
    ("schedules/report/of/<slug:slug>/", schedule_new_report, "schedule_new_report"),
    ("schedules/picture/<int:pk>/<slug:action>/", schedule_picture_action, "picture_by_mail"),
    ("schedules/report/<int:pk>/<slug:action>/", schedule_report_action, "report_by_mail"),
)
