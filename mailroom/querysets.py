from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.enums import CUSTOMER_ROLES, Role
from mailroom.enums import MailOutcome

if TYPE_CHECKING:
    from accounts.models import Person
    from mailroom.models import InboundMail, Mailbox  # noqa: F401 -- quoted below

# What the sweep still has to look at; its partial index is built on the same Q.
UNHANDLED = Q(handled_at=None)
# What answers us automatically, what came before, what somebody dismissed (M2).
OPENED_NOTHING = Q(
    outcome__in=[MailOutcome.AUTOMATIC, MailOutcome.DUPLICATE, MailOutcome.DISMISSED]
)
# What was taken, and is still there byte for byte: its original goes after a while (F2).
RAW_KEPT = Q(outcome__in=[MailOutcome.INCIDENT, MailOutcome.MESSAGE], raw_gone_at=None)
# A mail that waits for a human, of whom the leads know nothing yet. Spam they need not hear of.
KEPT_UNTOLD = Q(outcome__in=[MailOutcome.HELD, MailOutcome.UNREADABLE], told_at=None, is_spam=False)


class InboundMailQuerySet(models.QuerySet["InboundMail"]):
    def visible_to(self, person: Person) -> Self:
        """Mails are raw and may hold anything: the vendor's own people see those they serve."""
        if person.role in CUSTOMER_ROLES or person.role == Role.PARTNER:
            return self.none()
        organisations: Any = self.model._meta.get_field("organisation").related_model
        theirs = organisations.objects.visible_to(person)
        return self.filter(Q(organisation=None) | Q(organisation__in=theirs))

    def kept_for_a_human(self) -> Self:
        return self.filter(outcome__in=(MailOutcome.HELD, MailOutcome.UNREADABLE))

    def opened_nothing(self) -> Self:
        return self.filter(OPENED_NOTHING)

    def made_nothing(self) -> Self:
        """Kept aside, or opened nothing: what a person may look at, and mostly decide about."""
        kept = Q(outcome__in=(MailOutcome.HELD, MailOutcome.UNREADABLE))
        return self.filter(kept | OPENED_NOTHING)

    def saying(self, words: str) -> Self:
        """Those with each of the words in sender, subject or reason."""
        found = self
        for word in words.split()[:5]:
            found = found.filter(
                Q(sender__icontains=word) | Q(subject__icontains=word) | Q(reason__icontains=word)
            )
        return found

    def kept_untold(self) -> Self:
        return self.filter(KEPT_UNTOLD)

    def unhandled(self) -> Self:
        return self.filter(UNHANDLED)


class MailboxQuerySet(models.QuerySet["Mailbox"]):
    def silent(self, since: datetime) -> Self:
        """Nothing was fetched since then from what the settings name, and nobody was notified."""
        ok = Q(last_ok_at__gt=since) | Q(last_ok_at=None, made_at__gt=since)
        configured = [account.name for account in settings.IMAP_ACCOUNTS]
        return self.filter(~ok, told_at=None, name__in=configured)
