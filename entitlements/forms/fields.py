"""What every form of the contracts says about a number or a day that is none."""

from __future__ import annotations

from datetime import date

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2199, 12, 31)

_NO_AMOUNT = "Write it with a point and without thousands separators, as 1500.00."
_NO_DAY = f"Give a day from {FIRST_DAY} to {LAST_DAY}."


def explain_fields(fields: dict[str, forms.Field]) -> None:
    """Amounts say how they are written; days lie where a year can be added to them (E1)."""
    for field in fields.values():
        if isinstance(field, forms.DecimalField):
            field.error_messages["invalid"] = _NO_AMOUNT
        if isinstance(field, forms.DateField):
            bounds = MinValueValidator(FIRST_DAY, _NO_DAY), MaxValueValidator(LAST_DAY, _NO_DAY)
            field.validators = [*field.validators, *bounds]
