"""What was typed into a search, as a condition on incidents: for queue, saved views and API.

One condition a field of `tickets/rules/search/fields.py`. It narrows what `visible_to` gives, and
never widens it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache, reduce
from operator import and_, or_
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Organisation, Person
from accounts.querysets import IsOneOf
from core.search import finding
from core.search.words import Chosen, Field, Parsed, Word, parse
from entitlements.models import Licence, Service
from resources.models import Defect
from tickets.enums import FINISHED, UNFINISHED
from tickets.models import Incident, Solution, Tag
from tickets.querysets import past_due
from tickets.reads.unread import unread_by
from tickets.rules.search.fields import (
    FIELDS,
    FIELDS_FOR_CUSTOMERS,
    IS_FOR_CUSTOMERS,
    ME,
    NO_LEVEL,
    NOBODY,
    Ago,
    Number,
    Within,
    is_only_a_number,
    number_of,
)

Condition = Callable[[Any, Person, datetime], Q]
KIND = "incident"
FIRST_YEAR = 2000  # of incidents' numbers
FEW = 1000  # keys that a statement may name


def fields_for(person: Person) -> Mapping[str, Field]:
    """The fields that mean something to this person."""
    return FIELDS_FOR_CUSTOMERS if person.is_customer else FIELDS


def parsed_for(text: str, person: Person) -> Parsed:
    """What this person typed, taken apart."""
    return parse(text, fields_for(person))


def conditions(parsed: Parsed, person: Person, at: datetime, *, is_one_of_many: bool = False) -> Q:
    """What an incident must fulfil: all that was typed, of a field's several values any.

    `is_one_of_many` is a view that is only counted in one statement with others: it asks nothing
    beforehand.
    """
    fields = field_conditions(parsed.chosen, person, at)
    return fields & word_conditions(parsed.words, person, at, is_one_of_many=is_one_of_many)


def word_conditions(
    words: Sequence[Word], person: Person, at: datetime, *, is_one_of_many: bool = False
) -> Q:
    """All of the words: in subject, number or customer's name, or in anything that is said.

    The first is true at once, the index follows within seconds; so it is asked for both.
    """
    said = _matching if is_one_of_many else _said
    wanted = [one for one in words if not one.is_without]
    found = Q()
    if wanted:
        found = _all(word_condition(one, at) for one in wanted) | said(wanted, person)
    for one in words:
        if one.is_without:
            found &= word_condition(one, at) & ~said([replace(one, is_without=False)], person)
    return found


@lru_cache(maxsize=1024)
def _asked_for(words: tuple[Word, ...]) -> finding.Wanted:
    """PostgreSQL reads words the same way each time, so a kept view's are read once a process."""
    return finding.wanted(words)


def _matching(words: Sequence[Word], person: Person) -> Q:
    """In what the index has, as a part of a larger statement."""
    query = _asked_for(tuple(words))
    return finding.matches(query, KIND, person) if query else Q(pk__in=())


def _said(words: Sequence[Word], person: Person) -> Q:
    """In what the index has. Few are named by their keys, which each part of a page reads."""
    query = finding.wanted(words)
    if not query:
        return Q(pk__in=())
    few = finding.matching(query, KIND, person, most=FEW + 1)
    keys = list(Incident.objects.filter(pk__in=few).values_list("pk", flat=True))
    return Q(pk__in=keys) if len(keys) <= FEW else finding.matches(query, KIND, person)


def field_conditions(chosen: tuple[Chosen, ...], person: Person, at: datetime) -> Q:
    """Those of the fields alone. A field that is named twice asks for either, as with a comma."""
    known, found = fields_for(person), Q()
    asked: dict[str, Q] = {}
    for one in chosen:
        if one.name not in known:
            continue
        any_of_them = _any(CONDITIONS[one.name](value, person, at) for value in one.values)
        if one.is_without:
            found &= ~any_of_them
        else:
            asked[one.name] = asked.get(one.name, Q()) | any_of_them
    return found & _all(asked.values())


def numbered(number: Number, at: datetime) -> Q:
    """By each number that it can be, so that one unique index answers."""
    years = [number.year] if number.year else range(FIRST_YEAR, at.year + 2)
    return Q(number__in=[f"AX-{year}-{number.serial:06d}" for year in years])


def word_condition(word: Word, at: datetime) -> Q:
    """Of a word that stands alone, in number, subject or the customer's name."""
    number = None if word.is_phrase else number_of(word.text)
    if number and is_only_a_number(word.text):
        found = numbered(number, at)
    else:
        found = (
            Q(number__icontains=word.text)
            | Q(subject__icontains=word.text)
            | _of(Organisation.objects.filter(name__icontains=word.text), "organisation")
        )
        found = found | numbered(number, at) if number else found
    return ~found if word.is_without else found


def _of(rows: QuerySet[Any, Any], field: str) -> Q:
    """Whose `field` is any of the rows. They are asked for once a query, by an array: see there.

    Without the first half, the opposite of it would leave out what has no such field.
    """
    any_of_them = Q(IsOneOf(field, ArraySubquery(rows.order_by().values("pk"))))
    return Q(**{f"{field}__isnull": False}) & any_of_them


def _all(found: Iterable[Q]) -> Q:
    return reduce(and_, found, Q())


def _any(found: Iterable[Q]) -> Q:
    return reduce(or_, found)


def _customer(name: str, person: Person, at: datetime) -> Q:
    named = Q(name__icontains=name) | Q(slug=name.casefold())
    return _of(Organisation.objects.filter(named), "organisation")


def _person(field: str) -> Condition:
    def condition(name: str, person: Person, at: datetime) -> Q:
        if name == ME:
            return Q(**{field: person})
        if name == NOBODY:
            return Q(**{field: None})
        named = Q(name__icontains=name) | Q(email__istartswith=name)
        return _of(Person.objects.filter(named), field)

    return condition


def _service(name: str, person: Person, at: datetime) -> Q:
    named = Q(key__istartswith=name.replace(" ", "_")) | Q(name__icontains=name)
    return _of(Service.objects.filter(named), "service")


def _licence(key: str, person: Person, at: datetime) -> Q:
    return _of(Licence.objects.filter(key__icontains=key), "licence")


def _defect(number: str, person: Person, at: datetime) -> Q:
    return _of(Defect.objects.filter(number__iexact=number), "defect")


def _cause(words: str, person: Person, at: datetime) -> Q:
    """Why it happened, by the key or a part of the name; of whichever solution it had."""
    named = Q(cause__key__istartswith=words.replace(" ", "-")) | Q(cause__name__icontains=words)
    return Q(Exists(Solution.objects.filter(named, incident=OuterRef("pk"))))


def _level(level: str, person: Person, at: datetime) -> Q:
    return Q(decision__level=None) if level == NO_LEVEL else Q(decision__level__level=level)


def _due(within: Within, person: Person, at: datetime) -> Q:
    if within.less:
        return Q(due_at__lt=at + within.span)
    return Q(due_at__gte=at + within.span)


def _equals(field: str) -> Condition:
    return lambda value, person, at: Q(**{field: value})


def _is(what: str, person: Person, at: datetime) -> Q:
    if person.is_customer and what not in IS_FOR_CUSTOMERS:
        return Q()
    return IS_CONDITIONS[what](person, at)


def _start(of: date | Ago | str, person: Person, at: datetime) -> datetime:
    """The moment that was meant, by the clock where the person is."""
    if isinstance(of, Ago):
        return at - of.span
    zone = ZoneInfo(person.timezone)
    if isinstance(of, str):
        today = at.astimezone(zone).date()
        of = today - timedelta(days=of == "yesterday")
    return datetime.combine(of, time(), zone)


IS_CONDITIONS: dict[str, Callable[[Person, datetime], Q]] = {
    "late": lambda person, at: past_due(at),
    "covered": lambda person, at: Q(decision__level__isnull=False),
    "unfinished": lambda person, at: Q(state__in=UNFINISHED),
    "finished": lambda person, at: Q(state__in=FINISHED),
    "outside": lambda person, at: Q(outside_at__isnull=False),
    "mine": lambda person, at: (
        Q(reporter=person) if person.is_customer else Q(owner=person) | Q(worker=person)
    ),
    "unassigned": lambda person, at: Q(owner=None),
    "unread": unread_by,
}
CONDITIONS: dict[str, Condition] = {
    "customer": _customer,
    "state": _equals("state"),
    "level": _level,
    "tier": _equals("tier"),
    "priority": _equals("priority"),
    "owner": _person("owner"),
    "contact": _person("reporter"),
    "after": lambda of, person, at: Q(received_at__gte=_start(of, person, at)),
    "before": lambda of, person, at: Q(received_at__lt=_start(of, person, at)),
    "service": _service,
    "channel": _equals("channel"),
    "licence": _licence,
    "version": lambda version, person, at: Q(version__istartswith=version),
    "defect": _defect,
    "cause": _cause,
    "tag": lambda tag, person, at: Q(Exists(Tag.objects.filter(incident=OuterRef("pk"), name=tag))),
    "number": lambda number, person, at: numbered(number, at),
    "is": _is,
    "due": _due,
}
