"""Second factors: reset for whoever lost theirs, encrypted anew under another key."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from django.db import transaction

from accounts import factor_keys, policies
from accounts.actions.sessions import end_everywhere
from accounts.actions.telling import notify_of_change
from accounts.errors import NoFactor, NotYourPeople, NotYourself
from accounts.models import Person
from core.journal import record

SECRETS = ("secret", "seed")  # of an authenticator's data; `migrated_codes` is a list of them


@transaction.atomic
def reset(person: Person, *, by: Person, at: datetime) -> None:
    """Take away all second factors of somebody who lost theirs, and sign them out everywhere.

    Whoever resets must be sure who asks: from now on the password alone lets in, and staff set up
    a new factor with it at once. Errors: `NotYourPeople`, `NotYourself`, `NoFactor`.
    """
    if not policies.may_manage_people_of(by, person.organisation):
        raise NotYourPeople()
    if person == by:
        raise NotYourself()
    count, _ = Authenticator.objects.filter(user=person).delete()
    if not count:
        raise NoFactor(name=person.name)
    record("factor.reset", person, at=at, by=by, count=count)
    words = f"Your second factor was reset by {by}"
    notify_of_change(person, words, key=f"factor:{person.pk}:{at.timestamp()}", at=at)
    end_everywhere(person, by=by, at=at)


def encrypt_anew(authenticators: Any = None) -> int:
    """Encrypt what the present key did not encrypt; how many rows. Safe to repeat and to interrupt.

    `authenticators` is the model, where a migration has one of its own. Error: `FactorKeyMissing`.
    """
    model = authenticators or Authenticator
    done = 0
    for pk in model.objects.values_list("pk", flat=True).order_by("pk"):
        with transaction.atomic():  # against somebody who uses a recovery code meanwhile
            row = model.objects.select_for_update().filter(pk=pk).first()
            fresh = _encrypted(row.data) if row else None
            if row and fresh != row.data:
                row.data = fresh
                row.save(update_fields=["data"])
                done += 1
    return done


def _encrypted(data: dict[str, Any]) -> dict[str, Any]:
    fresh = data | {key: _again(data[key]) for key in SECRETS if isinstance(data.get(key), str)}
    if isinstance(data.get("migrated_codes"), list):
        fresh["migrated_codes"] = [_again(one) for one in data["migrated_codes"]]
    return fresh


def _again(text: str) -> str:
    if factor_keys.is_current(text):
        return text
    return factor_keys.encrypt(factor_keys.decrypt(text))
