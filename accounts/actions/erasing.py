"""Erasing a person (F2): the account at once, every text that names them by a sweep afterwards.

Figures, the ledger's sums and the shape of conversations stay: rows keep the key of a person of
whom nobody knows any more who it was.
"""

from __future__ import annotations

import re
from datetime import datetime

from django.db import transaction

from accounts import policies
from accounts.actions.blotting import blot, blot_batch
from accounts.enums import Role
from accounts.errors import AlreadyErased, LastManager, NotYourPeople, NotYourself
from accounts.models import Erasure, Person
from core import closing, keeper, rls
from core.blotting import Words
from core.journal import label, record
from core.models import JournalEntry, SearchWord
from core.personal import Held, held, held_in
from core.search.folding import folded

AT_NOBODY = "erased.invalid"  # a domain that never exists (RFC 2606)


@transaction.atomic
def erase(person: Person, *, with_texts: bool, by: Person, at: datetime) -> Erasure:
    """Close the account, forget who it was, and owe the rest to the sweep (`go_on`).

    `with_texts`: what they wrote goes, too, not only their name in it. It can not be undone.
    Errors: `NotYourPeople`, `NotYourself`, `AlreadyErased`, `LastManager`, `NoKeeper`.
    """
    if not policies.may_manage_vendor(by):
        raise NotYourPeople()
    if person == by:
        raise NotYourself()
    if why := keeper.missing():
        raise keeper.NoKeeper(why=why)
    with rls.everything():
        person = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
        if person.erased_at is not None:
            raise AlreadyErased()
        _check_not_last(person)
        return forget_person(person, with_texts=with_texts, by=by, at=at)


def go_on(pk: int, *, at: datetime) -> bool:
    """Blot one batch of rows of the table that an erasure is at; whether more is left to do.

    Needs an unrestricted transaction. Of two at once the second does nothing.
    """
    rows = Erasure.objects.select_for_update(skip_locked=True, of=("self",))
    one = rows.filter(pk=pk, done_at=None).select_related("person", "asked_by").first()
    if one is None:
        return False
    stages = [table.model for table in held()]
    stage = one.stage or stages[0]
    if stage not in stages:  # of a release that had a table which is gone
        stage = stages[0]
    words = Words.from_json(one.words)
    found = blot_batch(held_in(stage), words, erasure=one, at=at)
    one.changed += found.changed
    one.stage, one.reached = stage, found.reached
    if not found.more:
        follows = stages.index(stage) + 1
        one.reached = 0
        if follows == len(stages):
            one.stage, one.words, one.done_at = "", {}, at
            SearchWord.objects.filter(word__in=_search_words(words)).delete()
            record("person.erased_whole", one.person, at=at, by=one.asked_by, rows=one.changed)
        else:
            one.stage = stages[follows]
    one.save()
    return one.done_at is None


def words_of(person: Person) -> Words:
    """What the person is and was called, and where they are reached."""
    changes = JournalEntry.objects.filter(
        subject=label(person), kind__in=("person.profile", "person.changed", "person.address")
    ).values_list("facts", flat=True)
    addresses, names = {person.email.lower()}, {person.name}
    for facts in changes:
        before = facts.get("before")
        if isinstance(before, dict):
            names.add(str(before.get("name", "")))
        elif before:
            addresses.add(str(before).lower())
    others = Person.objects.exclude(pk=person.pk)
    return Words(
        addresses=tuple(sorted(addresses)),
        names=tuple(sorted(name for name in names if name and "@" not in name)),
        numbers=tuple(filter(None, [person.phone])),
        has_namesake=others.filter(name__iexact=person.name).exists(),
    )


def forget_person(
    person: Person, *, by: Person | None, at: datetime, with_texts: bool = False
) -> Erasure:
    """The same without asking who may; `by` None is the sweep that deletes an organisation."""
    words = words_of(person)
    if person.is_active:
        person.is_active = False
        person.save(update_fields=["is_active"])
        closing.carry_out(person, by=by, at=at)
    for table in held():
        _forget_in(table, person, words, with_texts=with_texts)
    _become_nobody(person, at)
    record("person.erased", person, at=at, by=by, rule="F2", with_texts=with_texts)
    keeper.leave_tombstone(
        "person.erased",
        at=at,
        by=by,
        count=1,
        days=[person.joined_at.date()],
        rows=[person.pk],
        subject=label(person),
    )
    return Erasure.objects.create(
        person=person, asked_by=by, asked_at=at, with_texts=with_texts, words=words.as_json()
    )


def forget_where_others_read(person: Person) -> None:
    """The same in tables that are no organisation's, such as the forum: what is told there stays.

    For an organisation that is deleted: everything else of it goes with its rows.
    """
    words = words_of(person)
    for table in held():
        fields = {one.name for one in table.of._meta.concrete_fields}
        if "organisation" not in fields:
            _forget_in(table, person, words)


def _forget_in(table: Held, person: Person, words: Words, *, with_texts: bool = False) -> None:
    near = table.near or table.own
    if near is None or table.keeper:
        return
    blot(table, near(person), words.pattern)  # whole names first, then what is left of them
    blot(table, near(person), words.parts, flags="g")
    if table.own is None:
        return
    rows = table.own(person)
    if with_texts and table.texts_by_hand is not None:
        table.texts_by_hand(rows)
    if table.is_deleted:
        rows.delete()
    elif wanted := {**table.clear, **(table.texts if with_texts else {})}:
        rows.update(**wanted)


def _search_words(words: Words) -> set[str]:
    """What the search's list of words may know of them: it mends what is mistyped."""
    local = [one.partition("@")[0] for one in words.addresses]
    return {folded(part) for one in (*words.names, *local) for part in re.split(r"[\W_]+", one)}


def _become_nobody(person: Person, at: datetime) -> None:
    person.name = f"Erased person {person.pk}"
    person.email = f"erased-{person.pk}@{AT_NOBODY}"
    person.phone, person.last_login, person.erased_at = "", None, at
    person.session_epoch += 1
    person.set_password(None)
    person.save()


def _check_not_last(person: Person) -> None:
    """A customer's last admin contact may go; somebody must be left who runs the desk."""
    others = Person.objects.active().filter(role=Role.MANAGER).exclude(pk=person.pk)
    if person.role == Role.MANAGER and person.is_active and not others.exists():
        raise LastManager(name=person.name)
