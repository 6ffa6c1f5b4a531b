"""Migrations' models whose indexes change in place are those that Django builds."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

import pytest
from django.db import migrations, models
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from core.quick_states import quick_states

OPEN = models.Q(closed=False)
STEPS: tuple[Operation, ...] = (
    migrations.CreateModel(
        "Desk", [("id", models.AutoField(primary_key=True)), ("closed", models.BooleanField())]
    ),
    migrations.CreateModel(
        "Note",
        [
            ("id", models.AutoField(primary_key=True)),
            ("desk", models.ForeignKey("core.Desk", models.CASCADE)),
        ],
    ),
    migrations.AddIndex("desk", models.Index(fields=["closed"], name="desk_closed")),
    migrations.AddIndex("desk", models.Index(fields=["id"], name="desk_open", condition=OPEN)),
    migrations.AddConstraint(
        "desk", models.UniqueConstraint(fields=["closed"], name="one_open", condition=OPEN)
    ),
    migrations.RemoveIndex("desk", "desk_closed"),
    migrations.AddField("desk", "name", models.CharField(max_length=9, default="")),
)


@pytest.mark.parametrize("how", (nullcontext, quick_states))
def test_a_model_has_what_the_migrations_left_it(how: type[AbstractContextManager[None]]):
    state = ProjectState()
    with how():
        for step in STEPS:
            step.state_forwards("core", state)
            assert state.apps.get_models()  # a migration that is applied has them built

    note = state.apps.get_model("core", "Note")
    assert note._meta.get_field("desk").related_model is state.apps.get_model("core", "Desk")
    built = state.apps.get_model("core", "Desk")._meta
    assert [one.name for one in built.indexes] == ["desk_open"]
    assert [one.name for one in built.constraints] == ["one_open"]
    assert [one.name for one in built.fields] == ["id", "closed", "name"]
    fresh = ProjectState(dict(state.models)).apps.get_model("core", "Desk")._meta
    assert (fresh.indexes, fresh.constraints) == (built.indexes, built.constraints)
