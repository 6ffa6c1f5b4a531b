"""People and their organisations, and what they are notified."""

from __future__ import annotations

import hashlib
from datetime import time
from typing import Any

from allauth.mfa.models import Authenticator

from accounts.enums import Role
from accounts.models import ApiToken, Assignment, Invitation, Organisation, Partner, Person, SignIn
from core.journal import label
from notices.models import BouncingAddress, Notice, NoticeChoices, Notification, QuietHours
from tests.factories.base import NINE, days, numbers


def make_partner(**fields: Any) -> Partner:
    return Partner.objects.create(**{"name": f"Partner {next(numbers)}"} | fields)


def make_organisation(**fields: Any) -> Organisation:
    n = next(numbers)
    defaults = {"name": f"Organisation {n}", "slug": f"organisation-{n}", "created_at": NINE}
    return Organisation.objects.create(**defaults | fields)


def make_person(role: str, **fields: Any) -> Person:
    """A person who signs in with `password`, a keyword; without one they can not."""
    n = next(numbers)
    password = fields.pop("password", None)
    defaults = {"email": f"{role}{n}@people.example", "name": f"Person {n}", "joined_at": NINE}
    person = Person(role=role, **defaults | fields)
    person.set_password(password)
    person.save()
    return person


def make_contact(organisation: Organisation | None = None, **fields: Any) -> Person:
    return make_person(Role.CONTACT, organisation=organisation or make_organisation(), **fields)


def make_admin_contact(organisation: Organisation | None = None, **fields: Any) -> Person:
    return make_person(
        Role.ADMIN_CONTACT, organisation=organisation or make_organisation(), **fields
    )


def make_engineer(*serves: Organisation, **fields: Any) -> Person:
    """TS1 unless `role` says otherwise; serving nobody in particular means everybody."""
    engineer = make_person(fields.pop("role", Role.TS1), **fields)
    for organisation in serves:
        Assignment.objects.create(person=engineer, organisation=organisation)
    return engineer


def make_partner_engineer(partner: Partner | None = None, **fields: Any) -> Person:
    return make_person(Role.PARTNER, partner=partner or make_partner(), **fields)


def make_tam(*manages: Organisation, **fields: Any) -> Person:
    tam = make_person(Role.TAM, **fields)
    for organisation in manages:
        organisation.tam = tam
        organisation.save(update_fields=["tam"])
    return tam


def make_manager(**fields: Any) -> Person:
    return make_person(Role.MANAGER, **fields)


def make_invitation(**fields: Any) -> Invitation:
    organisation = fields.pop("organisation", None) or make_organisation()
    n = next(numbers)
    defaults = {
        "email": f"invited{n}@people.example",
        "digest": hashlib.sha256(str(n).encode()).hexdigest(),
        "invited_by": fields.pop("invited_by", None) or make_admin_contact(organisation),
        "invited_at": NINE,
        "expires_at": NINE + days(14),
    }
    return Invitation.objects.create(organisation=organisation, **defaults | fields)


def make_notice(**fields: Any) -> Notice:
    """Owed at nine; `about` is any saved object."""
    about = fields.pop("about", None)
    if about is not None:
        fields = {"subject": label(about), "organisation_id": about.organisation_id} | fields
    defaults = {
        "key": f"notice:{next(numbers)}",
        "to": fields.pop("to") if "to" in fields else make_contact(),
        "template": "report_issued",
        "context": {"number": "SR-1", "month": "February 2026", "url": "http://desk.example/r/1/"},
        "made_at": NINE,
        "next_at": NINE,
    }
    return Notice.objects.create(**defaults | fields)


def make_notification(about: Any, **fields: Any) -> Notification:
    """In the bell of an engineer since nine, unread."""
    defaults = {
        "key": f"notification:{next(numbers)}",
        "person": fields.pop("person") if "person" in fields else make_engineer(),
        "kind": "incident_customer_wrote",
        "facts": {"number": about.number, "subject": about.subject, "author": "A customer"},
        "made_at": NINE,
    }
    where = {"subject": label(about), "organisation_id": about.organisation_id}
    return Notification.objects.create(**defaults | where | fields)


def make_choices(person: Person | None = None, **fields: Any) -> NoticeChoices:
    """Everything at once, the mail of the day at eight."""
    person = person or make_contact()
    defaults = {"digest_hour": 8, "organisation": person.organisation}
    return NoticeChoices.objects.create(person=person, **defaults | fields)


def make_quiet_hours(person: Person | None = None, **fields: Any) -> QuietHours:
    """From ten in the evening to seven in the morning."""
    person = person or make_contact()
    defaults = {"starts": time(22), "ends": time(7), "organisation": person.organisation}
    return QuietHours.objects.create(person=person, **defaults | fields)


def make_bouncing(person: Person | None = None, **fields: Any) -> BouncingAddress:
    """The person's mailbox does not exist since nine."""
    person = person or make_contact()
    defaults = {
        "address": person.email.lower(),
        "person": person,
        "organisation": person.organisation,
        "since_at": NINE,
        "code": "5.1.1",
        "why": "its mailbox does not exist",
    }
    return BouncingAddress.objects.create(**defaults | fields)


def make_token(person: Person, *, token: str = "", **fields: Any) -> ApiToken:
    """An API token whose words are `token`; without them nobody knows them."""
    n = next(numbers)
    key = hashlib.sha256((token or f"nobody knows {n}").encode()).hexdigest()
    defaults = {"name": f"Token {n}", "digest": key, "created_at": NINE}
    return ApiToken.objects.create(person=person, **defaults | fields)


def make_sign_in(person: Person, **fields: Any) -> SignIn:
    defaults = {"session_key": f"session{next(numbers)}", "started_at": NINE, "seen_at": NINE}
    return SignIn.objects.create(person=person, **defaults | fields)


def make_passkey(person: Person, *, name: str = "Passkey") -> Authenticator:
    """One that no device holds: a row, with which nobody can sign in."""
    data = {"name": name, "credential": {}}
    made: Authenticator = Authenticator.objects.create(user=person, type="webauthn", data=data)
    return made
