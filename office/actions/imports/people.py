"""People of customers as they are brought in. Nobody is written to: they set a password by mail."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from accounts.actions.invitations import checked_name
from accounts.actions.people import add_contact, change_role, take_back_contact
from accounts.enums import CUSTOMER_ROLES, Role
from accounts.errors import OurOwnAddress
from accounts.models import Person
from office.actions.imports import finding
from office.actions.imports.lines import Brought, Cells
from office.enums import Outcome
from office.errors import CellUnreadable, ChangedSince, PersonElsewhere, PersonIsStaff


def key(cells: Cells) -> str:
    return cells.text("email").casefold()


def bring(cells: Cells, *, by: Person, at: datetime) -> Brought:
    """Errors: `PersonElsewhere`, `PersonIsStaff`, those of `finding` and of the accounts."""
    email, name = _address(cells), checked_name(cells.text("name"))
    organisation = finding.organisation_of(cells.text("organisation"))
    role = _role(cells)
    found = Person.objects.select_related("organisation").filter(email__iexact=email).first()
    if found is None:
        made = add_contact(
            organisation,
            email=email,
            name=name,
            role=role or Role.CONTACT,
            phone=cells.text("phone"),
            language=finding.language_of(cells),
            timezone=finding.timezone_of(cells),
            by=by,
            at=at,
        )
        return Brought(Outcome.NEW, made, f"{made.name}, {organisation.name}")
    if found.organisation is None:
        raise PersonIsStaff(email=email)
    if found.organisation != organisation:
        raise PersonElsewhere(email=email, name=found.organisation.name)
    if role and role != found.role:
        before = found.role
        change_role(found, role=role, by=by, at=at)
        said = f"{found.name}: {dict(Role.choices)[role].lower()}"
        return Brought(Outcome.CHANGED, found, said, {"role": before}, {"role": role})
    # Name, telephone and the rest are theirs to write: what they said of themselves stays.
    return Brought(Outcome.SAME, found, f"{found.name} is here already")


def take_back(pk: int, change: Mapping[str, Any], *, by: Person, at: datetime) -> None:
    """Errors: `ChangedSince`, `PersonInUse`, `LastAdminContact`."""
    found = Person.objects.select_related("organisation").filter(pk=pk).first()
    if found is None:
        return
    if not change:
        take_back_contact(found, by=by, at=at)
        return
    if found.role != change["after"]["role"]:
        raise ChangedSince()
    change_role(found, role=change["before"]["role"], by=by, at=at)


def _address(cells: Cells) -> str:
    email = cells.text("email")
    try:
        validate_email(email)
    except ValidationError as error:
        why = f"“{email}” is no address. Write it as ana@northwind.example."
        raise CellUnreadable(field=cells.label("email"), why=why) from error
    if email.lower() in {one.lower() for one in settings.SUPPORT_ADDRESSES}:
        raise OurOwnAddress(email=email)
    return email


def _role(cells: Cells) -> str:
    given = cells.text("role").casefold().replace("_", " ")
    words = {Role(one).label.casefold(): str(one) for one in CUSTOMER_ROLES}
    words |= {"admin": str(Role.ADMIN_CONTACT), "user": str(Role.CONTACT), "": ""}
    if given not in words:
        why = f"“{given}” is no role. Write “contact” or “admin contact”."
        raise CellUnreadable(field=cells.label("role"), why=why)
    return words[given]
