"""The forms of beta programmes: what one is, joining it, what members say."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from core.widgets import BlockField
from entitlements.enums import Edition
from resources.actions.beta.programmes import Planned
from resources.enums import FeedbackKind
from resources.models import BetaProgramme


class BetaForm(forms.Form):
    """What a programme is."""

    name = forms.CharField(max_length=80, label=_("Name"), help_text=_("Such as AXIGEN 10.7 beta"))
    product = forms.CharField(max_length=120, label=_("Product"))
    editions = forms.MultipleChoiceField(
        choices=Edition.choices, label=_("Editions"), widget=forms.CheckboxSelectMultiple
    )
    ends_on = forms.DateField(
        label=_("Last day"),
        help_text=_("It ends by itself after it; its members are told."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    about = BlockField(
        rows=10,
        max_length=50_000,
        label=_("What it brings, and what to test"),
        help_text=_("Markdown. Say here, too, whether one can go back to the last release."),
    )

    def planned(self) -> Planned:
        """Call it on a valid form."""
        return Planned(**self.cleaned_data)


def first_shown(programme: BetaProgramme | None) -> dict[str, Any]:
    """What the form shows at first."""
    if programme is None:
        return {"product": settings.VENDOR["product"]}
    names = ("name", "product", "editions", "ends_on", "about")
    return {name: getattr(programme, name) for name in names}


class TermsForm(forms.Form):
    text = BlockField(
        rows=10,
        max_length=50_000,
        label=_("Terms"),
        help_text=_("Markdown. A changed text is a new version: members accept it anew."),
    )


class EndForm(forms.Form):
    how_on = forms.CharField(max_length=500, label=_("How members go on"))


class JoinForm(forms.Form):
    licence = forms.IntegerField(min_value=1)
    terms = forms.IntegerField(min_value=1)
    signed_name = forms.CharField(max_length=120)
    accepts = forms.BooleanField()


class FeedbackForm(forms.Form):
    """What a member says; `build` is one of those that they may fetch."""

    kind = forms.ChoiceField(choices=FeedbackKind.choices, label=_("What it is"))
    build = forms.ChoiceField(required=False, label=_("Build"))
    subject = forms.CharField(max_length=150, label=_("In one line"))
    body = BlockField(rows=6, max_length=20_000, label=_("What happened, and what you did before"))
    environment = forms.CharField(
        max_length=300,
        required=False,
        label=_("Where"),
        help_text=_("Operating system, browser, phone: what may matter."),
    )

    def __init__(self, builds: list[tuple[int, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["build"]
        chosen.choices = [*builds, ("", "None of them")]
