"""A migration must be safe on a desk that goes on working: every new one is read for that.

While it runs, the version before it still serves: what that writes must still be taken, and no
table may be locked while rows are read. A migration that has a good reason to do otherwise says it
in `safe_because`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently
from django.core.management import call_command
from django.core.management.commands.migrate import Command
from django.db import connection, migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.models import NOT_PROVIDED, Q

from core.management.commands.migrate import LOCK_TIMEOUT

# The last of each app that was written before this rule, for the first version: nobody upgrades.
BEFORE = {
    "accounts": 9,
    "core": 9,
    "engagements": 9,
    "entitlements": 19,
    "mailroom": 9,
    "notices": 19,
    "office": 9,
    "reports": 3,
    "resources": 9,
    "rota": 9,
    "telephone": 9,
    "tickets": 29,
}
OUR_APPS = tuple(BEFORE)


def unsafe(migration: Any) -> list[str]:
    """What it does to a table that is in use; nothing where it says why that is safe."""
    if getattr(migration, "safe_because", ""):
        return []
    made = {one.name_lower for one in migration.operations if isinstance(one, _Create)}
    return [why for one in _flat(migration.operations) for why in _reasons(one, made)]


_Create = migrations.CreateModel


def _flat(operations: Sequence[Operation]) -> Iterator[Operation]:
    for one in operations:
        if isinstance(one, migrations.SeparateDatabaseAndState):
            yield from _flat(one.database_operations)
        else:
            yield one


def _reasons(operation: Operation, made: set[str]) -> Iterator[str]:
    if getattr(operation, "model_name_lower", "") in made:
        return  # a table of its own, which nobody uses yet
    if isinstance(operation, migrations.AddField):
        found = list(_of_field(operation.field))
    else:
        found = [why for kinds, why in _REFUSED if isinstance(operation, kinds)][:1]
    yield from (f"{operation.describe()}: {why}" for why in found if why)


# The first kind that fits decides; "" where nothing is wrong.
_REFUSED: tuple[tuple[tuple[type[Operation], ...], str], ...] = (
    ((AddIndexConcurrently, AddConstraintNotValid), ""),
    ((migrations.AddIndex,), "AddIndexConcurrently, in a migration that is not atomic"),
    (
        (migrations.AddConstraint,),
        "AddConstraintNotValid, then ValidateConstraint in the next migration",
    ),
    (
        (migrations.AlterField,),
        "it may write the table anew; say in safe_because why it does not",
    ),
    (
        (migrations.RemoveField, migrations.DeleteModel),
        "the version before still asks for it; remove it a version later",
    ),
    (
        (migrations.RenameField, migrations.RenameModel),
        "the version before does not know the new name",
    ),
)


def _of_field(field: Any) -> Iterator[str]:
    if field.many_to_many:
        return
    if not field.null and field.db_default is NOT_PROVIDED:
        yield "the version before gives it no value; null=True or db_default"
    if field.unique or field.db_index:
        yield "its index locks the table; db_index=False, then AddIndexConcurrently"


def test_every_new_migration_is_safe_on_a_running_desk():
    loader = MigrationLoader(None)
    found = {
        f"{app}.{name}": why
        for (app, name), migration in loader.disk_migrations.items()
        if app in BEFORE and int(name[:4]) > BEFORE[app]
        for why in [unsafe(migration)]
        if why
    }

    assert not found


def test_every_app_with_migrations_of_its_own_is_read():
    loader = MigrationLoader(None)
    ours = {app for app, _ in loader.disk_migrations if not _is_foreign(loader, app)}

    assert ours <= set(OUR_APPS)


def _is_foreign(loader: MigrationLoader, app: str) -> bool:
    theirs = [one for (label, _), one in loader.disk_migrations.items() if label == app]
    modules = {type(one).__module__ for one in theirs}
    return any(name.startswith(("django.", "allauth.", "anymail.")) for name in modules)


def migration(*operations: Operation, **attributes: Any) -> Any:
    made = type("Migration", (migrations.Migration,), {"operations": operations, **attributes})
    return made("0099_toy", "tickets")


INDEX = models.Index(fields=["at"], name="toy_at")
CHECK = models.CheckConstraint(condition=Q(at__isnull=False), name="toy_has_a_moment")
MOMENT = models.DateTimeField(null=True)


@pytest.mark.parametrize(
    ("operation", "complaint"),
    (
        (migrations.AddIndex("toy", INDEX), "AddIndexConcurrently"),
        (migrations.AddConstraint("toy", CHECK), "AddConstraintNotValid"),
        (migrations.AddField("toy", "at", models.DateTimeField()), "db_default"),
        (
            migrations.AddField("toy", "of", models.ForeignKey("toy", models.PROTECT, null=True)),
            "db_index=False",
        ),
        (migrations.AlterField("toy", "at", MOMENT), "may write the table anew"),
        (migrations.RemoveField("toy", "at"), "a version later"),
        (migrations.RenameField("toy", "at", "moment"), "does not know the new name"),
        (migrations.DeleteModel("toy"), "a version later"),
    ),
)
def test_what_locks_or_surprises_the_running_version_is_refused(operation, complaint):
    (why,) = unsafe(migration(operation))

    assert complaint in why
    assert unsafe(migration(operation, safe_because="The table is empty.")) == []


@pytest.mark.parametrize(
    "operations",
    (
        (AddIndexConcurrently("toy", INDEX),),
        (migrations.AddField("toy", "at", MOMENT),),
        (migrations.AddField("toy", "n", models.IntegerField(default=0, db_default=0)),),
        (
            migrations.CreateModel("Toy", [("at", MOMENT)]),
            migrations.AddIndex("toy", INDEX),
            migrations.AddConstraint("toy", CHECK),
        ),
        (migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel("toy")]),),
    ),
)
def test_what_a_running_version_does_not_notice_is_safe(operations):
    assert unsafe(migration(*operations)) == []


@pytest.mark.django_db
def test_migrating_waits_for_no_lock_longer_than_a_few_seconds(monkeypatch):
    seen: list[str] = []

    def noted(*_args: Any, **_options: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SHOW lock_timeout")
            seen.append(cursor.fetchone()[0])

    monkeypatch.setattr(Command, "handle", noted)
    noted()
    call_command("migrate", verbosity=0)
    noted()

    before, during, after = seen
    assert (during, after) == (LOCK_TIMEOUT, before)
