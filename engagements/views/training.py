"""Trainings in the portal: what is offered, who of ours takes part, certificates."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import ContactRequest, SignedInRequest, contact_required, person_required
from accounts.models import Person
from core.errors import Refusal
from core.form_pages import submitted
from core.paging import paged
from core.reading import one_or_404
from engagements import policies
from engagements.actions.training import attendance, registering
from engagements.actions.training.telling import invitation
from engagements.enums import PlaceState
from engagements.forms.training import FeedbackForm, ParticipantForm
from engagements.models import (
    Certificate,
    CourseMaterial,
    Registration,
    TrainingCourse,
    TrainingSession,
)
from engagements.reads.training.certificates import pdf_of
from engagements.reads.training.pages import (
    coming_for,
    duration_of,
    newest_material,
    parts_of,
    registrations_of,
)
from engagements.reads.training.right import right_of

PAGE = 25
COMING = 30


@require_safe
@contact_required
def trainings(request: ContactRequest) -> HttpResponse:
    """What is coming, whether one may take part and why, and our own people with certificates."""
    at = timezone.now()
    page = paged(registrations_of(request.user), request, size=PAGE)
    context = {
        "right": right_of(request.organisation, at=at),
        "coming": list(coming_for(request.user, at)[:COMING]),
        "courses": list(TrainingCourse.objects.filter(is_offered=True)),
        "page_obj": page,
        "touchable": _touchable(request.user, page.object_list),
        "at": at,
    }
    return render(request, "engagements/trainings.html", context)


@require_safe
@contact_required
def course(request: ContactRequest, course: str) -> HttpResponse:
    """What a course teaches, and when it is held next."""
    at = timezone.now()
    found = one_or_404(TrainingCourse.objects.filter(is_offered=True), key=course)
    context = {
        "course": found,
        "coming": list(coming_for(request.user, at).filter(course=found)[:COMING]),
        "right": right_of(request.organisation, at=at),
        "at": at,
    }
    return render(request, "engagements/training_course.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@contact_required
def session(request: ContactRequest, pk: int) -> HttpResponse:
    """One session; a POST registers somebody of ours."""
    at, person = timezone.now(), request.user
    found = _session(request, pk)
    others = policies.may_register_others(person)
    first = {} if others else {"name": person.name, "email": person.email}
    form = ParticipantForm(request.POST or None, initial=first)

    def save() -> HttpResponse:
        said = form.cleaned_data
        made = registering.register(
            found,
            registering.Participant(said["name"], said["email"]),
            organisation=request.organisation,
            by=person,
            at=at,
        )
        if made.is_seated:
            messages.success(request, f"{made.name} has a seat. The appointments are mailed.")
        else:
            messages.success(request, f"All seats are taken: {made.name} is on the waiting list.")
        return redirect(found)

    done, status = submitted(request, form, save)
    if done is not None:
        return done
    context = _about(request, found) | {"form": form, "may_register_others": others}
    return render(request, "engagements/training_session.html", context, status=status)


def _about(request: ContactRequest, found: TrainingSession) -> dict[str, Any]:
    at, person = timezone.now(), request.user
    ours = list(registrations_of(person).filter(session=found).select_related("feedback"))
    mine = next((one for one in ours if one.person_id == person.pk and one.is_seated), None)
    feedback = getattr(mine, "feedback", None)
    return {
        "session": found,
        "course": found.course,
        "parts": parts_of(found, at),
        "duration": duration_of(found),
        "ours": ours,
        "mine": mine,
        "feedback": feedback,
        "scores": range(1, 6),
        "has_seat": any(one.is_seated for one in ours),
        "material": newest_material(found.course) if any(one.is_seated for one in ours) else [],
        "right": right_of(request.organisation, at=at),
        "has_begun": found.has_begun(at),
        "is_over": found.is_over(at),
        "touchable": _touchable(person, ours),
    }


def _touchable(person: Person, registrations: Iterable[Registration]) -> set[int]:
    """Those whose address and certificate they may read, and that they may withdraw."""
    touch = policies.may_touch_registration
    return {one.pk for one in registrations if touch(person, one)}


def _session(request: SignedInRequest, pk: int) -> TrainingSession:
    visible = TrainingSession.objects.visible_to(request.user).for_list()
    return one_or_404(visible.prefetch_related("parts"), pk=pk)


@require_safe
@contact_required
def session_calendar(request: ContactRequest, pk: int) -> HttpResponse:
    """All its parts for a calendar program; of whoever sees the session, its room with a seat."""
    found = _session(request, pk)
    seats = Registration.objects.visible_to(request.user).filter(session=found)
    has_seat = seats.filter(state=PlaceState.SEATED).exists()  # as on the page
    text = invitation(found, at=timezone.now(), with_room=has_seat)
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="training-{found.pk}.ics"'
    return response


@require_POST
@contact_required
def registration_withdraw(request: ContactRequest, pk: int) -> HttpResponse:
    one = _registration(request, pk)
    try:
        registering.withdraw(one, by=request.user, at=timezone.now())
        messages.success(request, f"{one.name} does not come any more.")
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect(one.session)


@require_POST
@contact_required
def registration_feedback(request: ContactRequest, pk: int) -> HttpResponse:
    """By who took part, once it is over."""
    one = _registration(request, pk)
    form = FeedbackForm(request.POST)
    if not form.is_valid():
        messages.error(request, gettext("Choose from 1 (poor) to 5 (very good)."))
        return redirect(one.session)
    said = form.cleaned_data
    try:
        attendance.say_feedback(
            one, said["score"], said["words"], by=request.user, at=timezone.now()
        )
        messages.success(request, gettext("Thank you. The trainer reads it."))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect(one.session)


def _registration(request: ContactRequest, pk: int) -> Registration:
    visible = Registration.objects.visible_to(request.user)
    return one_or_404(visible.select_related("organisation", "session__course"), pk=pk)


@require_safe
@person_required
def certificate_pdf(request: SignedInRequest, pk: int) -> HttpResponse:
    """Of its holder, who registered them, their admin contact, and of staff who serve them."""
    visible = Certificate.objects.visible_to(request.user)
    found = one_or_404(visible.select_related("organisation", "registration__organisation"), pk=pk)
    person = request.user
    if person.is_customer and not policies.may_touch_registration(person, found.registration):
        raise Http404
    response = HttpResponse(pdf_of(found), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="certificate-{found.number}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
@person_required
def training_material(request: SignedInRequest, token: str) -> FileResponse:
    """A file of a course, as a download; of staff, and of who has a seat in one of its sessions."""
    found = one_or_404(CourseMaterial.objects.visible_to(request.user), token=token)
    try:
        opened = found.file.open("rb")
    except FileNotFoundError as error:
        raise Http404("The file is no longer in the store.") from error
    response = FileResponse(
        opened, as_attachment=True, filename=found.name, content_type=found.content_type
    )
    response["Cache-Control"] = "private, max-age=3600"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
