"""The form of an alarm policy: up to three warnings, and the breach."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tickets.rules.promises.alarm_steps import BREACH, CALLS, GROUPS, MAX_WARNINGS, Step


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


class StepForm(forms.Form):
    """What is done at one moment. A warning without a percent is none."""

    percent = forms.IntegerField(
        min_value=1,
        max_value=99,
        required=False,
        label=_("At percent of the response time"),
        help_text=_("Leave it empty for no such warning."),
    )
    tell = forms.MultipleChoiceField(
        choices=[(group, _capital(words)) for group, words in GROUPS.items()],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=_("Mail"),
    )
    call = forms.ChoiceField(
        choices=[(call, _capital(words)) for call, words in CALLS.items()],
        required=False,
        label=_("Call"),
    )
    raise_priority = forms.BooleanField(
        required=False, label=_("Raise the priority by one, to critical at most")
    )
    redispatch = forms.BooleanField(
        required=False,
        label=_("Give it to another engineer where the owner has not answered"),
        help_text=_("At TS1. Where nobody else fits it stays, and the leads are asked."),
    )

    def __init__(self, *args: Any, title: str, is_breach: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title, self.is_breach = title, is_breach
        if is_breach:
            del self.fields["percent"]

    def step(self) -> Step | None:
        """Call it on a valid form."""
        given = self.cleaned_data
        percent = BREACH if self.is_breach else given["percent"]
        if percent is None:
            return None
        return Step(
            percent,
            tuple(given["tell"]),
            given["call"],
            raise_priority=given["raise_priority"],
            redispatch=given["redispatch"],
        )


class PolicyForm:
    """The forms of all steps, filled from `steps` unless they were posted."""

    def __init__(self, steps: Sequence[Step], data: Mapping[str, Any] | None = None) -> None:
        warnings = [step for step in steps if step.percent < BREACH]
        breach = [step for step in steps if step.percent == BREACH]
        empty: list[Step | None] = [None] * (MAX_WARNINGS - len(warnings))
        self.forms = [
            StepForm(
                data,
                prefix=f"warning{n}",
                title=f"Warning {n}",
                initial=step.facts() if step else {"tell": warnings[-1:] and warnings[-1].notify},
            )
            for n, step in enumerate([*warnings, *empty], start=1)
        ]
        self.forms.append(
            StepForm(
                data, prefix="breach", title="Breach", is_breach=True, initial=breach[0].facts()
            )
        )

    def is_valid(self) -> bool:
        faulty = [form for form in self.forms if not form.is_valid()]  # each shows its errors
        return not faulty

    def steps(self) -> list[Step]:
        return [step for form in self.forms if (step := form.step()) is not None]
