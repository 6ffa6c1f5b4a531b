"""The forms of the customers' portal. They check shape; the actions check the rules."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.enums import GoldDefault
from accounts.models import Organisation, Person
from core.widgets import BlockField
from entitlements.enums import Channel
from entitlements.models import GoLiveProject, Licence, Service
from entitlements.reads.coverage_summary import LicenceCoverage
from entitlements.reads.services_offered import offered
from tickets.actions.gold_choice import GoldChoice, default_in_words, gold_choice
from tickets.forms.drafts import DraftFields
from tickets.forms.files import FilesField
from tickets.forms.priorities import PriorityFields, priority_from

FILES_HELP = f"Logs, screenshots; up to {settings.ATTACHMENT_MAX_BYTES // 2**20} MB each."


def renew_key(form: forms.Form) -> None:
    """Put a fresh `key` into a bound form, so that what it says is not taken for a repetition."""
    data = cast(QueryDict, form.data).copy()
    data["key"] = secrets.token_hex(16)
    form.data = data


class IncidentForm(DraftFields, PriorityFields):
    """A report, kept while it is written. `key` makes a second click on "File" harmless.

    Who has no licence yet is not asked for one: the report is kept, uncovered (R3).
    """

    key = forms.CharField(widget=forms.HiddenInput, max_length=64)
    licence = forms.ModelChoiceField(
        Licence.objects.none(), empty_label=None, label=_("Which licence is it about?")
    )
    project = forms.ModelChoiceField(
        GoLiveProject.objects.none(),
        required=False,
        empty_label=_("No project"),
        label=_("GoLive project"),
    )
    service = forms.ModelChoiceField(
        Service.objects.none(), empty_label=None, to_field_name="key", label=_("What is it about?")
    )
    subject = forms.CharField(max_length=200, label=_("In one line"))
    body = BlockField(
        rows=8,
        max_length=100_000,
        label=_("What happens, since when, and what did you expect?"),
    )
    version = forms.CharField(max_length=60, required=False, label=_("Version of the product"))
    use_gold = forms.TypedChoiceField(
        coerce=lambda given: given == "yes",
        empty_value=None,
        widget=forms.RadioSelect,
        label=_("Spend a Gold incident?"),
        error_messages={"required": _("Choose whether a Gold incident is spent on this report.")},
    )
    private = forms.BooleanField(
        required=False,
        label=_("Private: of your organisation only you see it, and the colleagues whom you add"),
    )
    # Only the stubs think that a field of this name replaces the form's own `files`.
    files = FilesField(label=_("Files"), help_text=FILES_HELP)  # type: ignore[assignment]

    def __init__(
        self, person: Person, organisation: Organisation, *args: Any, at: datetime
    ) -> None:
        super().__init__(*args)
        licences = Licence.objects.visible_to(person).held().order_by("key")
        projects = GoLiveProject.objects.visible_to(person)
        self._offer("licence", licences)
        self._offer("project", projects)
        self._offer("service", Service.objects.filter(reportable=True))
        self.fields["key"].initial = secrets.token_hex(16)
        if not licences.exists():
            del self.fields["licence"]
        if not projects.exists():
            del self.fields["project"]
        self.gold = self._gold(organisation, at)
        self._offer_gold(organisation)

    def _offer(self, name: str, choices: Any) -> None:
        cast("forms.ModelChoiceField[Any]", self.fields[name]).queryset = choices

    def group_services(self, coverage: Sequence[LicenceCoverage]) -> None:
        """What the support includes comes first; of the rest each says what it takes (rule 2)."""
        field = cast("forms.ModelChoiceField[Service]", self.fields["service"])
        services = list(field.queryset.all()) if field.queryset is not None else []
        found = offered(services, coverage, has_project="project" in self.fields)
        if not found.others:
            return
        field.widget.choices = [
            *([("Included in your support", found.included)] if found.included else []),
            ("Not included now: kept, and answered where we can", found.others),
        ]

    def _gold(self, organisation: Organisation, at: datetime) -> GoldChoice | None:
        """What spending a Gold incident would mean for what the form names now."""
        licence, service = self._named("licence"), self._named("service")
        if licence is None or service is None:
            return None
        licence.organisation = organisation  # known: spares a query
        return gold_choice(
            licence,
            project=self._named("project"),
            service=service.key,
            channel=Channel.PORTAL,
            at=at,
        )

    def _offer_gold(self, organisation: Organisation) -> None:
        """Ask where there is a choice: it must be made when the organisation said "ask"."""
        if self.gold is None or not self.gold.possible:
            del self.fields["use_gold"]
            return
        field = cast(forms.TypedChoiceField, self.fields["use_gold"])
        choices = [("yes", self.gold.yes), ("no", self.gold.no)]
        field.required = organisation.gold_default == GoldDefault.ASK
        if not field.required:
            named = {name: self._named(name) for name in ("priority", "impact", "urgency")}
            priority = priority_from(named)
            choices.insert(0, ("", default_in_words(organisation, priority)))
        field.choices = choices

    def _named(self, name: str) -> Any:
        """What a field names as the form stands: typed, or else shown first; None for nonsense."""
        field = self.fields.get(name)
        if field is None:
            return None
        if self.is_bound:
            try:
                return field.clean(self[name].value())
            except forms.ValidationError:
                return None
        if isinstance(field, forms.ModelChoiceField) and field.required:
            return field.queryset.first() if field.queryset is not None else None
        return field.initial

    def asked(self) -> dict[str, Any]:
        """The cleaned fields as `file_incident` takes them, without files and key."""
        data = dict(self.cleaned_data)
        for name in ("key", "files", "draft", "kept"):
            data.pop(name, None)
        return {**data, "service": data["service"].key}

    def renew_key(self) -> None:
        """A bound form, shown again as typed, that files another incident when it is sent."""
        renew_key(self)


class MessageForm(DraftFields):
    """Something to add to one's own incident. Files alone are a message too.

    `key` makes a second click on "Send" harmless.
    """

    key = forms.CharField(widget=forms.HiddenInput, max_length=64)
    body = BlockField(
        rows=5,
        max_length=100_000,
        required=False,
        label=_("Your message"),
    )
    # Only the stubs think that a field of this name replaces the form's own `files`.
    files = FilesField(label=_("Files"), help_text=FILES_HELP)  # type: ignore[assignment]

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.fields["key"].initial = secrets.token_hex(16)

    def renew_key(self) -> None:
        """A bound form, shown again as typed, that adds another message when it is sent."""
        renew_key(self)


class EscalationForm(forms.Form):
    """Why the customer wants the next technical level."""

    reason = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        label=_("Why should it go further?"),
    )


class RatingForm(forms.Form):
    score = forms.TypedChoiceField(
        choices=[
            (5, _("Very satisfied")),
            (4, _("Satisfied")),
            (3, _("Neither")),
            (2, _("Dissatisfied")),
            (1, _("Very dissatisfied")),
        ],
        coerce=int,
        widget=forms.RadioSelect,
        label=_("How satisfied are you with our help?"),
    )
    comment = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        required=False,
        label=_("Anything that we should know?"),
    )
