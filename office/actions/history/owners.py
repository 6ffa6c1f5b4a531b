"""Whose an old incident is, and who of ours its people are now."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from accounts.models import Organisation, Person
from office.models import Reference
from office.rules.history.tickets import Ticket, Who

ANYBODYS = frozenset(  # addresses of these say nothing about a company
    ("gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "yahoo.com", "gmx.de", "web.de")
)


@dataclass
class Owners:
    """What is needed to find them, read once a run: names, numbers, addresses."""

    by_reference: dict[str, int] = field(default_factory=dict)
    by_name: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    by_domain: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    people: dict[str, tuple[int, int | None]] = field(default_factory=dict)

    @classmethod
    def now(cls) -> Owners:
        """Needs an unrestricted transaction; three queries."""
        found = cls()
        known = Reference.objects.filter(kind="organisations").values_list("text", "organisation")
        found.by_reference = dict(known)
        for pk, name, slug in Organisation.objects.values_list("pk", "name", "slug"):
            found.by_name[name.casefold()].add(pk)
            found.by_name[slug].add(pk)
        people = Person.objects.values_list("pk", "email", "organisation")
        for pk, email, organisation in people:
            found.people[email.casefold()] = (pk, organisation)
            domain = email.rpartition("@")[2].casefold()
            if organisation is not None and domain not in ANYBODYS:
                found.by_domain[domain].add(organisation)
        return found

    def organisation_of(self, ticket: Ticket) -> int | None:
        """By its numbers and names there, else by the address of who reported it."""
        for given in ticket.organisations:
            if given in self.by_reference:
                return self.by_reference[given]
            named = self.by_name.get(given.casefold(), set())
            if len(named) == 1:
                return next(iter(named))
        address = ticket.requester.address.casefold()
        known = self.people.get(address)
        if known is not None and known[1] is not None:
            return known[1]
        alike = self.by_domain.get(address.rpartition("@")[2], set())
        return next(iter(alike)) if len(alike) == 1 else None

    def person_of(self, who: Who, organisation: int) -> int | None:
        """Of that organisation, or of the vendor: an address elsewhere is somebody else's."""
        known = self.people.get(who.address.casefold()) if who.address else None
        if known is None or known[1] not in (None, organisation):
            return None
        return known[0]
