"""F2: every field that can hold something about a person is named, or is harmless for a reason."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Field, Model

from core.personal import held, held_in, why_harmless

# What can hold text of any kind, or bytes. Numbers, moments and keys say nothing by themselves.
CAN_HOLD = (
    models.CharField,
    models.TextField,
    models.JSONField,
    models.BinaryField,
    models.FileField,
    models.GenericIPAddressField,
    ArrayField,
    SearchVectorField,
)


def fields() -> Iterator[tuple[type[Model], Field[Any, Any]]]:
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.concrete_fields:
            if isinstance(field, CAN_HOLD) and not field.choices:
                yield model, field


def is_known(model: type[Model], field: Field[Any, Any]) -> bool:
    label = model._meta.label
    if why_harmless(label, field.name):
        return True
    try:
        table = held_in(label)
    except KeyError:
        return False
    return table.is_deleted or field.name in table.named


def test_no_field_is_forgotten():
    unknown = [
        f"{model._meta.label}.{field.name}"
        for model, field in fields()
        if not is_known(model, field)
    ]

    assert unknown == [], "say in the app's personal.py what becomes of it (core.personal)"


def test_what_is_named_is_there():
    """A field that was renamed, or went, leaves no word behind."""
    for table in held():
        there = {field.name for field in table.of._meta.concrete_fields}
        days = {table.day} - {""}
        assert {*table.named, *days} <= there, table.model


def test_nothing_is_both_held_and_harmless():
    both = [
        f"{model._meta.label}.{field.name}"
        for model, field in fields()
        if why_harmless(model._meta.label, field.name)
        and model._meta.label_lower in {one.model.lower() for one in held()}
        and field.name in held_in(model._meta.label).named
    ]

    assert both == []


@pytest.mark.parametrize("table", list(held()), ids=lambda one: one.model)
def test_secrets_are_never_blotted_and_own_rows_say_what_becomes_of_them(table):
    assert not set(table.secret) & set(table.blot)
    assert table.own is None or table.what
