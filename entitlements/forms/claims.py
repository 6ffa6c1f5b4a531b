"""What staff type about claimed licences and the forms of keys. Actions check the rules."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from entitlements.enums import Edition
from entitlements.forms.fields import explain_fields
from entitlements.rules.keys import CHECKS, KeyScheme, Schemes


class ConfirmForm(forms.Form):
    """A claim is confirmed. Only who sets prices is asked for one."""

    price = forms.DecimalField(
        max_digits=12,
        decimal_places=2,
        required=False,
        label=_("Its price"),
        help_text=_("Subscriptions take their percentage of it. It can be set later, too."),
    )

    def __init__(self, *args: Any, with_price: bool) -> None:
        super().__init__(*args)
        explain_fields(self.fields)
        if not with_price:
            del self.fields["price"]


class DeclineForm(forms.Form):
    reason = forms.CharField(
        max_length=300,
        label=_("Why it is declined"),
        help_text=_("Whoever registered it reads this."),
    )


class KeySchemesForm(forms.Form):
    """For each edition its patterns, one a line, and its check digit; then why."""

    def __init__(self, schemes: Schemes, *args: Any) -> None:
        super().__init__(*args)
        for edition in Edition:
            scheme = schemes.get(edition, KeyScheme(()))
            self.fields[f"patterns_{edition.value}"] = forms.CharField(
                required=False,
                label=_("Patterns, one a line"),
                initial="\n".join(scheme.patterns),
                max_length=1000,
                widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
            )
            self.fields[f"check_{edition.value}"] = forms.ChoiceField(
                required=False,
                label=_("Check digit"),
                initial=scheme.check,
                choices=list(CHECKS.items()),
            )
        self.fields["reason"] = forms.CharField(
            max_length=300, label=_("Why"), help_text=_("Kept with the version."), required=False
        )

    @property
    def editions(self) -> list[tuple[str, forms.BoundField, forms.BoundField]]:
        """Each edition's name with its two fields."""
        return [
            (str(one.label), self[f"patterns_{one.value}"], self[f"check_{one.value}"])
            for one in Edition
        ]

    def schemes(self) -> dict[str, KeyScheme]:
        """The cleaned fields as rules; patterns in capitals, empty lines and repetitions gone."""
        given = self.cleaned_data
        return {
            one.value: KeyScheme(
                tuple(dict.fromkeys(given[f"patterns_{one.value}"].upper().split())),
                given[f"check_{one.value}"],
            )
            for one in Edition
        }
