"""The second wall between tenants: PostgreSQL row-level security.

Each tenant table gets one policy in the migration that makes it (`protect`). A transaction says
for whom it works with `everything()` or `only(...)`; one that says nothing reads and writes no
row. Who may see which organisations is decided in `accounts.tenancy`, not here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar

from django.db import connection, transaction
from django.db.migrations import RunSQL

from core import kept, late
from core.files import Fresh, settling

# Sub-selects, so that PostgreSQL reads the settings once a query and not once a row.
_SEES_ALL = "(SELECT current_setting('app.scope', true) = 'all')"
_IS_OURS = (
    "{column} = ANY ((SELECT coalesce(nullif(current_setting('app.tenants', true), ''), '{{}}')"
    "::bigint[])::bigint[])"
)

# Tables of which PostgreSQL tries every order. A page joins a dozen around the one it begins with,
# each by its key and in the order we name them; to plan those took longer than to read them. Said
# with the wall, so that it holds behind any pooler and for every role, and ends with it.
PLANNED_TOGETHER = "4"

# Who of an organisation sees not all of its rows: a second, narrower wall within the first (F4).
# Without a reader there is none: staff and sweeps work for the whole organisation.
NO_READER = "(SELECT coalesce(current_setting('app.reader', true), '') = '')"
READER = "(SELECT nullif(current_setting('app.reader', true), '')::bigint)"
READS_ALL = "(SELECT coalesce(current_setting('app.reads', true), '') = 'all')"

# What this thread's connection was notified last and still goes by: scope, tenants, reader, reads.
Said = tuple[str, str, str, str]
_standing: ContextVar[Said | None] = ContextVar("wall", default=None)


def protect(table: str, *, column: str = "organisation_id", shared: bool = False) -> RunSQL:
    """The migration operation that puts `table` behind the wall.

    `shared` rows are those without an organisation, such as the vendor's own people: everybody
    may read them, only an unrestricted transaction may write them.
    """
    ours = _IS_OURS.format(column=column)
    readable = f"{_SEES_ALL} OR {ours}" + (f" OR {column} IS NULL" if shared else "")
    writable = f"{_SEES_ALL} OR {ours}"
    return RunSQL(
        f"""
        ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
        ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
        CREATE POLICY tenant ON {table} USING ({readable}) WITH CHECK ({writable});
        """,
        f"""
        DROP POLICY tenant ON {table};
        ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;
        ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
        """,
    )


def keep_private(table: str, rule: str) -> RunSQL:
    """The operation after which a reader reaches only those rows of `table` that fit the `rule`.

    The rule may use `READER` and `READS_ALL`. It narrows what `protect` lets through.
    """
    return RunSQL(
        f"CREATE POLICY readers ON {table} AS RESTRICTIVE USING ({NO_READER} OR {rule});",
        f"DROP POLICY readers ON {table};",
    )


def append_only(table: str) -> RunSQL:
    """The migration operation after which `table` refuses UPDATE and DELETE, whoever asks."""
    return RunSQL(
        f"""
        CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION '{table} is append-only: write a new row that corrects the old one'
                USING ERRCODE = 'integrity_constraint_violation';
        END $$;
        CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION {table}_append_only();
        """,
        f"DROP TRIGGER {table}_append_only ON {table}; DROP FUNCTION {table}_append_only();",
    )


@contextmanager
def everything() -> Iterator[None]:
    """A transaction for sweeps, commands and unrestricted staff: every organisation's rows."""
    with _scope(("all", "{}", "", "")):
        yield


@contextmanager
def only(
    organisations: Collection[int], *, reader: int | None = None, reads_all: bool = True
) -> Iterator[None]:
    """A transaction that sees and writes the rows of these organisations (ids), no others.

    `reader` is the person of the organisation for whom it works; it sees what they may see of
    what is kept private, and of what only its own people see, unless they see it all.
    """
    with _scope(_narrow(organisations, reader, reads_all)):
        yield


@contextmanager
def narrowed_to(
    organisations: Collection[int], *, reader: int | None = None, reads_all: bool = True
) -> Iterator[None]:
    """The rest of this transaction sees and writes what `only` with the same would.

    For who looked up the person first: cheaper than `only` inside of `everything`, since the wall
    around does not come back. So nothing may follow but the end of the transaction.
    """
    wanted = _narrow(organisations, reader, reads_all)
    late.settle()
    with _saying(wanted) as said_already:
        if not said_already:
            _set(*wanted)
        yield
        late.settle()


def everything_from_now_on() -> None:
    """This connection sees and writes every organisation's rows until it is closed.

    For a process that does one thing and ends, such as telling the demo. Never in one that
    answers requests: its connection is used for the next person, too.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.scope', 'all', false)")
    _standing.set(("all", "{}", "", ""))


def _narrow(organisations: Collection[int], reader: int | None, reads_all: bool) -> Said:
    """As the database's settings say it."""
    tenants = "{" + ",".join(str(int(one)) for one in organisations) + "}"
    reads = ("", "") if reader is None else (str(int(reader)), "all" if reads_all else "own")
    return ("", tenants, *reads)


@contextmanager
def _scope(wanted: Said) -> Iterator[None]:
    outermost = not connection.in_atomic_block
    if wanted != _standing.get():
        late.settle()
    files = settling() if outermost else nullcontext(Fresh())
    with files as fresh, transaction.atomic(), late.gathering() as is_first, kept.seen_once():
        with _saying(wanted) as said_already:
            before = None if said_already else _set(*wanted)
            yield
            if is_first or not said_already:
                late.settle()
        # A SET LOCAL outlives its savepoint; a commit or a rollback ends it by itself.
        if before is not None and not outermost and not connection.needs_rollback:
            _set(*before)
        fresh.is_whole = True


@contextmanager
def _saying(wanted: Said) -> Iterator[bool]:
    """Whether this very wall stands already, so that nobody has to ask for it once more."""
    before = _standing.get()
    _standing.set(wanted)
    try:
        yield before == wanted
    finally:
        _standing.set(before)


def _set(scope: str, tenants: str, reader: str, reads: str) -> Said:
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH before AS MATERIALIZED (SELECT coalesce(current_setting('app.scope', true), '')"
            " AS scope, coalesce(current_setting('app.tenants', true), '') AS tenants,"
            " coalesce(current_setting('app.reader', true), '') AS reader,"
            " coalesce(current_setting('app.reads', true), '') AS reads)"
            " SELECT scope, tenants, reader, reads, set_config('app.scope', %s, true),"
            " set_config('app.tenants', %s, true), set_config('app.reader', %s, true),"
            " set_config('app.reads', %s, true),"
            " set_config('join_collapse_limit', %s, true) FROM before",
            [scope, tenants, reader, reads, PLANNED_TOGETHER],
        )
        row = cursor.fetchone()
    return row[0], row[1], row[2], row[3]
