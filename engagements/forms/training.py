"""What people send about trainings, checked."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.enums import VENDOR_ROLES
from accounts.forms import timezones
from accounts.models import Organisation, Person
from core.widgets import BlockField, LongSelect
from engagements.actions.training.courses import Outline
from engagements.actions.training.sessions import Plan
from engagements.enums import Covers, ExamResult
from engagements.models import TrainingCourse, TrainingSession
from engagements.rules import agenda, times
from entitlements.rules.zones import zone_of


class SessionForm(forms.Form):
    """A session as it is planned or changed. The course and whom it is for are fixed later."""

    course = forms.ModelChoiceField(TrainingCourse.objects.none(), empty_label=None)
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        required=False,
        empty_label=_("Everybody who may"),
        label=_("For whom"),
        widget=LongSelect,
    )
    times = BlockField(
        rows=4,
        max_length=2000,
        label=_("When"),
        help_text=_("A line for each part, by the clock of the zone: 2026-12-01 09:00-17:00"),
    )
    timezone = forms.ChoiceField(choices=timezones, label=_("Time zone"), widget=LongSelect)
    place = forms.CharField(max_length=200, required=False, label=_("Place"))
    link = forms.URLField(
        max_length=300, required=False, label=_("Link of the online room"), assume_scheme="https"
    )
    language = forms.CharField(max_length=30, initial="English")
    seats = forms.IntegerField(min_value=1, max_value=500, initial=12)
    trainer = forms.ModelChoiceField(Person.objects.none(), empty_label=None)

    def __init__(
        self, *args: Any, person: Person, session: TrainingSession | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.session = session
        of: dict[str, Any] = self.fields
        trainers = Person.objects.active().filter(role__in=VENDOR_ROLES)
        of["trainer"].queryset = trainers.order_by("name")
        if session is not None:
            del self.fields["course"], self.fields["organisation"]
            return
        of["course"].queryset = TrainingCourse.objects.filter(is_offered=True)
        of["organisation"].queryset = Organisation.objects.visible_to(person).order_by("name")

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if said.get("times") and said.get("timezone"):
            try:
                said["parts"] = times.read(said["times"], zone_of(said["timezone"]))
            except times.TimesUnusable as error:
                self.add_error("times", str(error))
        return said

    def plan(self) -> Plan:
        """Call it on a valid form."""
        said = self.cleaned_data
        old = self.session
        return Plan(
            course=old.course if old else said["course"],
            organisation=old.organisation if old else said["organisation"],
            times=said["parts"],
            place=said["place"],
            link=said["link"],
            timezone=said["timezone"],
            seats=said["seats"],
            trainer=said["trainer"],
            language=said["language"],
        )


def first_shown(session: TrainingSession) -> dict[str, Any]:
    """What the form shows of a session that is there."""
    names = ("timezone", "place", "link", "language", "seats", "trainer")
    parts = [(one.starts_at, one.ends_at) for one in session.parts.all()]
    return {name: getattr(session, name) for name in names} | {
        "times": times.write(parts, zone_of(session.timezone))
    }


class CourseForm(forms.Form):
    name = forms.CharField(max_length=120)
    summary = forms.CharField(max_length=300, help_text=_("Stands in lists."))
    covers = forms.MultipleChoiceField(
        choices=Covers.choices, widget=forms.CheckboxSelectMultiple, label=_("It covers")
    )
    audience = forms.CharField(max_length=300, required=False, label=_("For whom"))
    agenda = BlockField(
        rows=16,
        max_length=20_000,
        required=False,
        help_text=_(
            "“# Day 1: installation” begins a day, each line below it is a point. "
            "“(assumed)” after a day's title: no source stated it."
        ),
    )
    attendance_percent = forms.IntegerField(
        min_value=1, max_value=100, initial=80, label=_("Attendance needed, % of the planned time")
    )
    has_exam = forms.BooleanField(required=False, label=_("It has an exam, which must be passed"))
    valid_months = forms.IntegerField(
        min_value=0,
        max_value=120,
        initial=24,
        label=_("A certificate counts for months"),
        help_text=_("0: without an end."),
    )
    is_offered = forms.BooleanField(required=False, initial=True, label=_("Offered"))

    def outline(self) -> Outline:
        """Call it on a valid form."""
        return Outline(**self.cleaned_data)


def course_shown(course: TrainingCourse) -> dict[str, Any]:
    names = ["name", "summary", "covers", "audience", "attendance_percent", "has_exam"]
    names += ["valid_months", "is_offered"]
    return {name: getattr(course, name) for name in names} | {"agenda": agenda.write(course.days)}


class MaterialForm(forms.Form):
    file = forms.FileField(allow_empty_file=True, label=_("File"))
    change = forms.CharField(max_length=200, required=False, label=_("What is new"))


class ParticipantForm(forms.Form):
    """Who takes part, as the certificate names them."""

    name = forms.CharField(max_length=120, label=_("Name on the certificate"))
    email = forms.EmailField(max_length=254, label=_("E-mail address"))


class StaffParticipantForm(ParticipantForm):
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), empty_label=None, widget=LongSelect
    )
    goodwill = forms.CharField(
        max_length=300,
        required=False,
        label=_("Why without a right"),
        help_text=_("Only where nothing of theirs includes training."),
    )

    def __init__(
        self, *args: Any, person: Person, only: Organisation | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        of: dict[str, Any] = self.fields
        seen = Organisation.objects.visible_to(person)
        of["organisation"].queryset = seen.filter(pk=only.pk) if only else seen.order_by("name")


class ReasonForm(forms.Form):
    reason = forms.CharField(max_length=300, required=False)


class ExamForm(forms.Form):
    result = forms.ChoiceField(choices=ExamResult.choices, required=False)


class FeedbackForm(forms.Form):
    score = forms.IntegerField(min_value=1, max_value=5)
    words = BlockField(rows=3, max_length=1000, required=False)


class NumberForm(forms.Form):
    number = forms.CharField(max_length=40, label=_("Number of the certificate"))
