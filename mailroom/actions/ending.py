"""What becomes of a mail, and by what it is known where it belongs."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db.models import QuerySet

from accounts.models import Organisation, Person
from mailroom.enums import MailOutcome
from mailroom.models import InboundMail
from mailroom.text.reading import ReadMail
from mailroom.text.threading import ThreadHints, thread_hints
from notices.models import Notice
from notices.rules.threads import Ours
from notices.sending.rendering import notices_named
from tickets.models import Incident, Message


@dataclass(frozen=True)
class Ending:
    """What becomes of a mail, and why, in words for the engineer who looks at it."""

    outcome: MailOutcome
    reason: str = ""
    incident: Incident | None = None
    message: Message | None = None


def held(mail: InboundMail, why: str) -> Ending:
    """For a human, who gets a mail that is delivered again only once."""
    same = InboundMail.objects.kept_for_a_human().filter(
        organisation=None, sender=mail.sender, message_id=mail.message_id, content=mail.content
    )
    if same.exclude(pk=mail.pk).exists():
        return Ending(MailOutcome.DUPLICATE, "The same mail came before, and is kept for a human.")
    return Ending(MailOutcome.HELD, why)


def taken_before(mail: InboundMail) -> InboundMail | None:
    """The same mail (M3) that became something of its organisation's."""
    same = InboundMail.objects.filter(
        organisation=mail.organisation, message_id=mail.message_id, content=mail.content
    )
    taken = (MailOutcome.INCIDENT, MailOutcome.MESSAGE)
    return same.filter(outcome__in=taken).exclude(pk=mail.pk).defer("raw").first()


def sender_of(address: str) -> Person | None:
    people: QuerySet[Person] = Person.objects.active().select_related("organisation")
    return people.filter(email__iexact=address).first() if address else None


def hinted_incident(
    hints: ThreadHints, organisation: Organisation | None, *, trusted_only: bool = False
) -> Incident | None:
    """The incident that the mail answers, by the most trusted hint that leads to one.

    Only of the sender's own `organisation`: therefore even a number alone is trusted, and a
    thread between two customers is an incident of each. For a sender without one, who can not
    write on it, whichever it names; `trusted_only` leaves the number of the subject out.
    """
    incidents = Incident.objects.select_related("organisation", "decision")
    if organisation is not None:
        incidents = incidents.filter(organisation=organisation)
    found = _of_message_ids(hints, incidents)
    if found is not None:
        return found
    numbers = (hints.verified_number, None if trusted_only else hints.subject_number)
    for number in numbers:
        if number and (named := incidents.filter(number=number).first()) is not None:
            return named
    return None


def _of_message_ids(hints: ThreadHints, incidents: QuerySet[Incident]) -> Incident | None:
    """By a message of ours that it answers, or by a notice (M5: every mail carries its thread)."""
    if not hints.message_ids:
        return None
    messages = Message.objects.filter(incident__in=incidents, message_id__in=hints.message_ids)
    message = messages.order_by("-sent_at").first()
    if message is not None:
        return incidents.filter(pk=message.incident_id).first()
    beginning = f"{Incident._meta.label_lower}:"
    named = Notice.objects.filter(
        pk__in=notices_named(hints.message_ids), subject__startswith=beginning
    )
    subjects = [one.subject.removeprefix(beginning) for one in named.only("subject")]
    return incidents.filter(pk__in=[one for one in subjects if one.isdigit()]).first()


def hints_of(read: ReadMail) -> ThreadHints:
    return thread_hints(
        read, secret=settings.SECRET_KEY, domain=settings.MAIL_DOMAIN, local_part=local_part()
    )


def ours() -> Ours:
    """The addresses with a token that this desk makes."""
    return Ours(secret=settings.SECRET_KEY, domain=settings.MAIL_DOMAIN, local_part=local_part())


def local_part() -> str:
    return str(settings.SUPPORT_ADDRESSES[0]).partition("@")[0]
