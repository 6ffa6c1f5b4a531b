from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

from core.journal import Subject, label

if TYPE_CHECKING:
    from accounts.models import Person
    from notices.models import BouncingAddress, Notice, Notification  # noqa: F401 -- quoted below

# What the outbox sweep still has to send. The partial index is built on the same Q.
OWED = Q(sent_at=None) & Q(given_up_at=None) & Q(told_in=None)
# Addresses that take no mail by now.
RUNNING = Q(cleared_at=None)
# What stands in a bell and was not read.
UNREAD = Q(read_at=None)


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, person: Person) -> Self:
        """Staff see what was told about the organisations they see; managers see all of it."""
        if not person.is_staff:
            return self.none()
        if person.is_manager:
            return self
        organisations: Any = self.model._meta.get_field("organisation").related_model
        return self.filter(organisation__in=organisations.objects.visible_to(person))

    def owed(self, at: datetime) -> Self:
        """What may be sent at `at`: a breach before what only tells of a crowd, then the oldest."""
        return self.filter(OWED, next_at__lte=at).order_by("rank", "next_at", "pk")

    def failing(self) -> Self:
        """What did not reach its person: failed at least once and not sent since, or given up."""
        return self.filter(sent_at=None).exclude(last_error="")

    def failures_of(self, subject: Subject) -> Self:
        """The failing notices about one incident, report or the like, newest first."""
        found = self.failing().filter(subject=label(subject))
        return found.select_related("to").order_by("-made_at", "-pk")


class BouncingAddressQuerySet(models.QuerySet["BouncingAddress"]):
    def visible_to(self, person: Person) -> Self:
        """Those of the organisations that `person` sees; managers see the vendor's own, too."""
        if person.is_manager:
            return self
        organisations: Any = self.model._meta.get_field("organisation").related_model
        return self.filter(organisation__in=organisations.objects.visible_to(person))

    def running(self) -> Self:
        return self.filter(RUNNING)

    def for_list(self, person: Person) -> Self:
        """Those that take no mail now and that `person` sees, newest first."""
        seen = self.visible_to(person).running()
        return seen.select_related("person", "organisation").order_by("-since_at", "-pk")


class NotificationQuerySet(models.QuerySet["Notification"]):
    def visible_to(self, person: Person) -> Self:
        """One's own, of what is about organisations that one still sees; of others nobody's."""
        theirs = self.filter(person=person)
        organisations: Any = self.model._meta.get_field("organisation").related_model
        seen = organisations.objects.visible_to(person)
        return theirs.filter(organisation__in=seen) if seen.query.where else theirs

    def unread(self) -> Self:
        return self.filter(UNREAD)
