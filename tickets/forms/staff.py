"""The forms of the engineers' pages. They check shape; the actions check the rules."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Case, Q, QuerySet, When
from django.http import QueryDict
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from accounts.enums import ENGINEER_ROLES, Role
from accounts.models import Organisation, Person
from core.text import clean
from core.widgets import BlockField, TypeAhead
from entitlements.channels import IN_PROGRAMME
from entitlements.enums import RefundReason
from entitlements.models import GoLiveProject, LevelVersion, Licence, Service
from entitlements.reads.current import current_levels
from notices.models import Notice
from tickets import policies
from tickets.actions.ladder.checklists import current_checklist
from tickets.enums import Impact, State, Tier, Urgency
from tickets.forms.drafts import DraftFields
from tickets.forms.files import FilesField
from tickets.forms.portal import FILES_HELP
from tickets.forms.priorities import PriorityFields
from tickets.forms.solutions import SolutionFields
from tickets.models import CannedAnswer, Incident
from tickets.reads.colleagues import colleagues_of, in_groups
from tickets.rules.canned import first_raw

if TYPE_CHECKING:  # at run time the class is not generic
    _PersonChoice = forms.ModelChoiceField[Person]
    _LevelChoice = forms.ModelChoiceField[LevelVersion]
else:
    _PersonChoice = _LevelChoice = forms.ModelChoiceField

TEXT = 100_000


def long_text(rows: int, **kwargs: Any) -> forms.CharField:
    return BlockField(rows=rows, max_length=TEXT, **kwargs)


class ActionForm(forms.Form):
    """Something done to one incident. `key` is fresh in each rendered form (done once).

    `version` is the last entry of the incident's journal that its author's page knew of.
    """

    key = forms.CharField(widget=forms.HiddenInput, max_length=64)
    version = forms.IntegerField(
        widget=forms.HiddenInput(attrs={"data-knows": ""}),
        required=False,
        min_value=0,
        max_value=2**62,
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        files: MultiValueDict[str, UploadedFile[Any]] | None = None,
        *,
        incident: Incident,
        person: Person,
        name: str,
    ) -> None:
        super().__init__(data, files, auto_id=f"id_{name}_%s")
        self.incident, self.person, self.name = incident, person, name
        self.fields["key"].initial = secrets.token_hex(16)
        self.fields["version"].initial = incident.__dict__.get("journal_version")  # annotated
        self.prepare()

    def prepare(self) -> None:
        """Choices and first values that depend on the incident."""

    def asked(self) -> dict[str, Any]:
        """The cleaned fields as the action takes them."""
        own = ("key", "version")
        return {name: value for name, value in self.cleaned_data.items() if name not in own}

    def renew(self, **values: object) -> None:
        """A bound form, shown again as typed, under a fresh key and with other hidden values."""
        data = cast(QueryDict, self.data).copy()
        for name, value in {"key": secrets.token_hex(16), **values}.items():
            data[name] = str(value)
        self.data = data


class SayingForm(DraftFields, ActionForm):
    """Words, files, or both; kept while they are written."""

    body = long_text(5, required=False)
    files = FilesField(label=_("Files"), help_text=FILES_HELP)  # type: ignore[assignment]

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if not clean(said.get("body", "")) and not (said.get("files") or said.get("kept")):
            self.add_error("body", "Write something, or attach a file.")
        return said

    def asked(self) -> dict[str, Any]:
        asked = {**super().asked(), "files": self.all_files()}
        del asked["draft"], asked["kept"]
        return asked


class AnswerForm(SolutionFields, SayingForm):
    """`seen` is the newest message that the engineer saw; 0 for none.

    What solves it asks for solution and cause; a word of thanks after that does not.
    """

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    body = long_text(4, label="Your answer", required=False)
    then = forms.ChoiceField(
        choices=[
            (State.OPEN, _("we go on working on it")),
            (State.WAITING, _("the customer must do something")),
            (State.SOLVED, _("it is solved")),
        ],
        label=_("After this answer"),
    )
    macro = forms.ModelChoiceField(
        CannedAnswer.objects.none(),
        widget=forms.HiddenInput,
        required=False,
        error_messages={"invalid_choice": _("This canned answer is not offered any more.")},
    )

    def clean_body(self) -> str:
        body: str = self.cleaned_data["body"]
        raw = first_raw(body)
        if raw:
            raise forms.ValidationError(f"Fill in {raw} first.")
        return body

    def prepare(self) -> None:
        chooser = cast("forms.ModelChoiceField[CannedAnswer]", self.fields["macro"])
        chooser.queryset = CannedAnswer.objects.usable_by(self.person)
        self.offer_causes(self.incident)
        if self.incident.state == State.SOLVED:  # a word of thanks must not open it again
            self.fields["then"].initial = State.SOLVED

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        solves = said.get("then") == State.SOLVED
        if solves and self.incident.state != State.SOLVED:
            self.need_solution()
        return said

    def asked(self) -> dict[str, Any]:
        asked = super().asked()
        del asked["seen"]
        return asked


class NoteForm(SayingForm):
    body = long_text(4, label="Note for colleagues", required=False)


class EngineerField(_PersonChoice):
    def label_from_instance(self, obj: Person) -> str:
        return f"{obj.name}, {obj.get_role_display()}"


class LevelField(_LevelChoice):
    def label_from_instance(self, obj: LevelVersion) -> str:
        return obj.get_level_display()


class AssignForm(ActionForm):
    to = EngineerField(
        Person.objects.none(), empty_label=_("Choose a colleague"), label=_("Give it to")
    )
    reason = forms.CharField(max_length=300, required=False, label=_("Why"))
    anyway = forms.BooleanField(
        required=False, label=_("Even if they are away, or have no room for another")
    )

    def prepare(self) -> None:
        """Each with duty, room and absence, so that nobody has to try who could take it."""
        chooser = cast("forms.ModelChoiceField[Person]", self.fields["to"])
        chooser.queryset = possible_owners(self.incident, self.person)
        at = self.incident.__dict__.get("asked_at")  # annotated
        if at is None:
            return
        found = colleagues_of(chooser.queryset, self.incident, at)
        offered = in_groups(found, timezone.get_current_timezone())
        chooser.choices = [("", chooser.empty_label or ""), *offered]


class ReleaseForm(ActionForm):
    reason = forms.CharField(
        max_length=300, label=_("Why"), help_text=_("Whoever gets it reads it.")
    )


class PriorityForm(ActionForm, PriorityFields):
    field_order = ("key", "priority", "impact", "urgency", "reason")

    reason = forms.CharField(max_length=300, label=_("Why"))

    def prepare(self) -> None:
        for name, choices in {"impact": Impact.choices, "urgency": Urgency.choices}.items():
            field = cast(forms.TypedChoiceField, self.fields[name])
            field.choices = [("", "Not said"), *choices]
            field.initial = getattr(self.incident, name)


class EscalateForm(ActionForm):
    """What the next team needs to start (X1)."""

    reason = long_text(2, label="Why does it need the next level?")
    tried = long_text(3, label="What was tried, with which result?")
    reproduction = long_text(3, label="How is it reproduced?")
    environment = long_text(2, label="Environment: versions, system, size")
    logs = long_text(3, label="Logs, or where they are", required=False)

    def prepare(self) -> None:
        """TS2 takes it by the service's checklist, where it has one."""
        at_ts1 = self.incident.tier == Tier.TS1
        checklist = current_checklist(self.incident.service_id) if at_ts1 else None
        if checklist is None:
            return
        self.fields["ticked"] = forms.MultipleChoiceField(
            choices=[(one, one) for one in checklist.items],
            widget=forms.CheckboxSelectMultiple,
            required=False,
            label=_("Tried and collected"),
        )
        self.fields["unticked_because"] = forms.CharField(
            max_length=300, required=False, label=_("Why something of it was left out")
        )


class GiveBackForm(ActionForm):
    to_tier = forms.TypedChoiceField(coerce=int, label=_("Back to"))
    result = long_text(4, label="What was found, and what is to be done now?")

    def prepare(self) -> None:
        lower = [one for one in Tier if one < self.incident.tier]
        chooser = cast(forms.TypedChoiceField, self.fields["to_tier"])
        chooser.choices = [(int(one), one.label) for one in reversed(lower)]


class GoodwillForm(ActionForm):
    level = LevelField(LevelVersion.objects.none(), empty_label=None, label=_("Serve it as"))
    reason = forms.CharField(
        max_length=300,
        label=_("Why"),
        help_text=_("For colleagues. The customer is told the level."),
    )

    def prepare(self) -> None:
        chooser = cast("forms.ModelChoiceField[LevelVersion]", self.fields["level"])
        newest = [one.pk for one in current_levels().values()]
        chooser.queryset = LevelVersion.objects.filter(pk__in=newest).order_by("-response_time")


class DeclineForm(ActionForm):
    reason = long_text(4, label="Your answer to the customer")


class SendAgainForm(ActionForm):
    """A notice about the incident that nobody tries to send any more."""

    notice = forms.ModelChoiceField(Notice.objects.none(), widget=forms.HiddenInput)

    def prepare(self) -> None:
        chooser = cast("forms.ModelChoiceField[Notice]", self.fields["notice"])
        chooser.queryset = Notice.objects.failures_of(self.incident)


class RefundForm(ActionForm):
    kind = forms.ChoiceField(
        choices=[(one, one.label) for one in RefundReason if one != RefundReason.CORRECTED],
        label=_("Why is it given back?"),
    )
    reason = forms.CharField(
        max_length=300, label=_("In words"), help_text=_("The customer reads it in the ledger.")
    )


def possible_owners(incident: Incident, giver: Person) -> QuerySet[Person]:
    """Who can be given the customer, or the work at TS2 or TS3 (X1).

    `ownership.assign` checks the one that was chosen.
    """
    organisation = incident.organisation
    serving = Q(assignments=None) | Q(assignments__organisation=organisation)
    able = Q(
        role__in=[role for role, tier in ((Role.TS2, 2), (Role.TS3, 3)) if tier == incident.tier]
    )
    if policies.may_give_customer(giver, incident):
        able |= Q(role=Role.TS1) & serving
        if organisation.partner_id is not None:
            able |= Q(role=Role.PARTNER, partner=organisation.partner_id)
    active = Person.objects.active().filter(able, role__in=ENGINEER_ROLES)
    return cast("QuerySet[Person]", active.order_by("role", "name"))


class OrganisationField(forms.CharField):
    """The name of an organisation, typed; names that begin so are offered meanwhile.

    A list of all of them is 13 ms and 12 kB a page at 200 organisations. `reader` is whose
    organisations they are. An address may name one by its slug.
    """

    OFFERED = 8

    def __init__(self, *, submits: bool = True, **kwargs: Any) -> None:
        attrs = {"data-submits": ""} if submits else {}
        widget = TypeAhead(reverse_lazy("admin:organisation_names"), attrs)
        super().__init__(max_length=200, widget=widget, **kwargs)
        self.reader: Person | None = None
        self.found: Organisation | None = None

    def bound_data(self, data: Any, initial: Any) -> Any:
        """Shown again by its whole name, whatever part of it was typed."""
        return self.found.name if self.found else super().bound_data(data, initial)

    def clean(self, value: Any) -> Organisation | None:
        words = super().clean(value)
        if not words or self.reader is None:
            return None
        found = self.offered(self.reader, words)
        named = [one for one in found if words.casefold() in (one.slug, one.name.casefold())]
        if len(named or found) != 1:
            raise forms.ValidationError(_("Choose one of the names that are offered."))
        self.found = (named or found)[0]
        return self.found

    @classmethod
    def offered(cls, reader: Person, words: str) -> list[Organisation]:
        """What somebody may mean who typed so much, the ones that begin so first."""
        asked = Organisation.objects.visible_to(reader).only("name", "slug")
        fits = asked.filter(Q(name__icontains=words) | Q(slug=words.casefold()))
        begins = Case(When(name__istartswith=words, then=0), default=1)
        whole = Case(When(Q(name__iexact=words) | Q(slug=words.casefold()), then=0), default=1)
        return list(fits.order_by(whole, begins, "name", "pk")[: cls.OFFERED])


class FileForForm(PriorityFields):
    """A report that an engineer files for a contact, such as one by telephone (E2)."""

    field_order = ("key", "reporter", "channel", "licence", "project", "service", "version")

    key = forms.CharField(widget=forms.HiddenInput, max_length=64)
    reporter = forms.ModelChoiceField(
        Person.objects.none(), empty_label=_("Choose the person"), label=_("Who reports it?")
    )
    channel = forms.ChoiceField(
        choices=[(one, one.label) for one in IN_PROGRAMME if one.facts.filed_by_staff],
        label=_("How did it reach us?"),
    )
    licence = forms.ModelChoiceField(
        Licence.objects.none(),
        required=False,
        empty_label=_("None, or not known"),
        label=_("Licence"),
    )
    project = forms.ModelChoiceField(
        GoLiveProject.objects.none(),
        required=False,
        empty_label=_("No project"),
        label=_("GoLive project"),
    )
    service = forms.ModelChoiceField(
        Service.objects.none(), empty_label=None, label=_("What is it about?")
    )
    subject = forms.CharField(max_length=200, label=_("In one line"))
    body = long_text(8, label="What the customer said")
    version = forms.CharField(max_length=60, required=False, label=_("Version of the product"))
    use_gold = forms.TypedChoiceField(
        choices=[("", _("As the organisation decided")), ("yes", _("Yes")), ("no", _("No"))],
        coerce=lambda given: given == "yes",
        empty_value=None,
        required=False,
        label=_("Spend a Gold incident?"),
    )
    files = FilesField(label=_("Files"), help_text=FILES_HELP)  # type: ignore[assignment]

    def __init__(self, organisation: Organisation, person: Person, *args: Any) -> None:
        super().__init__(*args)
        self.fields["key"].initial = secrets.token_hex(16)
        contacts = Person.objects.visible_to(person).active().filter(organisation=organisation)
        licences = Licence.objects.visible_to(person).held().filter(organisation=organisation)
        projects = GoLiveProject.objects.visible_to(person).filter(organisation=organisation)
        for name, choices in {
            "reporter": contacts.order_by("name"),
            "licence": licences.order_by("key"),
            "project": projects,
            "service": Service.objects.filter(reportable=True),
        }.items():
            cast("forms.ModelChoiceField[Any]", self.fields[name]).queryset = choices
        if not projects.exists():
            del self.fields["project"]
        if not licences.filter(incident_packs__available__gt=0).exists():
            del self.fields["use_gold"]

    def asked(self) -> dict[str, Any]:
        """The cleaned fields as `file_incident` takes them, without the key."""
        data = {name: value for name, value in self.cleaned_data.items() if name != "key"}
        return {**data, "service": data["service"].key}


class ChooseOrganisationForm(forms.Form):
    """The first step of filing for a customer."""

    organisation = OrganisationField(label=_("The customer"))

    def __init__(self, person: Person, *args: Any) -> None:
        super().__init__(*args)
        cast(OrganisationField, self.fields["organisation"]).reader = person
