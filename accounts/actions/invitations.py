"""How a customer's colleague comes in: an address is invited, and its owner accepts."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from accounts import policies
from accounts.actions.tokens import digest
from accounts.enums import CUSTOMER_ROLES, Role
from accounts.errors import (
    AddressTaken,
    AlreadyAColleague,
    AlreadyInvited,
    InvitationOver,
    NameWithLink,
    NoAddress,
    NotForCustomers,
    NotYourPeople,
    OurOwnAddress,
    TooManyInvitations,
)
from accounts.models import Invitation, Organisation, Person
from core import rls
from core.journal import record
from core.text import holds_a_link, one_line
from notices.outbox import notify_address

OPEN_FOR = timedelta(days=14)


@transaction.atomic
def invite(
    organisation: Organisation,
    *,
    email: str,
    by: Person,
    at: datetime,
    name: str = "",
    role: str = Role.CONTACT,
) -> Invitation:
    """Owe `email` a link that makes its owner one of the organisation's people, for 14 days.

    An address that has an account already is refused here, and not when its owner follows the
    link; so that nobody asks for address after address, an organisation sends so many a day.
    Errors: `NotYourPeople`, `NotForCustomers`, `NoAddress`, `OurOwnAddress`, `NameWithLink`,
    `TooManyInvitations`, `AlreadyAColleague`, `AddressTaken`, `AlreadyInvited`.
    """
    if not policies.may_manage_people_of(by, organisation):
        raise NotYourPeople()
    if role not in CUSTOMER_ROLES:
        raise NotForCustomers()
    Organisation.objects.select_for_update().get(pk=organisation.pk)  # one invitation at a time
    email, name = _checked(email), checked_name(name)
    _check_room_of_the_day(organisation, at)
    if organisation.people.filter(email__iexact=email).exists():
        raise AlreadyAColleague(email=email)
    with rls.everything():  # also to find who has an account elsewhere
        if Person.objects.filter(email__iexact=email).exists():
            raise AddressTaken(email=email)
    _make_room(organisation, email, at)
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        organisation=organisation,
        email=email,
        name=name,
        role=role,
        digest=digest(token),
        invited_by=by,
        invited_at=at,
        expires_at=at + OPEN_FOR,
    )
    record("invitation.made", invitation, at=at, by=by, email=email, role=role)
    notify_address(
        email,
        "invitation",
        key=f"invitation:{invitation.pk}",
        at=at,
        about=invitation,
        name=name,
        invited_by=str(by),
        organisation=organisation.name,
        expires_at=invitation.expires_at.isoformat(),
        accept_url=f"{settings.SITE_URL}/invitations/{token}/",
    )
    return invitation


def invitation_of(token: str, *, at: datetime) -> Invitation:
    """The open invitation of a link, whoever asks: the token is the key. Else InvitationOver."""
    with rls.everything():
        found = Invitation.objects.select_related("organisation", "invited_by")
        invitation = found.filter(digest=digest(token)).first()
    if invitation is None or not is_open(invitation, at=at):
        raise InvitationOver()
    return invitation


def is_open(invitation: Invitation, *, at: datetime) -> bool:
    ended = invitation.accepted_at or invitation.withdrawn_at
    return ended is None and at < invitation.expires_at


def accept(token: str, *, name: str, password: str, at: datetime) -> Person:
    """Make the invited person, who may sign in from now on. The link works once.

    Needs no scope of the caller's: the token is the key. The caller has checked that the password
    is good enough. Errors: `InvitationOver`, `AddressTaken`.
    """
    with rls.everything():
        locked = Invitation.objects.select_for_update(of=("self",)).select_related("organisation")
        invitation = locked.filter(digest=digest(token)).first()
        if invitation is None or not is_open(invitation, at=at):
            raise InvitationOver()
        if Person.objects.filter(email__iexact=invitation.email).exists():
            raise AddressTaken(email=invitation.email)
        organisation = invitation.organisation
        person = Person(
            email=invitation.email,
            name=checked_name(name) or invitation.name or invitation.email,
            role=invitation.role,
            organisation=organisation,
            timezone=organisation.timezone,
            language=organisation.language,
            joined_at=at,
        )
        person.set_password(password)
        person.save()
        invitation.accepted_at = at
        invitation.save(update_fields=["accepted_at"])
        record("invitation.accepted", invitation, at=at, by=person, person=person.pk)
    return person


@transaction.atomic
def withdraw(invitation: Invitation, *, by: Person, at: datetime) -> None:
    """The link stops working. Errors: `NotYourPeople`, `InvitationOver`."""
    if not policies.may_manage_people_of(by, invitation.organisation):
        raise NotYourPeople()
    still = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, withdrawn_at=None)
    if not still.update(withdrawn_at=at):
        raise InvitationOver()
    record("invitation.withdrawn", invitation, at=at, by=by)


def checked_name(name: str) -> str:
    """A person's name as it is kept. Error: `NameWithLink`."""
    name = one_line(name)
    if holds_a_link(name):
        raise NameWithLink()
    return name


def _checked(email: str) -> str:
    """Errors: `NoAddress`, `OurOwnAddress`."""
    email = one_line(email)
    try:
        validate_email(email)
    except ValidationError:
        raise NoAddress() from None
    local, _, domain = email.lower().rpartition("@")
    ours = {one.lower() for one in settings.SUPPORT_ADDRESSES}
    if f"{local.partition('+')[0]}@{domain}" in ours:
        raise OurOwnAddress(email=email)
    return email


def _check_room_of_the_day(organisation: Organisation, at: datetime) -> None:
    count = organisation.invitations.filter(invited_at__gt=at - timedelta(days=1)).count()
    if count >= settings.INVITATIONS_A_DAY:
        raise TooManyInvitations(count=count)


def _make_room(organisation: Organisation, email: str, at: datetime) -> None:
    """An address has one open invitation; an expired one makes way."""
    earlier = organisation.invitations.filter(
        email__iexact=email, accepted_at=None, withdrawn_at=None
    )
    if earlier.filter(expires_at__gt=at).exists():
        raise AlreadyInvited(email=email)
    earlier.update(withdrawn_at=at)
