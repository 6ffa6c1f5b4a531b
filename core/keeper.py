"""The one way by which rows leave journal and ledger, which refuse UPDATE and DELETE (F2).

A function of a role of its own, as which nobody signs in, removes or anonymises rows of the kinds
that it knows, and leaves a tombstone for them. The superuser makes the role, once
(docs/operations.md); `establish` makes the function after each `migrate`. Where the role is
missing nothing is removed, and `forget` says so in words.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from core.errors import Refusal
from core.keeper_sql import FUNCTION, RIGHTS, ROLE
from core.models import Tombstone

if TYPE_CHECKING:
    from accounts.models import Person

MAKE_IT = (
    f"As the database's superuser say `CREATE ROLE {ROLE} NOLOGIN; GRANT {ROLE} TO {{ours}};`, then"
    " `python manage.py migrate`."
)
_STATE = """
    SELECT current_user, r.oid IS NOT NULL,
           coalesce(pg_has_role(current_user, r.oid, 'MEMBER'), false),
           coalesce(r.rolsuper OR r.rolbypassrls OR r.rolcanlogin, false),
           coalesce(p.prosecdef AND pg_get_userbyid(p.proowner) = r.rolname, false),
           coalesce(pg_get_userbyid(p.proowner) = current_user, false)
      FROM (SELECT %s::name AS name) wanted
      LEFT JOIN pg_roles r ON r.rolname = wanted.name
      LEFT JOIN pg_proc p ON p.proname = 'core_forget'
           AND p.pronamespace = current_schema()::regnamespace
"""


class NoKeeper(Refusal):
    code = "no_keeper"
    status = 503
    text = _("Nothing can be erased or deleted yet: {why}")


def missing() -> str:
    """A sentence for the operator where the function is not there as it must be; "" where it is."""
    ours, is_there, is_member, is_unfit, is_kept, _ = _state()
    if not is_there:
        return f"the role {ROLE} is missing. " + MAKE_IT.format(ours=ours)
    if is_unfit:
        return f"the role {ROLE} may sign in or pass the walls. Make it NOLOGIN NOSUPERUSER."
    if not is_member:
        return f"{ours} is no member of {ROLE}. " + MAKE_IT.format(ours=ours)
    if not is_kept:
        return "the function that forgets is missing. Say `python manage.py migrate`."
    return ""


def establish() -> str:
    """Make or renew the function, where its role is there; else the sentence of `missing`."""
    ours, is_there, is_member, is_unfit, _, is_ours = _state()
    if not is_there or is_unfit or not is_member:
        return missing()
    quote = connection.ops.quote_name
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        schema = quote(cursor.fetchone()[0])
        if is_ours:  # a backup was restored, which knows no owners
            cursor.execute("DROP FUNCTION core_forget(text, jsonb)")
        cursor.execute(f"GRANT USAGE, CREATE ON SCHEMA {schema} TO {ROLE}")
        cursor.execute(f"SET LOCAL ROLE {ROLE}")
        cursor.execute(FUNCTION.format(schema=schema))
        cursor.execute("REVOKE ALL ON FUNCTION core_forget(text, jsonb) FROM PUBLIC")
        cursor.execute(f"GRANT EXECUTE ON FUNCTION core_forget(text, jsonb) TO {quote(ours)}")
        cursor.execute("SET LOCAL ROLE NONE")
        cursor.execute(f"REVOKE CREATE ON SCHEMA {schema} FROM {ROLE}")
        for right in RIGHTS:
            cursor.execute(f"GRANT {right} TO {ROLE}")
    return ""


def forget(
    kind: str,
    *,
    at: datetime,
    by: Person | None = None,
    subject: str = "",
    keys: Collection[int] = (),
    about: int | None = None,
    pattern: str | None = None,
) -> int:
    """Remove or anonymise rows of journal or ledger, and leave a tombstone; how many.

    `keys` are rows, `about` is the organisation or person, `pattern` what is blotted out. Raises
    `NoKeeper` where the database's set-up lacks the role.
    """
    asked = {"keys": sorted(keys), "about": about, "pattern": pattern}
    return _ask(kind, {**asked, "at": at, "by": by.pk if by else None, "subject": subject})


def leave_tombstone(
    kind: str,
    *,
    at: datetime,
    count: int,
    days: Iterable[date],
    rows: Iterable[int],
    by: Person | None = None,
    subject: str = "",
) -> int:
    """A tombstone for rows that are removed in this transaction from tables open to the desk."""
    known = sorted(days)
    asked = {
        "count": count,
        "oldest": known[0] if known else None,
        "newest": known[-1] if known else None,
        "rows": " ".join(str(one) for one in sorted(rows)),
    }
    return _ask(kind, {**asked, "at": at, "by": by.pk if by else None, "subject": subject})


def broken_at() -> Tombstone | None:
    """The first tombstone that does not follow from the one before it; None where all do."""
    before = ""
    for one in Tombstone.objects.order_by("pk").iterator():
        known = (before, one.kind, one.count, one.oldest, one.newest, one.about, one.digest)
        # As SQL's concat_ws: what is unknown is left out.
        said = "|".join(str(part) for part in known if part is not None)
        if hashlib.sha256(said.encode()).hexdigest() != one.chain:
            return one
        before = one.chain
    return None


def _ask(kind: str, asked: dict[str, object]) -> int:
    if why := missing():
        raise NoKeeper(why=why)
    with connection.cursor() as cursor:
        words = json.dumps(asked, cls=DjangoJSONEncoder, ensure_ascii=False)
        cursor.execute("SELECT core_forget(%s, %s::jsonb)", [kind, words])
        return int(cursor.fetchone()[0])


def _state() -> tuple[str, bool, bool, bool, bool, bool]:
    with connection.cursor() as cursor:
        cursor.execute(_STATE, [ROLE])
        found: tuple[str, bool, bool, bool, bool, bool] = cursor.fetchone()
    return found
