"""What an open page about incidents may hear of, and whether it is still as it was made."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.db.models import CharField, Count, Max, OuterRef, Subquery, Value
from django.db.models.functions import Cast, Concat

from accounts.enums import Role
from accounts.models import Organisation, Person
from core.events.news import News
from core.events.passes import Pass
from core.journal import version_of
from core.models import JournalEntry
from tickets.models import Incident, Message

LISTED = 300  # incidents that a list names one by one, where nothing else says whose it is
EVERYTHING = "incidents"  # the channel of those who see every organisation's
_TIERS = {Role.TS2: 2, Role.TS3: 3}

# What a customer's page shows of. Anything else must not even show that something happened.
PUBLIC = frozenset(
    ("incident.answered", "incident.customer_wrote", "incident.answer_taken_back")
    + ("incident.state", "incident.reopened", "incident.escalated", "incident.given_back")
    + ("incident.defect_linked", "incident.defect_unlinked", "incident.defect_fixed")
    + ("incident.fix_released", "incident.fix_withdrawn", "incident.fix_in_beta")
)


def news_of(entry: JournalEntry) -> Iterator[News]:
    """Whom a journal entry about an incident concerns: its page, lists, the customer's page."""
    number = int(entry.subject.rpartition(":")[2])
    name = f"incident:{number}"
    channels = [name, EVERYTHING, f"organisation:{entry.organisation_id}"]
    if entry.kind in ("incident.escalated", "incident.given_back"):  # also who saw it not before
        channels += [f"tier:{entry.facts[side]}" for side in ("before", "after")]
    facts: dict[str, int | str] = {"incident": number, "version": entry.pk, "kind": entry.kind}
    facts["by"] = entry.by_id or 0
    yield News("changed", tuple(channels), facts, same=name)
    if entry.kind in PUBLIC:
        yield News("changed", (f"public:{number}",), {"incident": number}, same=f"public:{number}")


def pass_of(person: Person, *, incident: Incident | None, lists: bool) -> Pass:
    """What a page of theirs may hear: of `incident`, which they see, of lists, and their bell."""
    own = f"person:{person.pk}"
    if person.is_customer:
        return Pass(person.pk, hears=(own, f"public:{incident.pk}") if incident else (own,))
    name, house = _side(person)
    hears = [own, *(channels_of(person) if lists else ())]
    looks_at, shown_in = "", tuple[str, ...]()
    if incident is not None:
        looks_at = f"incident:{incident.pk}"
        hears.append(looks_at)
        shown_in = (EVERYTHING, f"organisation:{incident.organisation_id}")
    return Pass(person.pk, str(person), name, house, tuple(hears), looks_at, shown_in)


def channels_of(person: Person) -> list[str]:
    """The channels of the incidents that the person's list may show (`tickets.visibility`)."""
    tier = _TIERS.get(Role(person.role))
    if tier is not None:
        seen = Incident.objects.visible_to(person).unfinished().order_by("-pk")
        numbers = seen.values_list("pk", flat=True)[:LISTED]
        return [f"tier:{tier}", *(f"incident:{pk}" for pk in numbers)]
    organisations = Organisation.objects.visible_to(person)
    if not organisations.query.where:
        return [EVERYTHING]
    return [f"organisation:{pk}" for pk in organisations.values_list("pk", flat=True)]


def page_version(incident: Incident, person: Person) -> str:
    """Another text whenever the page of this person would show something new.

    Staff get the journal's last entry; a customer what they can count on their page, since the
    journal's numbers would say how much goes on elsewhere.
    """
    if not person.is_customer:
        return str(version_of(incident))
    said = Message.objects.visible_to(person).said_on(incident)
    return public_version(incident, said.aggregate(count=Count("pk"))["count"])


def public_version(incident: Incident, said: int) -> str:
    """`page_version` of a customer, who sees so many messages."""
    return f"{said}-{incident.state}-{incident.tier}-{incident.defect_id or 0}"


def version_column() -> Subquery:
    """`page_version` of staff, read with the incident: what the page shows and knows is one."""
    mine = Concat(Value("tickets.incident:"), Cast(OuterRef("pk"), CharField()))
    entries = JournalEntry.objects.filter(subject=mine).order_by().values("subject")
    return Subquery(entries.annotate(last=Max("pk")).values("last"))


def _side(person: Person) -> tuple[str, str]:
    """Whose staff they are, and what people of another side read instead of their name."""
    if person.role == Role.PARTNER:
        return f"partner:{person.partner_id}", str(person.partner)
    return "vendor", str(settings.VENDOR["name"])
