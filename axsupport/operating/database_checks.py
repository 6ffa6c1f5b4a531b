"""What doctor looks at in the database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from axsupport.operating.findings import Finding, failing, ok, warning
from core import keeper
from core.clock import database_now
from core.roles import unfit_role
from core.search import wall

OLDEST = 150000  # PostgreSQL 15, as its `server_version_num`
CLOCKS_DIFFER = 5.0  # seconds between ours and the database's that are worth a word
_UNPROTECTED = """
    SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_attribute a ON a.attrelid = c.oid AND NOT a.attisdropped
    WHERE n.nspname = current_schema() AND c.relkind = 'r' AND a.attname = 'organisation_id'
    AND NOT (c.relrowsecurity AND c.relforcerowsecurity AND EXISTS (
        SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid))
    ORDER BY 1
"""


def version() -> Iterator[Finding]:
    number = int(_value("SHOW server_version_num"))
    said = f"PostgreSQL {_value('SHOW server_version')}"
    if number < OLDEST:
        yield failing("database version", said, "Upgrade to PostgreSQL 15 or newer.")
    else:
        yield ok("database version", said)


def role() -> Iterator[Finding]:
    if sentence := unfit_role():
        yield failing("database role", sentence.split(":")[0], sentence)
    else:
        yield ok("database role", f"{_value('SELECT current_user')} is bound by the walls")


def walls() -> Iterator[Finding]:
    """Every table of tenants has row-level security, forced, with a policy."""
    with connection.cursor() as cursor:
        cursor.execute(_UNPROTECTED)
        bare = [row[0] for row in cursor.fetchall()]
    if bare:
        says = f"without forced row-level security: {', '.join(bare)}"
        yield failing("walls between customers", says, "Run the migrations, or restore a backup.")
    else:
        yield ok("walls between customers", "every table of tenants is behind its wall")


def forgetting() -> Iterator[Finding]:
    """Whether rows can be erased and deleted at all (F2), and whether none went unnoticed."""
    if sentence := keeper.missing():
        helps = "Until then nothing is erased, and no journal is shortened."
        yield warning("erasure and retention", sentence, helps)
    elif broken := keeper.broken_at():
        says = f"tombstone {broken.pk} does not follow from the one before it"
        yield failing("erasure and retention", says, "Somebody changed it: compare with a backup.")
    else:
        yield ok("erasure and retention", "by a role of its own, and every tombstone stands")


def search() -> Iterator[Finding]:
    """Search finds by its index only as a role of its own (`core.search.wall`)."""
    way = wall.state()
    if way == wall.Wall.FAST:
        yield ok("search", f"finds as {wall.ROLE}, behind the walls")
    elif way == wall.Wall.OPEN:
        says = f"the desk inherits what {wall.ROLE} may read: a wall stands open"
        helps = f"As a superuser: {wall.revoke_sentence()} Then run the migrations."
        yield failing("search", says, helps)
    else:
        helps = f"As a superuser: {wall.grant_sentence()} Then run the migrations."
        yield warning("search", "slow with many incidents: its role is missing", helps)


def migrations() -> Iterator[Finding]:
    executor = MigrationExecutor(connection)
    left = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if left:
        says = f"{len(left)} not applied, first {left[0][0]}"
        yield failing("migrations", says, "Run `python -m axsupport.up.prepare`.")
    else:
        yield ok("migrations", "all applied")


def encoding() -> Iterator[Finding]:
    """Upper and lower case of letters beyond ASCII, and trigrams of them, as search needs both."""
    says = _value(
        "SELECT pg_encoding_to_char(encoding) FROM pg_database WHERE datname = current_database()"
    )
    if says == "UTF8" and _value("SELECT 'É' ILIKE 'é'"):
        yield ok("database locale", "UTF-8, and it knows the case of all letters")
    else:
        helps = "Make the database anew as docs/operations.md shows it, and restore a backup."
        yield failing("database locale", f"{says}, case of letters unknown", helps)


def clock() -> Iterator[Finding]:
    ours, theirs = timezone.now(), database_now()  # noqa: TID251 -- to compare the two
    yield clock_finding(ours, theirs)


def clock_finding(ours: datetime, theirs: datetime) -> Finding:
    seconds = abs((ours - theirs).total_seconds())
    if seconds > CLOCKS_DIFFER:
        says = f"this machine's differs from the database's by {seconds:.0f} seconds"
        return warning("clock", says, "Let both keep time by NTP.")
    return ok("clock", "the database's and ours agree")


def _value(question: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchone()[0]
