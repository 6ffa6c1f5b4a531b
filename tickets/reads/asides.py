"""Side conversations as a page shows them, and who can be asked in one (X4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, F, IntegerField, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.enums import STAFF_ROLES, Role
from accounts.models import Person
from core import rls
from core.journal import label
from notices.models import Notification
from tickets.models import Aside, AsideMember, AsideMessage, Incident

LATEST = 50  # messages of one that the page shows
TEAMS = (Role.TS1, Role.TS2, Role.TS3, Role.PARTNER, Role.TAM, Role.MANAGER)


@dataclass(frozen=True)
class ShownAside:
    """`present` take part now, the reader among them or not; `earlier` messages are not shown."""

    aside: Aside
    subject: str
    messages: Sequence[AsideMessage]
    earlier: int
    present: Sequence[Person]
    may_let_go: Sequence[Person]
    is_unread: bool
    takes_part: bool


def may_be_asked(incident: Incident) -> QuerySet[Person]:
    """Of the staff: who sees the incident, and TS2 and TS3, who see it once they are asked.

    Read it with `rls.everything()`: whom an engineer serves is nobody's to see who serves a few.
    """
    partner = Q(role=Role.PARTNER, partner=incident.organisation.partner_id)
    if incident.organisation.partner_id is None:
        partner = Q(pk__in=())
    serves = Q(pk__in=Person.objects.serving(incident.organisation).values("pk"))
    able = Q(role__in=(Role.TS2, Role.TS3)) | serves | partner
    found: QuerySet[Person] = Person.objects.active().filter(able, role__in=STAFF_ROLES)
    return found


def askable(incident: Incident, by: Person) -> list[tuple[str, list[tuple[int, str]]]]:
    """The choices of a list, a group a team; of a partner's people those alone whom they see."""
    seen = Person.objects.visible_to(by).order_by().values("pk")
    known = set(seen.values_list("pk", flat=True)) if by.role == Role.PARTNER else None
    with rls.everything():
        people = list(may_be_asked(incident).exclude(pk=by.pk).order_by("name", "pk"))
    found = [one for one in people if known is None or one.pk in known]
    groups = []
    for role in TEAMS:
        of_it = [(one.pk, one.name) for one in found if one.role == role]
        if of_it:
            groups.append((str(role.label), of_it))
    return groups


def asides_of(incident: Incident, reader: Person) -> list[ShownAside]:
    """Of the incident and of what was merged into it (G1), oldest first; in three queries."""
    both = Q(incident=incident) | Q(incident__merged_into=incident)
    present = AsideMember.objects.present().select_related("person").order_by("joined_at", "pk")
    said = AsideMessage.objects.select_related("author")
    found = Aside.objects.read_by(reader).filter(both).select_related("incident", "opened_by")
    whole = found.prefetch_related(Prefetch("members", present))
    whole = whole.prefetch_related(Prefetch("messages", said))
    asides = list(whole.order_by("opened_at", "pk"))
    unread = _unread(asides, reader)
    return [_shown(one, reader, is_unread=label(one) in unread) for one in asides]


def _shown(aside: Aside, reader: Person, *, is_unread: bool) -> ShownAside:
    said = list(aside.messages.all())
    present = [one.person for one in aside.members.all()]
    leads = reader.is_manager or (reader.is_lead and reader.role != Role.PARTNER)
    decides = leads or reader.pk == aside.opened_by_id
    return ShownAside(
        aside=aside,
        subject=label(aside),
        messages=said[-LATEST:],
        earlier=max(0, len(said) - LATEST),
        present=present,
        may_let_go=[one for one in present if decides or one == reader],
        is_unread=is_unread,
        takes_part=reader in present,
    )


def _unread(asides: Sequence[Aside], reader: Person) -> set[str]:
    """Which of them stand unread in the reader's bell, as the journal names them."""
    if not asides:
        return set()
    theirs = Notification.objects.filter(person=reader, subject__in=[label(one) for one in asides])
    return set(theirs.unread().values_list("subject", flat=True))


def asides_counted(person: Person) -> Coalesce:
    """How many an incident's page has for this person, in the query of the incident."""
    here = Aside.objects.read_by(person).order_by().filter(incident=OuterRef("pk"))
    merged = Aside.objects.read_by(person).order_by()
    merged = merged.filter(incident__merged_into=OuterRef("pk"))
    return _counted(here, "incident") + _counted(merged, "incident__merged_into")  # type: ignore[return-value]


def _counted(rows: QuerySet[Aside], of: str) -> Coalesce:
    many = rows.annotate(of_it=F(of)).values("of_it").annotate(many=Count("pk")).values("many")
    return Coalesce(Subquery(many, output_field=IntegerField()), 0)
