"""The forms and actions of operations audits."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements.actions import audits
from engagements.enums import CaseArea, CaseResult, Severity
from engagements.forms.acting import ActionForm, Asked, Confirm, PageAction, day_field, long_field
from engagements.forms.visits import MomentsForm, moment_field
from engagements.models import Audit, AuditCase, AuditFinding, LibraryCase


class TermsForm(MomentsForm):
    permitted_by = forms.CharField(
        label=_("Who of the customer permits it"), max_length=120, help_text=_("Name and function.")
    )
    window_from = moment_field("The window begins")
    window_until = moment_field("The window ends")
    stop_contact = forms.CharField(
        label=_("Who says stop"),
        max_length=200,
        help_text=_("Name and telephone, reached at any time."),
    )
    rollback = long_field("The way back", rows=4)

    def prepare(self) -> None:
        super().prepare()
        held = Audit.objects.filter(engagement=self.asked.engagement).first()
        for name in ("permitted_by", "stop_contact", "rollback") if held else ():
            self.fields[name].initial = getattr(held, name)


class ChooseForm(ActionForm):
    cases = forms.ModelMultipleChoiceField(
        LibraryCase.objects.none(), widget=forms.CheckboxSelectMultiple, label=_("Cases")
    )

    def prepare(self) -> None:
        there = self.asked.engagement.audit_cases.values("title")
        offered = LibraryCase.objects.filter(is_offered=True).exclude(title__in=there)
        cast(Any, self.fields["cases"]).queryset = offered
        self.fields["cases"].initial = [one.pk for one in offered]


class CaseForm(ActionForm):
    title = forms.CharField(max_length=120)
    area = forms.ChoiceField(choices=CaseArea.choices)
    severity = forms.ChoiceField(choices=Severity.choices, initial=Severity.HIGH)
    procedure = long_field("What is done", rows=3)
    expectation = long_field("What is expected", rows=2)


class RunForm(MomentsForm):
    result = forms.ChoiceField(choices=CaseResult.choices)
    was_reached = forms.BooleanField(
        required=False, initial=True, label=_("The target was reached")
    )
    observed = long_field("What was seen", rows=4)
    run_at = moment_field("When it was tried, if not just now", required=False)
    file = forms.FileField(required=False, label=_("Evidence"))


class FindingForm(ActionForm):
    title = forms.CharField(max_length=200, label=_("What has to be better"))
    severity = forms.ChoiceField(choices=Severity.choices)
    recommendation = long_field("What we recommend", rows=4)
    owner = forms.CharField(max_length=120, label=_("Who does it"))
    due_on = day_field("Until")

    def prepare(self) -> None:
        self.fields["severity"].initial = self.asked.row.severity


class RiskForm(ActionForm):
    until = day_field("Until, that day included", help_text="From the day after it is open again.")
    reason = forms.CharField(max_length=300, label=_("Why you can live with it"))
    name = forms.CharField(max_length=120, label=_("Your name, as you sign"))


class NoteForm(ActionForm):
    note = forms.CharField(max_length=500, required=False, label=_("What is new in it"))


Data = dict[str, Any]


def _terms(asked: Asked, data: Data) -> str:
    moments = {name: data[name].at for name in ("window_from", "window_until")}
    audits.agree_on(asked.engagement, audits.Terms(**data | moments), **asked.to_do)
    return "Written down. Cases can be run within the window."


def _choose(asked: Asked, data: Data) -> str:
    count = audits.choose_cases(asked.engagement, list(data["cases"]), **asked.to_do)
    return f"{count} cases were chosen."


def _case(asked: Asked, data: Data) -> str:
    made = audits.add_case(asked.engagement, audits.OwnCase(**data), **asked.to_do)
    return f"Case {made.number} was added."


def _run(asked: Asked, data: Data) -> str:
    tried = data["run_at"]
    when = tried.at if tried is not None else None
    seen = audits.Seen(**data | {"result": CaseResult(data["result"]), "run_at": when})
    run = audits.note_run(asked.row, seen, **asked.to_do)
    return f"{asked.row}: {str(run).lower()}."


def _finding(asked: Asked, data: Data) -> str:
    audits.add_finding(asked.row, audits.Found(**data), **asked.to_do)
    return "The finding is kept."


def _report_finding(asked: Asked, data: Data) -> str:
    found = audits.report_finding(asked.row, **asked.to_do)
    assert found.incident is not None
    return f"It is incident {found.incident.number}."


def _issue(asked: Asked, data: Data) -> str:
    version = audits.issue_report(asked.engagement, note=data["note"], **asked.to_do)
    return f"Version {version.number} of the report was handed over."


def _risk(asked: Asked, data: Data) -> str:
    audits.accept_risk(asked.row, **data, **asked.to_do)
    return "The risk is accepted until that day; the team was notified."


OF_THE_TEAM = {
    "audit-terms": PageAction(
        "Permission, window, stop contact, way back",
        "Write it down",
        TermsForm,
        _terms,
        hint="Nothing is run before all of it is agreed.",
    ),
    "audit-choose": PageAction("Choose cases of the library", "Choose them", ChooseForm, _choose),
    "audit-case": PageAction("A case for this customer", "Add it", CaseForm, _case),
    "audit-run": PageAction(
        "What came of the case",
        "Keep the result",
        RunForm,
        _run,
        of=AuditCase,
        hint="What was not reached is unverifiable, and never passes.",
    ),
    "audit-finding": PageAction("A finding", "Keep it", FindingForm, _finding, of=AuditCase),
    "audit-incident": PageAction(
        "Make the finding an incident",
        "Report it",
        Confirm,
        _report_finding,
        of=AuditFinding,
        hint="It is reported for who asked for the audit, with its own answer that is owed.",
    ),
    "audit-report": PageAction(
        "The audit report",
        "Hand it over",
        NoteForm,
        _issue,
        hint="It says what stands here now. A version that was handed over never changes.",
    ),
}
OF_THE_CUSTOMER = {
    "audit-risk": PageAction(
        "Accept the risk of a finding",
        "Accept it",
        RiskForm,
        _risk,
        of=AuditFinding,
        hint="By name, and until a day: a risk that nobody looks at again is forgotten.",
    ),
}
