"""Migrating an empty database in half the time.

For each index and constraint that a migration adds Django builds anew the model that has it and
all models related to it: of the 18 s that our migrations took, 8 went there. But what such a model
looks like to a migration changes in one list alone, so that list is set.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from django.db.migrations.state import ProjectState


@contextmanager
def quick_states() -> Iterator[None]:
    """While it lasts, migrations' models get and lose indexes and constraints in place."""
    with (
        patch.object(ProjectState, "_append_option", _append),
        patch.object(ProjectState, "_remove_option", _remove),
    ):
        yield


def _append(state: ProjectState, app: str, model: str, option: str, added: Any) -> None:
    _set(state, app, model, option, [*state.models[app, model].options[option], added])


def _remove(state: ProjectState, app: str, model: str, option: str, name: str) -> None:
    kept = [one for one in state.models[app, model].options[option] if one.name != name]
    _set(state, app, model, option, kept)


def _set(state: ProjectState, app: str, model: str, option: str, value: list[Any]) -> None:
    state.models[app, model].options[option] = value
    if "apps" in vars(state):  # built already; asking for it would build it
        setattr(state.apps.get_model(app, model)._meta, option, list(value))
