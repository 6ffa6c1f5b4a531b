"""The forms of licence keys: a new version of them (K1)."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from accounts.models import Person
from core.journal import record
from core.text import clean
from entitlements.enums import Edition
from entitlements.errors import BadKeySchemes
from entitlements.models import KeySchemesVersion, Licence
from entitlements.reads.current import current_schemes
from entitlements.rules.keys import Schemes, problems

LONGEST_REASON = 300
_LOCK = "entitlements.key_schemes"


@transaction.atomic
def change_schemes(
    schemes: Schemes, *, reason: str, at: datetime, by: Person
) -> KeySchemesVersion | None:
    """A new version, which counts at once; None when nothing is different.

    Licences that count stay as they are. What waits is checked again by the next sweep, since a
    new check digit may prove it. The caller has checked `policies.may_edit_catalogue` and works
    unrestricted. Error: `BadKeySchemes`.
    """
    reason = clean(reason)
    found = problems(schemes, dict(Edition.choices))
    if not reason:
        found.append("Say in a few words why: whoever is asked later can tell.")
    if len(reason) > LONGEST_REASON:
        found.append(f"Say why in at most {LONGEST_REASON} letters.")
    if found:
        raise BadKeySchemes(problems=" ".join(found))
    with connection.cursor() as cursor:  # two managers at once: the second one's comes after
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [_LOCK])
    before = current_schemes()
    if dict(before) == dict(schemes):
        return None
    newest = KeySchemesVersion.objects.order_by("-version").first()
    made = KeySchemesVersion.objects.create(
        version=newest.version + 1 if newest else 1,
        schemes=_facts(schemes),
        reason=reason,
        made_at=at,
        made_by=by,
    )
    Licence.objects.waiting().update(check_at=at, check_tries=0)
    said = {"before": _facts(before), "after": _facts(schemes)}
    record("licence_keys.changed", made, at=at, by=by, rule="K1", reason=reason, **said)
    return made


def _facts(schemes: Schemes) -> dict[str, object]:
    return {edition: one.as_json() for edition, one in schemes.items()}
