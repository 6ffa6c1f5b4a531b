"""What every form that ends an incident asks: what solved it, and why it happened (rule 15)."""

from __future__ import annotations

from typing import cast

from django import forms
from django.utils.translation import gettext_lazy as _

from tickets.models import Cause, Incident
from tickets.reads.solutions import causes_of

SENTENCE = "Say in a sentence what solved it."
CHOOSE = "Choose why it happened."
DEFECT = "product-defect"  # the shipped cause that a known defect suggests


class SolutionFields(forms.Form):
    """The two fields; `offer_causes` fills in the choices, `need_solution` asks for both."""

    solution = forms.CharField(
        max_length=500,
        required=False,
        label=_("The solution in a sentence"),
        help_text=_("The customer reads it with the incident and in the service report."),
    )
    cause = forms.ModelChoiceField(
        Cause.objects.none(),
        to_field_name="key",
        required=False,
        empty_label=_("Choose why"),
        label=_("Why it happened"),
        error_messages={"invalid_choice": _("This cause is not offered any more.")},
    )

    def offer_causes(self, incident: Incident | None = None) -> None:
        """Those of the managers' list; a known defect suggests its own."""
        field = cast("forms.ModelChoiceField[Cause]", self.fields["cause"])
        field.queryset = Cause.objects.filter(is_offered=True)
        if incident is None:
            return
        field.choices = [("", field.empty_label or ""), *causes_of(incident)]
        if incident.defect_id is not None:
            field.initial = DEFECT

    def always_need_solution(self) -> None:
        """Call it in `prepare` of a form that ends the incident whatever is said."""
        for name, words in (("solution", SENTENCE), ("cause", CHOOSE)):
            self.fields[name].required = True
            self.fields[name].error_messages["required"] = words

    def need_solution(self) -> None:
        """Call it in `clean` where the form ends the incident by what was said."""
        for name, words in (("solution", SENTENCE), ("cause", CHOOSE)):
            if not self.cleaned_data.get(name) and name not in self.errors:
                self.add_error(name, words)

    def no_solution(self) -> None:
        """What is asked elsewhere, or was said before, is not asked."""
        del self.fields["solution"], self.fields["cause"]
