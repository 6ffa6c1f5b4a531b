"""Forms about known defects. They check shape; the actions check the rules."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from core.widgets import BlockField, TypeAhead
from resources.actions.defects import Known
from resources.models import Defect, DefectState
from resources.policies import may_see_defects
from tickets.forms.staff import ActionForm

OFFERED = 8
_NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,29}", re.ASCII)


def meant_by(words: str, person: Person) -> QuerySet[Defect]:
    """The defects that somebody may mean who typed so much, the open ones and the newest first."""
    if not may_see_defects(person):
        return Defect.objects.none()
    fits = Q()
    for word in words.split()[:6]:
        said = Q(title__icontains=word) | Q(description__icontains=word)
        fits &= Q(number__icontains=word) | said
    return Defect.objects.filter(fits).order_by("fixed_at", "-recorded_at", "-pk")


class DefectField(forms.CharField):
    """A known defect by its number or by words of it; gives the number.

    What is typed is taken as a number that the desk does not know yet where nothing else is meant:
    the action says who may record it.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=240, **kwargs)
        self.widget = TypeAhead(reverse_lazy("admin:defect_names"), {"maxlength": "240"})
        self.person: Person | None = None

    def clean(self, value: Any) -> str:
        words = str(super().clean(value)).strip()
        if not words or self.person is None:
            return words
        first = words.split()[0].upper()
        if _NUMBER.fullmatch(first) and Defect.objects.filter(number=first).exists():
            return first
        found = list(meant_by(words, self.person)[: OFFERED + 1])
        if len(found) > 1 and not _is_new(words):
            raise forms.ValidationError(
                _("More than one has these words: choose one of those that are offered.")
            )
        return found[0].number if len(found) == 1 and not _is_new(words) else words


def _is_new(words: str) -> bool:
    """Whether it reads like a number of the tracker and not like a word."""
    return bool(_NUMBER.fullmatch(words)) and any(one.isdigit() for one in words)


class LinkDefectForm(ActionForm):
    number = DefectField(
        label=_("Which known defect?"), help_text=_("Its number in the tracker, or words of it.")
    )
    title = forms.CharField(
        max_length=200,
        required=False,
        label=_("Its title, if it is not on our list yet"),
        help_text=_("Name no customer: engineers of partners read it."),
    )

    def prepare(self) -> None:
        field = self.fields["number"]
        assert isinstance(field, DefectField)
        field.person = self.person


class KnownForm(forms.Form):
    """What is known of a defect; none of it names a customer."""

    title = forms.CharField(max_length=200, label=_("In one line"))
    description = BlockField(
        rows=5, max_length=20_000, required=False, label=_("What happens, when, and why")
    )
    workaround = BlockField(
        rows=5,
        max_length=20_000,
        required=False,
        label=_("What helps until it is fixed"),
        help_text=_("In the customer's words: an answer to all who have it says it. Markdown."),
    )
    affected = forms.CharField(
        max_length=200,
        required=False,
        label=_("In which versions"),
        help_text=_("Such as 10.5.0 to 10.6.1."),
    )
    state = forms.ChoiceField(
        choices=[pair for pair in DefectState.choices if pair[0] != DefectState.FIXED],
        label=_("What becomes of it"),
    )

    def __init__(self, defect: Defect, data: QueryDict | None = None) -> None:
        names = ("title", "description", "workaround", "affected", "state")
        super().__init__(data, initial={name: getattr(defect, name) for name in names})
        if defect.fixed_at is not None:
            del self.fields["state"]

    def known(self) -> Known:
        """Call it on a valid form."""
        return Known(**self.cleaned_data)


class FixForm(forms.Form):
    build = forms.CharField(
        max_length=60,
        label=_("Fixed in build"),
        help_text=_("Such as 10.6.2. Customers of linked incidents read it on their page."),
    )


class ReopenForm(forms.Form):
    reason = forms.CharField(max_length=300, label=_("Why the fix does not hold"))
