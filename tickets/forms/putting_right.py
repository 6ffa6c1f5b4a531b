"""Forms that put an incident right: merged, split, wrong facts. They check shape; actions check."""

from __future__ import annotations

import re
from typing import Any, cast

from django import forms
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.enums import CUSTOMER_ROLES
from accounts.models import Person
from core.widgets import TypeAhead
from entitlements.models import GoLiveProject, Licence, Service
from tickets.enums import MessageKind, State
from tickets.errors import NoSuchIncident
from tickets.forms.staff import ActionForm
from tickets.models import Incident, Message
from tickets.querysets import IncidentQuerySet

OFFERED = 8
MOST_MESSAGES = 40  # the newest, to choose from
_NUMBER = re.compile(r"#?([A-Za-z]+-\d{4}-)?0*(\d+)")


class IncidentField(forms.CharField):
    """Another incident of the same customer, by its number in any form or by words of it.

    Gives the incident. `1451`, `#1451` and `AX-2026-001451` are the same; words fit when one open
    incident alone is meant by them.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=200, **kwargs)
        self.reader: Person | None = None
        self.beside: Incident | None = None

    def prepare(self, reader: Person, beside: Incident) -> None:
        self.reader, self.beside = reader, beside
        self.widget = TypeAhead(reverse("admin:incident_others", args=[beside.number]))
        self.widget.attrs |= {"autofocus": True, "maxlength": "200"}

    def clean(self, value: Any) -> Incident:
        words = super().clean(value)
        assert self.reader is not None, "prepare() comes first"
        assert self.beside is not None
        found = list(meant_by(self.reader, self.beside, words)[:2])
        if len(found) != 1:
            raise forms.ValidationError(str(NoSuchIncident()))
        return found[0]


def meant_by(reader: Person, beside: Incident, words: str) -> IncidentQuerySet:
    """What somebody may mean who typed so much; the number first, open ones before closed."""
    seen = Incident.objects.visible_to(reader)
    named = _numbered(seen, words.split(maxsplit=1)[0] if words.split() else "")
    if named is not None:
        return named
    theirs = seen.filter(organisation=beside.organisation_id).exclude(pk=beside.pk)
    theirs = theirs.exclude(state=State.CLOSED)
    fits = Q()
    for word in words.split()[:6]:
        fits &= Q(subject__icontains=word)
    return theirs.filter(fits).order_by("-received_at", "-pk")


def _numbered(seen: IncidentQuerySet, word: str) -> IncidentQuerySet | None:
    """By a number, of whichever customer that the reader sees: the action says which it takes."""
    match = _NUMBER.fullmatch(word)
    if match is None:
        return None
    whole = match.group(0).lstrip("#") if match.group(1) else ""
    ends = Q(number__iexact=whole) if whole else Q(number__endswith=f"-{int(match.group(2)):06d}")
    return seen.filter(ends).order_by("-received_at", "-pk")


class SplitForm(ActionForm):
    """Which of the customer's messages are about something else."""

    messages = forms.TypedMultipleChoiceField(
        coerce=int, widget=forms.CheckboxSelectMultiple, label=_("What is about something else")
    )
    subject = forms.CharField(max_length=200, label=_("What it is about, in one line"))
    service = forms.ModelChoiceField(
        Service.objects.none(),
        required=False,
        empty_label=_("The same service"),
        label=_("Service"),
    )

    def prepare(self) -> None:
        """All of the customer's but the first, which is what the incident is about."""
        written = Message.objects.filter(
            incident=self.incident, kind=MessageKind.REPORT, split_to=None
        )
        said = list(written.select_related("author").order_by("sent_at", "pk"))[1:]
        choices = [(one.pk, _first_words(one)) for one in said[-MOST_MESSAGES:]]
        cast(forms.TypedMultipleChoiceField, self.fields["messages"]).choices = choices
        services = cast("forms.ModelChoiceField[Service]", self.fields["service"])
        services.queryset = Service.objects.filter(reportable=True)


def _first_words(message: Message) -> str:
    words = " ".join(message.body.split())[:100] or "Files"
    return f"{message.author}, {timezone.localtime(message.sent_at):%-d %b %H:%M}: {words}"


class PutRightForm(ActionForm):
    """What is right; the fields begin with what it says now."""

    licence = forms.ModelChoiceField(
        Licence.objects.none(),
        required=False,
        empty_label=_("None, or not known"),
        label=_("Licence"),
    )
    service = forms.ModelChoiceField(Service.objects.none(), empty_label=None, label=_("Service"))
    project = forms.ModelChoiceField(
        GoLiveProject.objects.none(),
        required=False,
        empty_label=_("None"),
        label=_("GoLive project"),
    )
    reporter = forms.ModelChoiceField(
        Person.objects.none(), empty_label=None, label=_("Reported by")
    )
    reason = forms.CharField(max_length=300, label=_("Why"), help_text=_("For colleagues."))

    def prepare(self) -> None:
        """What this customer has and had, as far as the reader sees it."""
        incident, theirs = self.incident, {"organisation": self.incident.organisation_id}
        people = Person.objects.visible_to(self.person).filter(**theirs)
        of_them = Q(is_active=True, role__in=CUSTOMER_ROLES) | Q(pk=incident.reporter_id)
        for name, rows in {
            "licence": Licence.objects.visible_to(self.person).filter(**theirs).order_by("key"),
            "service": Service.objects.filter(Q(reportable=True) | Q(pk=incident.service_id)),
            "project": GoLiveProject.objects.visible_to(self.person).filter(**theirs),
            "reporter": people.filter(of_them).order_by("name"),
        }.items():
            field = cast("forms.ModelChoiceField[Any]", self.fields[name])
            field.queryset = rows
            field.initial = getattr(incident, f"{name}_id")


class MergeForm(ActionForm):
    """`into` is the incident that this one repeats."""

    into = IncidentField(
        label=_("Which incident does it repeat?"),
        help_text=_("Its number, or words of its subject; of this customer."),
    )

    def prepare(self) -> None:
        field = self.fields["into"]
        assert isinstance(field, IncidentField)
        field.prepare(self.person, self.incident)
