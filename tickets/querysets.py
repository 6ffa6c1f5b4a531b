from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.apps import apps
from django.db import models
from django.db.models import (
    Case,
    CharField,
    Exists,
    F,
    FilteredRelation,
    OuterRef,
    Prefetch,
    Q,
    Value,
    When,
)
from django.db.models.functions import Cast, Concat

from accounts.enums import CUSTOMER_ROLES, Role
from tickets.enums import PUBLIC_KINDS, UNFINISHED, DraftKind, MeantFor, State, Tier
from tickets.rules.promises.limits import CLOSES_ITSELF_AFTER
from tickets.visibility import incidents_visible_to

if TYPE_CHECKING:
    from accounts.models import Person
    from tickets.models import (  # noqa: F401 -- quoted below
        Aside,
        Attachment,
        CannedAnswer,
        Dispatch,
        DispatchRulesVersion,
        Draft,
        DraftFile,
        Follower,
        Incident,
        InternalTarget,
        Message,
        OwedRedispatch,
        Participant,
        ResponseTarget,
        SavedView,
        Seen,
        Tag,
        TargetWarning,
        Worked,
    )

STUCK = timedelta(minutes=5)

M = TypeVar("M", bound=models.Model)
QS = TypeVar("QS", bound=models.QuerySet[Any])

# In time, late or breached: the twin for rows of `rules.promises.standing`, which says it first.
KEPT = Q(met_at__lte=F("due_at"))
# Neither answered nor given up by the due moment: broken once that is past (`broken_at`).
NOT_IN_TIME = (Q(met_at=None) | Q(met_at__gt=F("due_at"))) & (
    Q(abandoned_at=None) | Q(abandoned_at__gt=F("due_at"))
)


def past_due(at: datetime) -> Q:
    """What has a due moment before `at`: an open target there is breached, and its incident's."""
    return Q(due_at__lt=at)


def broken_at(at: datetime) -> Q:
    """The targets that were not kept by `at`, whether or not a sweep has noted it."""
    return NOT_IN_TIME & past_due(at)


# What each sweep still has to look at. The partial index of the table is built on the same Q, so a
# sweep reads a handful of rows however many were finished in time.
WATCHED = Q(breach_noted_at=None) & NOT_IN_TIME
OPEN_TARGET = Q(met_at=None) & Q(abandoned_at=None)
PENDING = Q(told_at=None) & Q(skipped_at=None)
SENDING = Q(kind=DraftKind.SENDING)
TO_BE_TAKEN = Q(settled_at=None) & Q(take_by__isnull=False)
OWED_REDISPATCH = Q(settled_at=None)
# What came up to TS2 or TS3, and nobody there works on (X1).
UNWORKED = Q(state__in=UNFINISHED, tier__gt=Tier.TS1, worker=None)
INTERNAL_OPEN = Q(ended_at=None)
# A pause that began before the due moment holds it off; a later one changes nothing (X2).
INTERNAL_WATCHED = (
    Q(breach_noted_at=None)
    & (Q(paused_at=None) | Q(paused_at__gt=F("due_at")))
    & (Q(ended_at=None) | Q(ended_at__gt=F("due_at")))
)
INTERNAL_TO_WARN = (
    Q(warned_at=None) & Q(breach_noted_at=None) & Q(ended_at=None) & Q(paused_at=None)
)


class IncidentQuerySet(models.QuerySet["Incident"]):
    def visible_to(self, person: Person) -> Self:
        """The only door to incidents for a view, an API or an admin page (`visibility`)."""
        return incidents_visible_to(self, person)

    def unfinished(self) -> Self:
        return self.filter(state__in=UNFINISHED)

    def covered(self) -> Self:
        return self.filter(decision__level__isnull=False)

    def not_covered(self) -> Self:
        return self.filter(decision__level=None)

    def unassigned(self) -> Self:
        """What dispatch still has to give to somebody."""
        return self.unfinished().covered().filter(owner=None)

    def unworked(self) -> Self:
        """At TS2 or TS3, with nobody there who works on it."""
        return self.filter(UNWORKED)

    def of(self, person: Person) -> Self:
        """Theirs: whose customer they talk to, and what they work on at TS2 or TS3 (X1)."""
        return self.filter(Q(owner=person) | Q(worker=person))

    def solved_before(self, at: datetime) -> Self:
        """Solved so long before `at` that it may be closed."""
        return self.filter(state=State.SOLVED, solved_at__lte=at - CLOSES_ITSELF_AFTER)

    def with_internal(self) -> Self:
        """Adds `tier_due_at` and `tier_paused_at`: those of the tier's own target; staff only."""
        return self.annotate(
            own=FilteredRelation("internal_targets", condition=Q(internal_targets__ended_at=None)),
            tier_due_at=F("own__due_at"),
            tier_paused_at=F("own__paused_at"),
        )

    def for_list(self) -> Self:
        """Everything one row of a list shows, in one query."""
        return self.select_related(
            "organisation", "reporter", "owner", "worker", "service", "decision__level"
        )

    def changed_since(self, at: datetime) -> Self:
        """Filed, or written on, or late, or with anything in the journal since."""
        entries = apps.get_model("core", "JournalEntry")._default_manager
        mine = Concat(Value("tickets.incident:"), Cast(OuterRef("pk"), CharField()))
        incident: Any = self.model
        messages = incident._meta.get_field("messages").related_model.objects
        targets = incident._meta.get_field("targets").related_model.objects
        return self.filter(
            Q(received_at__gte=at)
            | Exists(entries.filter(subject=mine, at__gte=at))
            | Exists(messages.filter(incident=OuterRef("pk"), sent_at__gte=at))
            # A breach is journalled at the moment that it was due, and may be noted later.
            | Exists(targets.filter(incident=OuterRef("pk"), breach_noted_at__gte=at))
        )

    def for_queue(self) -> Self:
        """What a row of the engineers' queue shows, and nothing else."""
        return self.select_related("organisation", "owner", "worker", "decision__level").only(
            "number",
            "subject",
            "state",
            "tier",
            "priority",
            "received_at",
            "due_at",
            "dispatch_tried_at",
            "organisation__name",
            "owner__name",
            "worker__name",
            "decision__level__level",
        )

    def newest_first(self) -> Self:
        return self.order_by("-received_at", "-pk")

    def due_first(self) -> Self:
        """The queue's order: what is owed soonest, then what owes nothing, oldest first."""
        return self.order_by(F("due_at").asc(nulls_last=True), "priority", "received_at", "pk")


class OfIncidentQuerySet(models.QuerySet[M]):
    def visible_to(self, person: Person) -> Self:
        incidents: Any = self.model._meta.get_field("incident").related_model
        seen = incidents.objects.visible_to(person)
        return self.filter(incident__in=seen) if seen.query.where else self


class MessageQuerySet(OfIncidentQuerySet["Message"]):
    def visible_to(self, person: Person) -> Self:
        """Customers never see internal notes, and what was split out with what it became (F4, G2).

        TS2 and TS3, who see incidents one by one, see what became one of those (G2).
        """
        if person.role not in (Role.TS2, Role.TS3, *CUSTOMER_ROLES):
            return super().visible_to(person)
        incidents: Any = self.model._meta.get_field("incident").related_model
        seen = incidents.objects.visible_to(person)
        if person.role not in CUSTOMER_ROLES:
            return self.filter(Q(incident__in=seen) | Q(split_to__in=seen))
        theirs = Q(split_to=None, incident__in=seen) | Q(split_to__in=seen)
        return self.filter(theirs, kind__in=PUBLIC_KINDS)

    def said_on(self, incident: Incident) -> Self:
        """The incident's own and those of what was merged into it (G1), without what was taken
        out of them, and with what they were made of (G2)."""
        both = type(incident)._default_manager.filter(Q(pk=incident.pk) | Q(merged_into=incident))
        these, all_of_them = both.values("pk"), self.model._default_manager.order_by()
        theirs = all_of_them.filter(incident__in=these, split_to=None).values("pk")
        taken = all_of_them.filter(split_to__in=these).values("pk")
        return self.filter(pk__in=theirs.union(taken))  # an OR would read the whole table

    def for_conversation(self) -> Self:
        """Oldest first, with authors and attachments, in two queries.

        `number` is of the incident that each was written on.
        """
        written_on = self.select_related("author").annotate(number=F("incident__number"))
        return written_on.prefetch_related(Prefetch("attachments"))


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def visible_to(self, person: Person) -> Self:
        """Whoever sees the message sees its files."""
        messages: Any = self.model._meta.get_field("message").related_model
        return self.filter(message__in=messages.objects.visible_to(person))


_TEAMS = {Role.TS1: Tier.TS1, Role.PARTNER: Tier.TS1, Role.TS2: Tier.TS2, Role.TS3: Tier.TS3}


def _meant_for(person: Person) -> Q:
    """One's own, one's team's, everybody's; managers see those of each team."""
    found = Q(owner=person) | Q(meant_for=MeantFor.ALL)
    if person.role == Role.MANAGER:
        found |= Q(meant_for=MeantFor.TEAM)
    elif (tier := _TEAMS.get(Role(person.role))) is not None:
        found |= Q(meant_for=MeantFor.TEAM, tier=tier)
    return found


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def usable_by(self, person: Person) -> Self:
        """In the order of the queue: one's own first, then the team's, then everybody's.

        A name may say whose incidents these are: partners use their own alone.
        """
        rank = Case(
            When(meant_for=MeantFor.ME, then=0), When(meant_for=MeantFor.TEAM, then=1), default=2
        )
        theirs = Q(owner=person) if person.role == Role.PARTNER else _meant_for(person)
        return self.filter(theirs).order_by(rank, "tier", "place", "pk")


class CannedAnswerQuerySet(models.QuerySet["CannedAnswer"]):
    def usable_by(self, person: Person) -> Self:
        """One's own, one's team's, everybody's; managers see those of each team."""
        return self.filter(_meant_for(person), retired_at=None)

    def fitting(self, service: str, level: str) -> Self:
        """Those for a service (its key) and a level; without any of their own they fit each."""
        of_service = Q(services=[]) | Q(services__contains=[service])
        return self.filter(of_service, Q(levels=[]) | Q(levels__contains=[level]))


def being_sent(incident: OuterRef, at: datetime) -> models.QuerySet[Any]:
    """Answers that can still be taken back; one that could not be sent holds nothing off."""
    drafts = apps.get_model("tickets", "Draft").objects
    return drafts.filter(SENDING, incident=incident, send_at__gt=at - STUCK)


class DraftQuerySet(models.QuerySet["Draft"]):
    def to_send(self, at: datetime) -> Self:
        """Whose time to be taken back is over at `at`."""
        return self.filter(SENDING, send_at__lte=at)

    def held_on(self, incident: Incident) -> Self:
        """Answers that can still be taken back; locked."""
        held = self.filter(SENDING, incident=incident).order_by("pk")
        return held.select_for_update(of=("self",))

    def visible_to(self, person: Person) -> Self:
        """A person's own, and nobody else's: not of colleagues, not of their leads."""
        return self.filter(person=person)


class DraftFileQuerySet(models.QuerySet["DraftFile"]):
    def visible_to(self, person: Person) -> Self:
        return self.filter(draft__person=person)


class DispatchQuerySet(OfIncidentQuerySet["Dispatch"]):
    def due(self, at: datetime) -> Self:
        """Whose engineer must have taken the incident by `at`, and nobody looked yet."""
        is_answered = Exists(being_sent(OuterRef("incident"), at))
        return self.filter(TO_BE_TAKEN, ~is_answered, take_by__lte=at)


class OwedRedispatchQuerySet(models.QuerySet["OwedRedispatch"]):
    def owed(self) -> Self:
        return self.filter(OWED_REDISPATCH)


class DispatchRulesQuerySet(models.QuerySet["DispatchRulesVersion"]):
    def counting(self, at: datetime) -> Self:
        """Those that have begun by `at`, the one that counts first."""
        return self.filter(starts_at__lte=at).order_by("-version")


class ParticipantQuerySet(OfIncidentQuerySet["Participant"]):
    def told(self) -> Self:
        """Those who did not leave."""
        return self.filter(left_at=None)


class TagQuerySet(OfIncidentQuerySet["Tag"]):
    def visible_to(self, person: Person) -> Self:
        """Words among the staff: never for customers."""
        return self.none() if person.role in CUSTOMER_ROLES else super().visible_to(person)


class SeenQuerySet(OfIncidentQuerySet["Seen"]):
    def of(self, person: Person) -> Self:
        """What `person` has read: nobody else's business."""
        return self.filter(person=person)


class FollowerQuerySet(OfIncidentQuerySet["Follower"]):
    def visible_to(self, person: Person) -> Self:
        """Never for customers: who of the staff follows is nobody else's matter."""
        return self.none() if person.role in CUSTOMER_ROLES else super().visible_to(person)


class AsideQuerySet(OfIncidentQuerySet["Aside"]):
    def visible_to(self, person: Person) -> Self:
        """Never for customers; of a local partner those in which they take part (X4)."""
        if person.role in CUSTOMER_ROLES:
            return self.none()
        return super().visible_to(person).read_by(person)

    def read_by(self, person: Person) -> Self:
        """Of an incident that this one of the staff sees."""
        if person.role != Role.PARTNER:
            return self
        members: Any = self.model._meta.get_field("members").related_model
        theirs = members.objects.filter(person=person, left_at=None).order_by()
        return self.filter(pk__in=theirs.values("aside"))


class OfAsideQuerySet(models.QuerySet[M]):
    def visible_to(self, person: Person) -> Self:
        asides: Any = self.model._meta.get_field("aside").related_model
        return self.filter(aside__in=asides.objects.visible_to(person).order_by())

    def present(self) -> Self:
        """Members who did not leave."""
        return self.filter(left_at=None)


class WorkedQuerySet(OfIncidentQuerySet["Worked"]):
    def visible_to(self, person: Person) -> Self:
        """Never for customers: what it cost is not what they are promised."""
        return self.none() if person.role in CUSTOMER_ROLES else super().visible_to(person)


class ResponseTargetQuerySet(OfIncidentQuerySet["ResponseTarget"]):
    def open(self) -> Self:
        return self.filter(OPEN_TARGET)

    def with_incident(self) -> Self:
        """With all that a notice about the target says and whom it goes to."""
        return self.select_related(
            "level", "calendar", "incident__organisation__tam", "incident__owner"
        )

    def breached_unnoted(self, at: datetime) -> Self:
        """Targets breached before `at`, met too late or not at all, that nobody noted yet.

        One whose answer was pressed in time, and goes out in seconds, waits for that.
        """
        in_time = being_sent(OuterRef("incident"), at).filter(pressed_at__lte=OuterRef("due_at"))
        return self.filter(WATCHED & broken_at(at) & ~Exists(in_time))


class TargetWarningQuerySet(models.QuerySet["TargetWarning"]):
    def due(self, at: datetime) -> Self:
        """Not of what is answered already, and goes out in seconds."""
        return self.filter(
            PENDING, ~Exists(being_sent(OuterRef("target__incident"), at)), due_at__lte=at
        )

    def with_incident(self) -> Self:
        """With all that a notice about the target says and whom it goes to."""
        return self.select_related(
            "target__level", "target__incident__organisation__tam", "target__incident__owner"
        )


class InternalTargetQuerySet(OfIncidentQuerySet["InternalTarget"]):
    def visible_to(self, person: Person) -> Self:
        """Never for customers: what a tier sets itself is nobody's promise (X2)."""
        return self.none() if person.role in CUSTOMER_ROLES else super().visible_to(person)

    def open(self) -> Self:
        return self.filter(INTERNAL_OPEN)

    def breached_unnoted(self, at: datetime) -> Self:
        """Breached before `at`, whether the tier has it still or not, and not noted yet.

        One that an answer in its last seconds met waits for that to go out.
        """
        in_time = being_sent(OuterRef("incident"), at).filter(pressed_at__lte=OuterRef("due_at"))
        return self.filter(INTERNAL_WATCHED & ~Exists(in_time), due_at__lt=at)

    def to_warn(self, at: datetime) -> Self:
        """Near its end at `at`. Past it, one breach is told instead (T3)."""
        answered = Exists(being_sent(OuterRef("incident"), at))
        return self.filter(INTERNAL_TO_WARN & ~answered, warn_at__lte=at, due_at__gte=at)
