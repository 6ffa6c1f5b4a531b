"""Whose an old incident is, and who of ours its people are now."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from accounts.models import Organisation, Person
from office.models import Reference
from office.rules.history.tickets import Ticket, Who

# Services at which anybody has an address, by the first label of their domain, in any country: an
# address there says nothing about a company.
ANYBODYS = frozenset(
    (
        *(
            "gmail",
            "googlemail",
            "outlook",
            "hotmail",
            "live",
            "msn",
            "yahoo",
            "ymail",
            "rocketmail",
        ),
        *(
            "aol",
            "icloud",
            "me",
            "mac",
            "gmx",
            "web",
            "freenet",
            "t-online",
            "proton",
            "protonmail",
        ),
        *("pm", "mail", "inbox", "bk", "yandex", "rambler", "zoho", "fastmail", "tutanota", "tuta"),
        *(
            "orange",
            "wanadoo",
            "free",
            "laposte",
            "sfr",
            "libero",
            "virgilio",
            "tiscali",
            "wp",
            "o2",
        ),
        *("onet", "interia", "seznam", "centrum", "btinternet", "comcast", "qq", "163", "126"),
        *("bluewin", "telenet", "ziggo", "hushmail", "posteo", "mailbox"),
    )
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
            if organisation is not None and not _is_anybodys(domain):
                found.by_domain[domain].add(organisation)
        return found

    def organisation_of(self, ticket: Ticket) -> int | None:
        """By its name there, else its number, else the address of who reported it.

        Numbers of two systems may be the same by chance, and the words of one customer would be
        another's: a number counts only where its reporter is nobody else's (`disputed`).
        """
        for given in ticket.organisations:
            named = self.by_name.get(given.casefold(), set())
            if len(named) == 1:
                return next(iter(named))
        numbered = self._numbered(ticket)
        if numbered is not None:
            return None if self.disputed(ticket) else numbered
        return self._reporting(ticket)

    def disputed(self, ticket: Ticket) -> tuple[int, int] | None:
        """Whom its number names, and whose its reporter is, where these are two."""
        numbered, reporting = self._numbered(ticket), self._reporting(ticket)
        if numbered is None or reporting is None or numbered == reporting:
            return None
        return numbered, reporting

    def said_of(self, ticket: Ticket) -> str:
        """What keeps a number from counting, in words; "" where nothing does."""
        two = self.disputed(ticket)
        if two is None:
            return ""
        names = dict(Organisation.objects.filter(pk__in=two).values_list("pk", "name"))
        return (
            f"Its number there is the reference of {names[two[0]]}, but who reported it belongs to"
            f" {names[two[1]]}. Give that customer its name there, or mend the reference."
        )

    def _numbered(self, ticket: Ticket) -> int | None:
        known = (self.by_reference.get(given) for given in ticket.organisations)
        return next((one for one in known if one is not None), None)

    def _reporting(self, ticket: Ticket) -> int | None:
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


def _is_anybodys(domain: str) -> bool:
    return domain.partition(".")[0] in ANYBODYS
