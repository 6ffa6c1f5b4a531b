"""What a person decides about a mail that no rule could place. Once, and journalled."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction

from accounts.actions.people import add_contact
from accounts.models import Organisation, Person
from core import rls
from core.errors import NotAllowed
from core.journal import record
from core.text import clean
from mailroom.actions.intake import WRITTEN
from mailroom.actions.taking import become_incident, become_message, content_of
from mailroom.enums import MailOutcome
from mailroom.errors import MailDecided, MailTakenBefore, NotTheirIncident, WhoseCustomer
from mailroom.models import InboundMail
from mailroom.policies import may_decide_mail
from mailroom.text.reading import ReadMail, read_mail
from tickets import policies
from tickets.actions.locking import locked
from tickets.actions.promises.upgrades import catch_up
from tickets.errors import NoReason
from tickets.models import Incident, Message

# What a person may decide about: mails kept aside, and those that opened nothing (M2).
KEPT = (MailOutcome.HELD, MailOutcome.UNREADABLE, MailOutcome.AUTOMATIC)


@transaction.atomic
def make_incident(
    mail: InboundMail,
    *,
    email: str,
    by: Person,
    at: datetime,
    name: str = "",
    organisation: Organisation | None = None,
) -> Incident:
    """A new incident of who wrote the mail; its coverage is that of the moment it came in (R1).

    `email` is the reporter's: of a contact, or of somebody who becomes one of `organisation`.
    Errors: `MailDecided`, `WhoseCustomer`, `MailTakenBefore`, `NotAllowed` and those of filing.
    """
    mail = _locked(mail, by)
    reporter = _person(email, name=name, organisation=organisation, by=by, at=at)
    read = _read(mail)
    try:
        with transaction.atomic():
            message = become_incident(mail, read, reporter=reporter, by=by)
    except IntegrityError as error:
        raise _taken_before(error) from error
    catch_up(message.incident, at=at)
    _decided(mail, message, "Made an incident", by, at)
    return message.incident


@transaction.atomic
def add_to_incident(
    mail: InboundMail,
    incident: Incident,
    *,
    email: str,
    by: Person,
    at: datetime,
    name: str = "",
) -> Message:
    """A message of the incident, by one of its organisation's people, who is made if unknown.

    Received when the mail was (R1); where the incident was solved since, at that moment, so that
    the mail opens it again and its answer is owed from then on. Errors: those of `make_incident`,
    `NotTheirIncident`.
    """
    mail = _locked(mail, by)
    if not policies.may_see(by, incident):
        raise NotAllowed()
    author = _person(email, name=name, organisation=incident.organisation, by=by, at=at)
    if author.organisation_id != incident.organisation_id:
        raise NotTheirIncident(person=author.email, number=incident.number)
    incident = locked(incident)
    received_at = max(mail.received_at, incident.solved_at or mail.received_at)
    try:
        with transaction.atomic():
            message = become_message(
                mail, _read(mail), author=author, incident=incident, at=received_at, by=by
            )
    except IntegrityError as error:
        raise _taken_before(error) from error
    _decided(mail, message, "Added to the incident", by, at)
    return message


@transaction.atomic
def dismiss(mail: InboundMail, *, reason: str, by: Person, at: datetime) -> None:
    """Nothing comes of the mail; it stays, with the reason. Errors: `MailDecided`, `NoReason`."""
    mail = _locked(mail, by)
    reason = clean(reason)
    if not reason:
        raise NoReason()
    mail.outcome = MailOutcome.DISMISSED
    _decided(mail, None, reason, by, at)


def _locked(mail: InboundMail, by: Person) -> InboundMail:
    """Two who decide at once: the second is told that it is done."""
    if not may_decide_mail(by):
        raise NotAllowed()
    kept = InboundMail.objects.select_for_update(of=("self",)).get(pk=mail.pk)
    if kept.outcome not in KEPT:
        raise MailDecided(outcome=kept.get_outcome_display())
    return kept


def _person(
    email: str, *, name: str, organisation: Organisation | None, by: Person, at: datetime
) -> Person:
    """The contact with this address, or a new one of the organisation that was chosen."""
    with rls.everything():  # an address that is another customer's must not be made again
        people = Person.objects.select_related("organisation")
        found: Person | None = people.filter(email__iexact=email).first()
    if found is None:
        if organisation is None:
            raise WhoseCustomer(email=email)
        if not policies.may_file_for(by, organisation):
            raise NotAllowed()
        made: Person = add_contact(organisation, email=email, name=name, by=by, at=at)
        return made
    if found.organisation is None or not found.is_active:
        raise WhoseCustomer(email=email)
    if not policies.may_file_for(by, found.organisation):
        raise WhoseCustomer(email=email)
    return found


def _read(mail: InboundMail) -> ReadMail:
    read = read_mail(bytes(mail.raw), own_addresses=settings.SUPPORT_ADDRESSES)
    mail.message_id, mail.content = read.dedup_id[:250], content_of(read)
    return read


def _decided(
    mail: InboundMail, message: Message | None, words: str, by: Person, at: datetime
) -> None:
    mail.became, mail.handled_at = message, at
    mail.incident = message.incident if message else None
    mail.reason = (f"{words}: {by}" if message else f"Dismissed by {by}: {words}")[:500]
    mail.save(update_fields=WRITTEN)
    facts = {"outcome": mail.outcome, "reason": mail.reason}
    number = message.incident.number if message else None
    record("mail.decided", mail, at=at, by=by, rule="R1", incident=number, **facts)


def _taken_before(error: IntegrityError) -> Exception:
    return MailTakenBefore() if "mail_taken_once" in str(error) else error
