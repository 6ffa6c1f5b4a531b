"""People who are in already: roles, profiles, closing and opening accounts, the vendor's staff."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import ProtectedError, RestrictedError

from accounts import policies
from accounts.actions.invitations import checked_name
from accounts.actions.sessions import end_everywhere
from accounts.actions.tokens import revoke_all
from accounts.enums import CUSTOMER_ROLES, ENGINEER_ROLES, Reach, Role
from accounts.errors import (
    AddressTaken,
    LastAdminContact,
    LastManager,
    NotForCustomers,
    NotForStaff,
    NotYourPeople,
    NotYourself,
    PersonInUse,
)
from accounts.models import Assignment, Organisation, Partner, Person
from core import closing, rls
from core.journal import record
from core.text import clean
from notices.moving import move_along
from notices.outbox import notify


@transaction.atomic
def set_profile(
    person: Person,
    *,
    name: str,
    timezone: str,
    language: str,
    phone: str,
    at: datetime,
    single_keys: bool | None = None,
    undo_seconds: int | None = None,
) -> None:
    """What people say about themselves; None leaves their keys. Safe to repeat.

    `undo_seconds` is for how long they may take an answer back; None as the desk does.

    Error: `NameWithLink`.
    """
    wanted: dict[str, object] = {
        "name": checked_name(name),
        "timezone": timezone,
        "language": language,
        "phone": clean(phone),
    }
    if single_keys is not None:
        wanted["single_keys"] = single_keys
    if person.is_staff:
        wanted["undo_seconds"] = undo_seconds
    changed = _change(person, wanted)
    if changed:
        record("person.profile", person, at=at, by=person, **changed)


@transaction.atomic
def change_role(person: Person, *, role: str, by: Person, at: datetime) -> None:
    """Contact or admin contact, for a customer's person. Safe to repeat.

    Errors: `NotYourPeople`, `NotForCustomers`, `LastAdminContact`.
    """
    if not policies.may_manage_people_of(by, person.organisation):
        raise NotYourPeople()
    if role not in CUSTOMER_ROLES or not person.is_customer:
        raise NotForCustomers()
    person = _locked(person)
    before = person.role
    if before == role:
        return
    if before == Role.ADMIN_CONTACT:
        _check_not_last(person)
    person.role = role
    person.save(update_fields=["role"])
    record("person.role", person, at=at, by=by, before=before, after=role)


@transaction.atomic
def set_reach(person: Person, *, reach: str, by: Person, at: datetime) -> None:
    """Whether a contact sees all reports, their own, or what the organisation chose (F4).

    Safe to repeat. Errors: `NotYourPeople`, `NotForCustomers`.
    """
    if not policies.may_manage_people_of(by, person.organisation):
        raise NotYourPeople()
    if not person.is_customer:
        raise NotForCustomers()
    person = _locked(person)
    before, reach = person.reach, Reach(reach)
    if before == reach:
        return
    person.reach = reach
    person.save(update_fields=["reach"])
    record("person.reach", person, at=at, by=by, before=before, after=reach)


@transaction.atomic
def deactivate(person: Person, *, by: Person, at: datetime) -> None:
    """Close an account: its sessions and tokens stop with the next request. Safe to repeat.

    What the person wrote stays; what they had to do goes to others (`core.closing`). Errors:
    `NotYourPeople`, `NotYourself`, `LastAdminContact`, `LastManager`.
    """
    if not policies.may_manage_people_of(by, person.organisation):
        raise NotYourPeople()
    if person == by:
        raise NotYourself()
    person = _locked(person)
    if not person.is_active:
        return
    _check_not_last(person)
    person.is_active = False
    person.save(update_fields=["is_active"])
    record("person.deactivated", person, at=at, by=by)
    with rls.everything():  # what was theirs may lie with many organisations, and the vendor
        _give_up_customers(person, by=by, at=at)
        closing.carry_out(person, by=by, at=at)


@transaction.atomic
def reactivate(person: Person, *, by: Person, at: datetime) -> None:
    """Open a closed account again, with the password it had. Error: `NotYourPeople`."""
    if not policies.may_manage_people_of(by, person.organisation):
        raise NotYourPeople()
    if Person.objects.filter(pk=person.pk, is_active=False).update(is_active=True):
        record("person.reactivated", person, at=at, by=by)


@transaction.atomic
def add_contact(
    organisation: Organisation,
    *,
    email: str,
    name: str,
    by: Person,
    at: datetime,
    role: str = Role.CONTACT,
    phone: str = "",
    language: str = "",
    timezone: str = "",
) -> Person:
    """A contact whom the staff knows of, such as one who wrote; they may set a password by mail.

    Language and time zone are the organisation's where none is given. Whether `by` may work for
    the organisation is the caller's to check. Errors: `AddressTaken`, `NotForCustomers`.
    """
    email = clean(email)
    if role not in CUSTOMER_ROLES:
        raise NotForCustomers()
    if Person.objects.filter(email__iexact=email).exists():
        raise AddressTaken(email=email)
    person = Person(
        email=email,
        name=clean(name) or email,
        role=role,
        organisation=organisation,
        timezone=timezone or organisation.timezone,
        language=language or organisation.language,
        phone=clean(phone),
        joined_at=at,
    )
    person.set_password(None)
    person.save()
    record("person.added", person, at=at, by=by, role=person.role)
    return person


@transaction.atomic
def take_back_contact(person: Person, *, by: Person, at: datetime) -> None:
    """Remove somebody who was added by mistake, and did nothing since; the journal keeps it.

    Errors: `NotYourPeople`, `PersonInUse` for one who signed in, reported or is named anywhere.
    """
    organisation = person.organisation
    if not policies.may_manage_vendor(by) or organisation is None:
        raise NotYourPeople()
    person = _locked(person)
    if person.last_login is not None:
        raise PersonInUse(name=person.name)
    pk, name = person.pk, person.name
    try:
        person.delete()
    except (ProtectedError, RestrictedError) as error:
        raise PersonInUse(name=name) from error
    record("person.taken_back", organisation, at=at, by=by, person=pk)


@transaction.atomic
def add_staff(
    *,
    email: str,
    name: str,
    role: str,
    at: datetime,
    by: Person | None,
    partner: Partner | None = None,
    password: str | None = None,
    **details: object,
) -> Person:
    """A person of the vendor, or of a partner. Without a password they are mailed how to set one.

    `by` None is the operator's command line. `details` are fields such as `is_lead`, `language`,
    `timezone`. Errors: `NotYourPeople`, `NotForStaff`, `AddressTaken`.
    """
    if by is not None and not policies.may_manage_vendor(by):
        raise NotYourPeople()
    _check_staff(role, partner)
    email = clean(email)
    if Person.objects.filter(email__iexact=email).exists():
        raise AddressTaken(email=email)
    person = Person(email=email, name=clean(name), role=role, partner=partner, joined_at=at)
    for field, value in details.items():
        setattr(person, field, value)
    person.set_password(password)
    person.save()
    record("person.added", person, at=at, by=by, role=role)
    if password is None:
        url = f"{settings.SITE_URL}/accounts/password/reset/"
        notify([person], "account_made", key=f"account:{person.pk}", at=at, url=url)
    return person


@transaction.atomic
def change_staff(person: Person, *, by: Person, at: datetime, **wanted: object) -> None:
    """Name, role, partner, duties of a person of the vendor or a partner. Safe to repeat.

    Errors: `NotYourPeople`, `NotForStaff`, `LastManager`.
    """
    if not policies.may_manage_vendor(by):
        raise NotYourPeople()
    person = _locked(person)
    _check_staff(str(wanted.get("role", person.role)), wanted.get("partner", person.partner))
    if person.role == Role.MANAGER and wanted.get("role", Role.MANAGER) != Role.MANAGER:
        _check_not_last(person)
    changed = _change(person, wanted)
    if changed:
        record("person.changed", person, at=at, by=by, **changed)
    if {"role", "partner"} & set(changed.get("changed", ())):
        _give_up_customers(person, by=by, at=at)
        closing.have_left(person, by=by, at=at)


@transaction.atomic
def assign(
    person: Person, organisations: Collection[Organisation], *, by: Person, at: datetime
) -> None:
    """Whom a TS1 engineer serves from now on; nobody in particular means everybody.

    Error: `NotYourPeople`. Safe to repeat.
    """
    if not policies.may_manage_vendor(by):
        raise NotYourPeople()
    wanted = {organisation.pk for organisation in organisations}
    before = set(person.assignments.values_list("organisation_id", flat=True))
    if wanted == before:
        return
    person.assignments.exclude(organisation__in=wanted).delete()
    Assignment.objects.bulk_create(
        Assignment(person=person, organisation_id=pk) for pk in sorted(wanted - before)
    )
    person.__dict__.pop("serves_everybody", None)  # what was asked before is no longer so
    record("person.assigned", person, at=at, by=by, before=sorted(before), after=sorted(wanted))
    closing.have_left(person, by=by, at=at)


@transaction.atomic
def move(person: Person, organisation: Organisation, *, by: Person, at: datetime) -> None:
    """A customer's person works for another customer now: as a contact there, with their account.

    What they reported and wrote stays where it was, and they see it no more. Their tokens end, and
    they are signed out. Safe to repeat. Errors: `NotYourPeople`, `NotForCustomers`,
    `LastAdminContact`.
    """
    if not policies.may_manage_vendor(by):
        raise NotYourPeople()
    if not person.is_customer:
        raise NotForCustomers()
    person = _locked(person)
    before = person.organisation
    if before is None or before == organisation:
        return
    if person.is_active:
        _check_not_last(person)
    person.organisation, person.role = organisation, Role.CONTACT
    person.save(update_fields=["organisation", "role"])
    facts: dict[str, Any] = {"before": before.pk, "after": organisation.pk}
    record("person.moved", person, at=at, by=by, **facts)
    record("person.moved_away", before, at=at, by=by, person=person.pk, **facts)
    move_along(person)
    revoke_all(person, by=by, at=at)
    end_everywhere(person, by=by, at=at)
    closing.have_left(person, by=by, at=at)


def _give_up_customers(person: Person, *, by: Person, at: datetime) -> None:
    """Who is no account manager any more manages nobody; the managers are asked for another."""
    if person.is_active and person.role == Role.TAM:
        return
    for one in Organisation.objects.select_for_update(of=("self",)).filter(tam=person):
        one.tam = None
        one.save(update_fields=["tam"])
        record("organisation.tam_left", one, at=at, by=by, before=person.pk)
        notify(
            Person.objects.active().filter(role=Role.MANAGER),
            "tam_left",
            key=f"tam:{one.pk}:{at:%Y%m%d%H%M%S}",
            at=at,
            about=person,
            organisation=one.name,
            who=person.name,
            url=f"{settings.SITE_URL}/admin/accounts/organisation/{one.pk}/change/",
        )


def _locked(person: Person) -> Person:
    """The person as they are now. People of one organisation are changed one after the other."""
    if person.organisation_id is not None:
        Organisation.objects.select_for_update().get(pk=person.organisation_id)
    elif person.role == Role.MANAGER:
        list(Person.objects.select_for_update().filter(role=Role.MANAGER).order_by("pk"))
    found: Person = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    return found


def _check_not_last(person: Person) -> None:
    """Somebody must be left who can let others in."""
    others = Person.objects.active().filter(role=person.role).exclude(pk=person.pk)
    if person.role == Role.ADMIN_CONTACT:
        if not others.filter(organisation=person.organisation_id).exists():
            raise LastAdminContact(name=person.name)
    elif person.role == Role.MANAGER and not others.exists():
        raise LastManager(name=person.name)


def _check_staff(role: str, partner: object) -> None:
    if role not in {*ENGINEER_ROLES, Role.TAM, Role.MANAGER}:
        raise NotForStaff()
    if (role == Role.PARTNER) != (partner is not None):
        raise NotForStaff()


def _change(person: Person, wanted: dict[str, object]) -> dict[str, Any]:
    """Set what differs; the facts for the journal, {} where nothing does.

    The name and the role that were are kept: a report about a past month says them (F1).
    """
    changed = [field for field, value in wanted.items() if getattr(person, field) != value]
    before = {field: getattr(person, field) for field in changed if field in ("name", "role")}
    for field in changed:
        setattr(person, field, wanted[field])
    if changed:
        person.save(update_fields=changed)
    return {"changed": changed, "before": before} if changed else {}
