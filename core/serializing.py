"""Serializers whose fields are made once, and not anew for each answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from rest_framework.exceptions import ValidationError
from rest_framework.serializers import BaseSerializer

Form = type[BaseSerializer[Any]]
Context = Mapping[str, Any]

# Serializers that nobody uses just now, by their class. DRF makes the fields of each anew, some
# dozens with all that they ask of the model: a tenth of what it costs to file over the API.
_free: dict[Form, list[BaseSerializer[Any]]] = {}


def shown(form: Form, thing: object, context: Context) -> dict[str, Any]:
    """What `form` says of `thing`: its `data`, for who asks often."""
    with _lent(form, context) as serializer:
        return dict(serializer.to_representation(thing))


def checked(form: Form, data: Any, context: Context) -> dict[str, Any]:
    """What `form` makes of what was sent: its `validated_data`. Error: DRF's ValidationError."""
    try:
        with _lent(form, context) as serializer:
            return dict(serializer.run_validation(data))
    except ValidationError:  # in DRF's own words, which a new one finds
        anew = form(data=data, context=context)
        anew.is_valid(raise_exception=True)
        return dict(anew.validated_data)


@contextmanager
def _lent(form: Form, context: Context) -> Iterator[BaseSerializer[Any]]:
    """One for us alone, which knows `context` meanwhile; threads and nested uses get others."""
    free = _free.setdefault(form, [])
    try:
        serializer = free.pop()
    except IndexError:
        serializer = form()
    serializer._context = context
    try:
        yield serializer
    finally:
        serializer._context = {}
        free.append(serializer)
