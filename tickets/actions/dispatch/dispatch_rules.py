"""The rules of dispatch: which ones count, and a new version of them (rule 6)."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from accounts.models import Person
from core.errors import NotAllowed
from core.journal import record
from core.text import clean
from tickets import policies
from tickets.errors import PolicyUnusable
from tickets.models import DispatchRulesVersion
from tickets.rules.dispatch.settings import AS_DELIVERED, DispatchRules, problems

LONGEST_REASON = 300
_LOCK = "tickets.dispatch_rules"


def rules_at(at: datetime) -> DispatchRules:
    """Those that count at `at`, in one query."""
    counting = DispatchRulesVersion.objects.counting(at).first()
    return counting.rules if counting else AS_DELIVERED


def check(rules: DispatchRules) -> None:
    """Whether they can be used. Error: `PolicyUnusable`."""
    if found := problems(rules):
        raise PolicyUnusable(why=" ".join(found))


@transaction.atomic
def change_rules(
    rules: DispatchRules,
    *,
    reason: str,
    by: Person,
    at: datetime,
    starts_at: datetime | None = None,
) -> DispatchRulesVersion | None:
    """A new version, which counts from `starts_at`, or from now; None when nothing is different.

    What was given out keeps the moment until which it must be taken. Errors: `NotAllowed`,
    `PolicyUnusable`.
    """
    if not policies.may_set_dispatch(by):
        raise NotAllowed()
    reason, starts_at = clean(reason), starts_at or at
    check(rules)
    found = []
    if not reason:
        found.append("Say in a few words why: whoever is asked later can tell.")
    if len(reason) > LONGEST_REASON:
        found.append(f"Say why in at most {LONGEST_REASON} letters.")
    if starts_at < at:
        found.append("Rules count from now on or from a later moment: choose one, or none.")
    if found:
        raise PolicyUnusable(why=" ".join(found))
    with connection.cursor() as cursor:  # two managers at once: the second one's comes after
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [_LOCK])
    newest = DispatchRulesVersion.objects.order_by("-version").first()
    before = newest.rules if newest else AS_DELIVERED
    if before == rules and (newest is None or newest.starts_at <= starts_at):
        return None
    made = DispatchRulesVersion.objects.create(
        version=newest.version + 1 if newest else 1,
        **rules.facts(),
        reason=reason,
        starts_at=starts_at,
        made_at=at,
        made_by=by,
    )
    said = {"before": before.facts(), "after": rules.facts()}
    record(
        "dispatch_rules.changed",
        made,
        at=at,
        by=by,
        rule="rule 6",
        reason=reason,
        starts_at=starts_at,
        **said,
    )
    return made
