"""By what a mail is matched: to its sender, and to the incident that it answers."""

from __future__ import annotations

from django.conf import settings
from django.db.models import QuerySet

from accounts.models import Organisation, Person
from mailroom.text.reading import ReadMail
from mailroom.text.threading import ThreadHints, thread_hints
from notices.models import Notice
from notices.rules.threads import Ours
from notices.sending.rendering import notices_named
from tickets.models import Incident, Message


def sender_of(address: str) -> Person | None:
    people: QuerySet[Person] = Person.objects.active().select_related("organisation")
    return people.filter(email__iexact=address).first() if address else None


def hinted_incident(
    hints: ThreadHints,
    organisation: Organisation | None,
    *,
    sender: Person | None = None,
    trusted_only: bool = False,
) -> Incident | None:
    """The incident that the mail answers, by the most trusted hint that leads to one.

    One that was merged leads to the other, where both are answered (G1), if the sender sees that.

    Only of the sender's own `organisation`: therefore even a number alone is trusted, and a
    thread between two customers is an incident of each; and of a known `sender`, who must see it
    (F4). For a sender without one, who can not
    write on it, whichever it names; `trusted_only` leaves the number of the subject out.
    """
    incidents = Incident.objects.select_related("organisation", "decision")
    if organisation is not None:
        incidents = incidents.filter(organisation=organisation)
    if sender is not None and sender.is_customer:
        incidents = incidents.visible_to(sender)
    found = _hinted(hints, incidents, trusted_only=trusted_only)
    if found is None or found.merged_into_id is None:
        return found
    return incidents.filter(pk=found.merged_into_id).first() or found


def _hinted(
    hints: ThreadHints, incidents: QuerySet[Incident], *, trusted_only: bool
) -> Incident | None:
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
        # What was taken out of an incident is answered where it went (G2).
        return incidents.filter(pk=message.split_to_id or message.incident_id).first()
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
