"""The role that the desk is in the database: never one that walks through the walls."""

from __future__ import annotations

from django.db import connection

SENTENCE = (
    "The database role {role} walks through row-level security, since it {why}: give the desk a"
    " role of its own that owns the database and is no superuser (docs/operations.md), and put it"
    " into DATABASE_URL."
)


def unfit_role() -> str:
    """A sentence for the operator where the walls do not bind our role; "" where they do."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"
        )
        role, is_superuser, bypasses = cursor.fetchone()
    if not (is_superuser or bypasses):
        return ""
    return SENTENCE.format(role=role, why="is a superuser" if is_superuser else "has BYPASSRLS")
