"""The team's trainings: sessions with who takes part, courses with their material."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import SignedInRequest
from core.errors import Refusal
from core.form_pages import submitted
from core.paging import paged
from core.reading import one_or_404
from core.words import counted
from engagements import policies
from engagements.actions.training import attendance, certificates, courses, registering, sessions
from engagements.enums import ExamResult, PlaceState
from engagements.forms.training import (
    CourseForm,
    ExamForm,
    MaterialForm,
    ReasonForm,
    SessionForm,
    StaffParticipantForm,
    course_shown,
    first_shown,
)
from engagements.models import Certificate, Registration, TrainingCourse, TrainingSession
from engagements.reads.training.pages import TABS, history_of, lines_of, parts_of, sessions_of_tab
from resources.errors import FormUnusable

PAGE = 50
ENTRIES = 30
SECTION = "Trainings"


def check_allowed(request: SignedInRequest) -> None:
    """Others do not learn that there is such a page."""
    if not policies.may_see_training(request.user):
        raise Http404


@require_safe
def trainings(request: SignedInRequest) -> HttpResponse:
    check_allowed(request)
    tab = request.GET.get("tab", "")
    found = sessions_of_tab(request.user, tab, timezone.now())
    context = {
        "page_obj": paged(found, request, size=PAGE),
        "tabs": TABS,
        "tab": tab,
        "may_keep": policies.may_keep_sessions(request.user),
        "section": SECTION,
    }
    return render(request, "engagements/desk/trainings.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def training_new(request: SignedInRequest) -> HttpResponse:
    if not policies.may_keep_sessions(request.user):
        raise Http404
    first = {"trainer": request.user.pk, "timezone": request.user.timezone}
    first["course"] = request.GET.get("course", "")
    form = SessionForm(request.POST or None, person=request.user, initial=first)

    def save() -> HttpResponse:
        made = sessions.plan_session(form.plan(), by=request.user, at=timezone.now())
        messages.success(request, "The session is planned: customers can register.")
        return redirect("admin:training", made.pk)

    done, status = submitted(request, form, save)
    if done is not None:
        return done
    context = {"form": form, "section": SECTION}
    return render(request, "engagements/desk/training_new.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def training(request: SignedInRequest, pk: int) -> HttpResponse:
    """One session: who comes, who was there, certificates; a POST changes time, place or seats."""
    check_allowed(request)
    found = _session(request, pk)
    first = first_shown(found)
    form = SessionForm(request.POST or None, person=request.user, session=found, initial=first)

    def save() -> HttpResponse:
        sessions.change_session(found, form.plan(), by=request.user, at=timezone.now())
        messages.success(request, "The session is changed; who takes part was told what is new.")
        return redirect("admin:training", found.pk)

    done, status = submitted(request, form, save)
    if done is not None:
        return done
    context = _about(request, found) | {"form": form, "is_wrong": status != 200}
    return render(request, "engagements/desk/training.html", context, status=status)


def _session(request: SignedInRequest, pk: int) -> TrainingSession:
    visible = TrainingSession.objects.visible_to(request.user).for_list()
    return one_or_404(visible.prefetch_related("parts"), pk=pk)


def _about(request: SignedInRequest, found: TrainingSession) -> dict[str, Any]:
    at, person = timezone.now(), request.user
    waiting = Registration.objects.visible_to(person).filter(
        session=found, state=PlaceState.WAITING
    )
    lines = lines_of(found, person, at)
    scores = [one.score for one in lines if one.score]
    may_keep = policies.may_keep_sessions(person)
    return {
        "session": found,
        "course": found.course,
        "parts": parts_of(found, at),
        "lines": lines,
        "waiting": list(waiting.select_related("organisation")),
        "score": sum(scores) / len(scores) if scores else None,
        "earned": sum(
            1 for one in lines if one.verdict.is_earned and not (one.certificate or one.revoked)
        ),
        "seats_note": f"of {found.seats}",
        "score_note": counted(len(scores), "answer"),
        "is_over": found.is_over(at),
        "has_begun": found.has_begun(at),
        "may_keep": may_keep,
        "may_note": policies.may_note_attendance(person, found),
        "who": StaffParticipantForm(person=person, only=found.organisation) if may_keep else None,
        "results": ExamResult.choices,
        "entries": history_of(found, ENTRIES),
        "section": SECTION,
    }


@require_POST
def training_action(request: SignedInRequest, pk: int, name: str) -> HttpResponse:
    """One step of a session; a refusal is said on its page, and changes nothing."""
    check_allowed(request)
    found = _session(request, pk)
    action = ACTIONS.get(name)
    if action is None:
        raise Http404
    try:
        messages.success(request, action(request, found))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("admin:training", found.pk)


def _cleaned(form: Any) -> dict[str, Any]:
    if not form.is_valid():
        raise FormUnusable(problem=next(iter(form.errors.values()))[0])
    said: dict[str, Any] = form.cleaned_data
    return said


def _cancel(request: SignedInRequest, session: TrainingSession) -> str:
    said = _cleaned(ReasonForm(request.POST))
    sessions.cancel_session(session, reason=said["reason"], by=request.user, at=timezone.now())
    return "The session is cancelled; everybody who registered was told why."


def _register(request: SignedInRequest, session: TrainingSession) -> str:
    form = StaffParticipantForm(request.POST, person=request.user, only=session.organisation)
    said = _cleaned(form)
    made = registering.register(
        session,
        registering.Participant(said["name"], said["email"]),
        organisation=said["organisation"],
        goodwill=said["goodwill"],
        by=request.user,
        at=timezone.now(),
    )
    return f"{made.name} has a seat." if made.is_seated else f"{made.name} is on the waiting list."


def _withdraw(request: SignedInRequest, session: TrainingSession) -> str:
    one = _registration(request, session)
    registering.withdraw(one, by=request.user, at=timezone.now())
    return f"{one.name} does not come any more."


def _attendance(request: SignedInRequest, session: TrainingSession) -> str:
    part = one_or_404(session.parts.select_related("session__course"), pk=_number(request, "part"))
    there = {_read(one) for one in request.POST.getlist("there")}
    count = attendance.note_attendance(part, there, by=request.user, at=timezone.now())
    return f"Part {part.number}: {count} were there."


def _exam(request: SignedInRequest, session: TrainingSession) -> str:
    one = _registration(request, session)
    result = ExamResult(_cleaned(ExamForm(request.POST))["result"])
    attendance.note_exam(one, result, by=request.user, at=timezone.now())
    return f"{one.name}: {str(result.label).lower()}."


def _certify(request: SignedInRequest, session: TrainingSession) -> str:
    if request.POST.get("registration"):
        one = _registration(request, session)
        made = certificates.issue_certificate(one, by=request.user, at=timezone.now())
        return f"{one.name} has certificate {made.number}."
    count = certificates.issue_all(session, by=request.user, at=timezone.now())
    return f"{count} certificates were issued." if count != 1 else "One certificate was issued."


def _revoke(request: SignedInRequest, session: TrainingSession) -> str:
    visible = Certificate.objects.visible_to(request.user).filter(registration__session=session)
    one = one_or_404(
        visible.select_related("registration__organisation", "registration__session__course"),
        pk=_number(request, "certificate"),
    )
    said = _cleaned(ReasonForm(request.POST))
    certificates.revoke_certificate(one, reason=said["reason"], by=request.user, at=timezone.now())
    return f"Certificate {one.number} counts no more."


def _registration(request: SignedInRequest, session: TrainingSession) -> Registration:
    visible = Registration.objects.visible_to(request.user).filter(session=session)
    return one_or_404(
        visible.select_related("organisation", "session__course", "session__trainer"),
        pk=_number(request, "registration"),
    )


def _number(request: SignedInRequest, name: str) -> int:
    return _read(request.POST.get(name, ""))


def _read(given: str) -> int:
    """A key; 0, which nothing has, for what is none. Python reads no number of 5,000 digits."""
    return int(given) if given.isascii() and given.isdigit() and len(given) < 19 else 0


ACTIONS: dict[str, Callable[[SignedInRequest, TrainingSession], str]] = {
    "cancel": _cancel,
    "register": _register,
    "withdraw": _withdraw,
    "attendance": _attendance,
    "exam": _exam,
    "certify": _certify,
    "revoke": _revoke,
}


@require_safe
def training_courses(request: SignedInRequest) -> HttpResponse:
    check_allowed(request)
    rows = TrainingCourse.objects.annotate(held=Count("sessions"))
    context = {
        "rows": rows,
        "may_keep": policies.may_keep_courses(request.user),
        "section": SECTION,
    }
    return render(request, "engagements/desk/courses.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def training_course_new(request: SignedInRequest) -> HttpResponse:
    if not policies.may_keep_courses(request.user):
        raise Http404
    return _edit_course(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
def training_course(request: SignedInRequest, course: str) -> HttpResponse:
    """What it teaches, its material with all versions; managers change it here."""
    check_allowed(request)
    return _edit_course(request, one_or_404(TrainingCourse.objects.all(), key=course))


def _edit_course(request: SignedInRequest, course: TrainingCourse | None) -> HttpResponse:
    form = CourseForm(request.POST or None, initial=course_shown(course) if course else None)

    def save() -> HttpResponse:
        kept = courses.save_course(
            form.outline(), by=request.user, at=timezone.now(), course=course
        )
        messages.success(request, f"“{kept.name}” is kept.")
        return redirect("admin:training_course", kept.key)

    done, status = submitted(request, form, save)
    if done is not None:
        return done
    context = {
        "form": form,
        "course": course,
        "material": list(course.material.select_related("added_by")) if course else [],
        "may_keep": policies.may_keep_courses(request.user),
        "may_add": policies.may_keep_sessions(request.user),
        "section": SECTION,
    }
    return render(request, "engagements/desk/course.html", context, status=status)


@require_POST
def training_material_add(request: SignedInRequest, course: str) -> HttpResponse:
    check_allowed(request)
    found = one_or_404(TrainingCourse.objects.all(), key=course)
    try:
        said = _cleaned(MaterialForm(request.POST, request.FILES))
        made = courses.add_material(
            found, said["file"], change=said["change"], by=request.user, at=timezone.now()
        )
        messages.success(
            request, f"{made.name}, version {made.version}, is handed out from now on."
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("admin:training_course", found.key)


PAGES = (
    ("training/", trainings, "trainings"),
    ("training/new/", training_new, "training_new"),
    ("training/courses/", training_courses, "training_courses"),
    ("training/courses/new/", training_course_new, "training_course_new"),
    ("training/courses/<slug:course>/", training_course, "training_course"),
    (
        "training/courses/<slug:course>/material/",
        training_material_add,
        "training_material_add",
    ),
    ("training/<int:pk>/", training, "training"),
    ("training/<int:pk>/<slug:name>/", training_action, "training_action"),
)
