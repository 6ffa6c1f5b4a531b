"""Who reads which newsletter: customers choose, strangers ask and confirm, anybody leaves."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import Person
from core.errors import NotAllowed
from core.journal import record
from core.text import one_line
from notices.outbox import notify_address
from resources import policies
from resources.enums import How
from resources.errors import LinkOver, NothingChosen
from resources.models import Newsletter, NewsletterChoice, OutsideReader
from resources.reads.newsletters.tokens import (
    CONFIRM_WITHIN,
    confirm_url,
    confirmed_by,
    leaver_of,
)


@transaction.atomic
def choose(
    wanted: Collection[int], *, by: Person, at: datetime, how: How = How.PAGE
) -> list[NewsletterChoice]:
    """The newsletters, by key, that this person wants from now on, and none of the others (NL1).

    Errors: `NotAllowed`. Safe to repeat.
    """
    if not policies.may_choose_news(by):
        raise NotAllowed()
    rows = Newsletter.objects.all()
    return [_chosen(by, one, wants=one.pk in wanted, how=how, at=at) for one in rows]


@transaction.atomic
def leave(token: str, *, at: datetime) -> None:
    """One click (NL2): whoever the link was made for reads this newsletter no more.

    Nothing comes of a link that is not ours, and nobody learns which it was. It stops no other
    mail. Safe to repeat. Needs an open wall: nobody is signed in.
    """
    found = leaver_of(token)
    newsletter = Newsletter.objects.filter(pk=found.newsletter).first() if found else None
    if found is None or newsletter is None:
        return
    if found.kind == "o":
        _leave_outside(OutsideReader.objects.filter(pk=found.reader, newsletter=newsletter), at)
    elif found.kind == "p":
        person = Person.objects.filter(pk=found.reader, organisation__isnull=False).first()
        if person is not None:
            _chosen(person, newsletter, wants=False, how=How.ONE_CLICK, at=at)


def _chosen(
    person: Person, newsletter: Newsletter, *, wants: bool, how: How, at: datetime
) -> NewsletterChoice:
    """Also for the same address where it was asked for without an account."""
    said = {"wants": wants, "how": how, "at": at, "organisation": person.organisation}
    before = NewsletterChoice.objects.filter(person=person, newsletter=newsletter).first()
    if before is not None and before.wants == wants:
        return before
    made, _ = NewsletterChoice.objects.update_or_create(
        person=person, newsletter=newsletter, defaults=said
    )
    if not wants:
        outside = OutsideReader.objects.filter(newsletter=newsletter, address__iexact=person.email)
        _leave_outside(outside, at)
    kind = "newsletter.joined" if wants else "newsletter.left"
    record(kind, made, at=at, by=person, rule="NL1", newsletter=newsletter.name, how=how.value)
    return made


def _leave_outside(readers: QuerySet[OutsideReader], at: datetime) -> None:
    readers.filter(confirmed_at__isnull=False, left_at=None).update(left_at=at)


@transaction.atomic
def ask(address: str, newsletters: Sequence[Newsletter], *, at: datetime) -> None:
    """A stranger wants these: a mail asks for the confirmation, and nothing comes before it (NL3).

    One mail a day to an address for the same wish, however often it is asked. The caller limits
    how often somebody may ask at all. Needs an open wall. Errors: `NothingChosen`.
    """
    if not newsletters:
        raise NothingChosen()
    address = one_line(address).lower()[:254]
    for one in newsletters:
        OutsideReader.objects.get_or_create(
            newsletter=one, address=address, defaults={"asked_at": at}
        )
    keys = "-".join(str(one.pk) for one in newsletters)
    notify_address(
        address,
        "newsletter_confirm",
        key=f"newsletter-confirm:{keys}:{at:%Y%m%d}",
        at=at,
        newsletters=" and ".join(one.name for one in newsletters),
        accept_url=confirm_url(address, list(newsletters)),
        days=CONFIRM_WITHIN.days,
    )


@transaction.atomic
def confirm(token: str, *, at: datetime) -> list[Newsletter]:
    """Whoever reads the mails of the address wants them. Safe to repeat. Errors: `LinkOver`."""
    found = confirmed_by(token)
    newsletters = list(Newsletter.objects.filter(pk__in=found[1])) if found else []
    if found is None or not newsletters:
        raise LinkOver()
    for one in newsletters:
        reader, _ = OutsideReader.objects.get_or_create(
            newsletter=one, address=found[0], defaults={"asked_at": at}
        )
        if reader.confirmed_at is None or reader.left_at is not None:
            reader.confirmed_at, reader.left_at = at, None
            reader.save(update_fields=["confirmed_at", "left_at"])
    return newsletters


def forget_unconfirmed(keys: Collection[int], *, at: datetime) -> int:
    """Addresses whose confirmation can not come any more; how many rows."""
    old = OutsideReader.objects.filter(pk__in=keys, confirmed_at=None)
    count, _ = old.filter(asked_at__lt=at - CONFIRM_WITHIN).delete()
    return count
