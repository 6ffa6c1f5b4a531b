"""The forms of articles: writing, publishing, judging."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from core.widgets import BlockField
from entitlements.enums import Edition, Level
from resources.actions.articles.writing import Draft
from resources.enums import Audience
from resources.models import ArticleVersion, Category


class ArticleForm(forms.Form):
    """What the next version says, and to whom."""

    title = forms.CharField(max_length=150, label=_("Title"), help_text=_("As a reader would ask."))
    summary = forms.CharField(
        max_length=300, required=False, label=_("In one sentence"), help_text=_("Stands in lists.")
    )
    body = BlockField(
        rows=22,
        max_length=100_000,
        label=_("Text"),
        help_text=_("Markdown. A picture of the article: ![What it shows](name.png)"),
    )
    category = forms.ModelChoiceField(
        Category.objects.none(), empty_label=None, label=_("Category")
    )
    audience = forms.ChoiceField(
        choices=Audience.choices, initial=Audience.REGISTERED, label=_("Who reads it")
    )
    levels = forms.MultipleChoiceField(
        choices=[(one.value, one.label) for one in Level],
        required=False,
        label=_("Levels"),
        help_text=_("Where it is for customers with one of the levels."),
        widget=forms.CheckboxSelectMultiple,
    )
    editions = forms.MultipleChoiceField(
        choices=Edition.choices,
        required=False,
        label=_("Editions"),
        help_text=_("None: it applies to each."),
        widget=forms.CheckboxSelectMultiple,
    )
    versions = forms.CharField(
        max_length=200,
        required=False,
        label=_("Versions"),
        help_text=_("With commas between: 10.5, 10.6. None: it applies to each."),
    )
    change = forms.CharField(max_length=200, required=False, label=_("What changed"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shelves: Any = self.fields["category"]
        shelves.queryset = Category.objects.all()

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if said.get("audience") == Audience.LEVELS and not said.get("levels"):
            self.add_error("levels", "Choose the levels whose customers may read it.")
        return said

    def draft(self) -> Draft:
        """Call it on a valid form."""
        said = dict(self.cleaned_data)
        said["versions"] = [one.strip() for one in re.split(r"[,;\s]+", said["versions"]) if one]
        return Draft(**said)


def first_shown(version: ArticleVersion) -> dict[str, Any]:
    """What the form shows of a version that is there."""
    names = ("title", "summary", "body", "category", "audience", "levels", "editions")
    return {name: getattr(version, name) for name in names} | {
        "versions": ", ".join(version.versions)
    }


class PublishForm(forms.Form):
    """Now, or at a moment by the clock of whoever says so."""

    when = forms.DateTimeField(
        required=False,
        label=_("At a moment"),
        help_text=_("Empty: now."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    def __init__(self, zone: str, *args: Any) -> None:
        super().__init__(*args)
        self.zone = ZoneInfo(zone)

    def moment(self) -> datetime | None:
        typed: datetime | None = self.cleaned_data["when"]
        return typed.replace(tzinfo=self.zone) if typed is not None else None


class ReasonForm(forms.Form):
    reason = forms.CharField(max_length=500, label=_("Why"))


class AddressForm(forms.Form):
    slug = forms.CharField(max_length=80, label=_("Address"))


class VouchForm(forms.Form):
    until = forms.DateField(
        label=_("Checked until"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class DefectsForm(forms.Form):
    """Numbers of known defects, with commas or spaces between."""

    numbers = forms.CharField(max_length=600, required=False, label=_("Known defects"))

    def clean_numbers(self) -> list[str]:
        return [one for one in re.split(r"[,;\s]+", self.cleaned_data["numbers"]) if one]


class FileForm(forms.Form):
    file = forms.FileField(allow_empty_file=True, label=_("Picture or file"))


class CategoryForm(forms.Form):
    name = forms.CharField(max_length=80, label=_("Name"))
    position = forms.IntegerField(min_value=0, max_value=999, initial=0, label=_("Place"))


class VoteForm(forms.Form):
    """Whether it helped; `why` is asked of who says no, and may stay empty."""

    helped = forms.ChoiceField(choices=[("yes", _("Yes")), ("no", _("No"))])
    why = forms.CharField(max_length=500, required=False)


class MissedForm(forms.Form):
    words = forms.CharField(max_length=200)
