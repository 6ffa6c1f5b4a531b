"""Who still reads what a mail tells them, when it is sent: seconds or, of a digest, a day later.

What a notice is about belongs to an app above this one: it says here when it starts which of its
subjects one customer alone may read, and who of that customer's people. A local partner's people
are asked for the same: a customer may have left their partner. The vendor's are where a subject
has readers by name.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from accounts.models import Person
    from notices.models import Notice

# Of these subjects, by id, those that the person reads now.
Readable = Callable[["Person", Collection[int]], Collection[int]]

_readable: dict[str, Readable] = {}
_by_name: set[str] = set()


def keep_to_one_customer(kind: str, readable: Readable, *, by_name: bool = False) -> None:
    """Subjects of `kind` ("app.model") are never told to another one. Safe to repeat.

    `by_name`: of the vendor, too, only some read them, who may stop to.
    """
    _readable[kind] = readable
    if by_name:
        _by_name.add(kind)


def is_elsewhere(person: Person, subject: str, organisation: int | None) -> bool:
    """A customer's person who is of another organisation now reads nothing of the old one.

    What is about their own account is theirs wherever they are.
    """
    if organisation is None or subject.startswith("accounts."):
        return False
    return person.organisation_id not in (None, organisation)


def read_no_more(person: Person, notices: Collection[Notice]) -> set[int]:
    """The keys of those of a person's notices whose subject they may not read any more.

    Asks once for each kind of subject. The vendor's people are told what their work is, and what
    they read is nobody's secret but the customer's, who knows that they do; so they are asked for
    alone where readers are named.
    """
    elsewhere = {
        one.pk for one in notices if is_elsewhere(person, one.subject, one.organisation_id)
    }
    is_ours = not person.is_customer and person.partner_id is None
    by_kind: dict[str, dict[int, list[int]]] = {}
    for notice in notices:
        kind, _, pk = notice.subject.partition(":")
        if kind in (_by_name if is_ours else _readable):
            by_kind.setdefault(kind, {}).setdefault(int(pk), []).append(notice.pk)
    return elsewhere | {
        key
        for kind, found in by_kind.items()
        for pk in found.keys() - set(_readable[kind](person, found.keys()))
        for key in found[pk]
    }
