"""Search behind the wall between customers (docs/decisions/search-behind-the-walls.md).

Full-text operators are not leakproof: under a policy PostgreSQL reads every row before it asks its
index. So one function finds, as a role of its own that reads nothing but the search's documents
(`ROLE`), and keeps to the transaction's own wall itself. It gives keys alone; what is shown is read
through `visible_to` and the policies. Without the role the function is ours, and obeys the policies
like everything: slower, never wrong.
"""

from __future__ import annotations

from enum import StrEnum

from django.db import connection, transaction

ROLE = "axsupport_search"
FUNCTION = "core_search_found"
POLICY = "searching"
# What a superuser says once; then `migrate` does the rest.
GRANT = f"CREATE ROLE {ROLE} NOLOGIN; GRANT {ROLE} TO {{desk}} WITH INHERIT FALSE, SET TRUE;"
REVOKE = f"GRANT {ROLE} TO {{desk}} WITH INHERIT FALSE, SET TRUE;"

_TAKES = "tsquery, text, boolean, integer"
# The wall comes from the transaction's own settings: nobody can hand over another one. The vectors
# are kept beside small rows, which the planner takes for cheap to read: it reads none of them.
DEFINITION = f"""
    CREATE OR REPLACE FUNCTION {FUNCTION}(
        wanted tsquery, of_kind text, as_customer boolean, most integer
    ) RETURNS SETOF bigint LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = {{schema}}, pg_temp
    SET plan_cache_mode = force_custom_plan
    SET enable_seqscan = off
    AS $$
    DECLARE
        sees_all boolean := coalesce(current_setting('app.scope', true), '') = 'all';
        ours bigint[] := coalesce(nullif(current_setting('app.tenants', true), ''), '{{{{}}}}');
    BEGIN
        RETURN QUERY
        SELECT d.subject_id FROM core_searchdocument d
        WHERE d.vector @@ wanted AND d.kind = of_kind
            AND CASE WHEN as_customer THEN d.for_customers ELSE d.for_staff END
            AND (sees_all OR d.organisation_id IS NULL OR d.organisation_id = ANY (ours))
        ORDER BY CASE WHEN most IS NOT NULL THEN d.at END DESC
        LIMIT most;
    END $$;
    REVOKE ALL ON FUNCTION {FUNCTION}({_TAKES}) FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION {FUNCTION}({_TAKES}) TO {{desk}};
"""
_STATE = """
    SELECT r.oid IS NOT NULL,
        r.oid IS NOT NULL AND current_setting('server_version_num')::int >= 160000
            AND pg_has_role(current_user, r.oid, CASE
                WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET'
                ELSE 'MEMBER' END),
        r.oid IS NOT NULL AND pg_has_role(current_user, r.oid, 'USAGE'),
        coalesce(p.proowner = r.oid, false),
        EXISTS (SELECT 1 FROM pg_policy
            WHERE polname = %s AND polrelid = to_regclass('core_searchdocument'))
    FROM (VALUES (1)) one
    LEFT JOIN pg_roles r ON r.rolname = %s
    LEFT JOIN pg_proc p ON p.proname = %s AND p.pronamespace = current_schema()::regnamespace
"""


class Wall(StrEnum):
    """How search gets behind the wall."""

    FAST = "fast"  # as its own role
    SLOW = "slow"  # under the policies: the role, or the right to use it, is not there
    OPEN = "open"  # the desk inherits the role, so its policy would hold for every query


def state() -> Wall:
    """How it stands in the database."""
    _, _, inherits, is_owner, has_policy = _known()
    if inherits:
        return Wall.OPEN
    return Wall.FAST if is_owner and has_policy else Wall.SLOW


def set_up() -> Wall:
    """Make the function, and give it to its role where that may be; safe to repeat.

    Runs at the end of every `migrate`, and after a restore, which knows no roles.
    """
    exists, may, inherits, is_owner, has_policy = _known()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT quote_ident(current_schema()), quote_ident(current_user)")
        schema, desk = cursor.fetchone()
        define = DEFINITION.format(schema=schema, desk=desk)
        if not exists or not may or inherits:
            if has_policy:
                cursor.execute(f"DROP POLICY {POLICY} ON core_searchdocument")
            if not is_owner:
                cursor.execute(define)
            return Wall.OPEN if inherits else Wall.SLOW
        if not is_owner:
            cursor.execute(define)
        cursor.execute(f"GRANT USAGE, CREATE ON SCHEMA {schema} TO {ROLE}")
        cursor.execute(f"GRANT SELECT ON core_searchdocument TO {ROLE}")
        if not has_policy:
            cursor.execute(
                f"CREATE POLICY {POLICY} ON core_searchdocument FOR SELECT TO {ROLE} USING (true)"
            )
        if not is_owner:
            cursor.execute(f"ALTER FUNCTION {FUNCTION}({_TAKES}) OWNER TO {ROLE}")
        cursor.execute(f"SET LOCAL ROLE {ROLE}")
        cursor.execute(define)
        cursor.execute("RESET ROLE")
        cursor.execute(f"REVOKE CREATE ON SCHEMA {schema} FROM {ROLE}")
    return Wall.FAST


def grant_sentence() -> str:
    """The line that a superuser has to say for the fast way."""
    return GRANT.format(desk=_desk())


def revoke_sentence() -> str:
    """The line that closes the wall again where the desk was given the role as it is."""
    return REVOKE.format(desk=_desk())


def _desk() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT quote_ident(current_user)")
        return str(cursor.fetchone()[0])


def _known() -> tuple[bool, bool, bool, bool, bool]:
    """Is the role there, may we be it, do we inherit it, has it the function, is there a policy."""
    with connection.cursor() as cursor:
        cursor.execute(_STATE, [POLICY, ROLE, FUNCTION])
        found: tuple[bool, bool, bool, bool, bool] = cursor.fetchone()
        return found
