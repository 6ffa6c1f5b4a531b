"""Migrations' models that change in place are those that Django builds."""

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
    migrations.AddField("desk", "rank", models.IntegerField(default=3), preserve_default=False),
    migrations.CreateModel("Tag", [("id", models.AutoField(primary_key=True))]),
    migrations.AddField("note", "tag", models.ForeignKey("core.Tag", models.CASCADE, null=True)),
    migrations.AddField("note", "desks", models.ManyToManyField("core.Desk", related_name="+")),
    migrations.AlterField("desk", "name", models.CharField(max_length=12, default="")),
    migrations.RemoveField("desk", "rank"),
)


@pytest.mark.parametrize("how", (nullcontext, quick_states))
def test_a_model_has_what_the_migrations_left_it(how: type[AbstractContextManager[None]]):
    state = ProjectState()
    with how():
        for step in STEPS:
            step.state_forwards("core", state)
            assert state.apps.get_models()  # a migration that is applied has them built

    note = state.apps.get_model("core", "Note")
    for name, other in (("desk", "Desk"), ("tag", "Tag"), ("desks", "Desk")):
        assert note._meta.get_field(name).related_model is state.apps.get_model("core", other)
    tag = state.apps.get_model("core", "Tag")
    assert [one.related_model for one in tag._meta.related_objects] == [note]
    assert note.objects.filter(tag__id=3, desk__name="x").query.where
    built = state.apps.get_model("core", "Desk")._meta
    assert [one.name for one in built.indexes] == ["desk_open"]
    assert [one.name for one in built.constraints] == ["one_open"]
    assert [one.name for one in built.fields] == ["id", "closed", "name"]
    assert built.get_field("name").max_length == 12
    fresh = ProjectState(dict(state.models)).apps.get_model("core", "Desk")._meta
    assert (fresh.indexes, fresh.constraints) == (built.indexes, built.constraints)
