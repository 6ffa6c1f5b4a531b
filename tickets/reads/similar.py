"""What is like an incident: others with the same words, known defects, and what else is found.

By the index of the search, behind the same walls: nobody learns of what they may not read. Read
when somebody opens it, in a handful of statements, however many fit.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Case, IntegerField, Q, Value, When

from accounts.models import Person
from core.search import finding
from core.search.finding import Wanted
from core.search.sources import Shown, sources
from core.search.words import Word
from resources.models import Defect
from resources.policies import may_see_defects
from tickets.enums import State, Tier
from tickets.models import Incident
from tickets.reads.search.conditions import KIND
from tickets.reads.solutions import newest_solution

SHOWN, DEFECTS, ARTICLES = 6, 3, 3
MATCHED = 1000  # of what shares words, the latest
RANKED = 120  # of those, this customer's before others'
WORDS = 6  # of the subject: 15 pairs
# Of other kinds, those that say what to do.
HELPING = ("article", "document")
_WORD = re.compile(r"[^\W_]{3,}")


@dataclass(frozen=True)
class Like:
    """An incident that has the same words. `may_merge`: this one can be merged into it.

    `press` is the key that does it, `key` makes a second press of the button harmless.
    """

    incident: Incident
    is_theirs: bool
    may_merge: bool
    press: int
    key: str = field(default_factory=lambda: secrets.token_hex(16))


@dataclass(frozen=True)
class LikelyDefect:
    defect: Defect
    press: int
    key: str = field(default_factory=lambda: secrets.token_hex(16))


@dataclass(frozen=True)
class Similar:
    incidents: Sequence[Like] = ()
    defects: Sequence[LikelyDefect] = ()
    articles: Sequence[Shown] = ()


def similar_to(incident: Incident, person: Person, at: datetime) -> Similar:
    """The best of each: what shares two words of the subject, or its only one."""
    words = words_of(incident.subject)
    defects = _defects(incident, words, person)
    wanted = finding.sharing([Word(one, one) for one in words])
    if not wanted:
        return Similar(defects=defects)
    others = _incidents(incident, wanted, person, at, after=len(defects))
    return Similar(others, defects, _articles(wanted, person, at))


def words_of(subject: str) -> list[str]:
    """The longer words of a subject, which tell most, each once; numbers tell nothing."""
    found = dict.fromkeys(_WORD.findall(subject.casefold()))
    telling = [one for one in found if not one.isdigit()]
    return sorted(telling, key=lambda one: -len(one))[:WORDS]


def _incidents(
    incident: Incident, wanted: Wanted, person: Person, at: datetime, *, after: int
) -> Sequence[Like]:
    others = Incident.objects.visible_to(person).exclude(pk=incident.pk).filter(merged_into=None)
    others = others.filter(finding.matches(wanted, KIND, person, most=MATCHED))
    theirs = When(organisation=incident.organisation_id, then=Value(0))
    first = Case(theirs, default=Value(1), output_field=IntegerField())
    latest = others.order_by(first, "-received_at", "-pk").values_list("pk", "organisation")[
        :RANKED
    ]
    of = dict(latest[:RANKED])
    ranked = [pk for _, pk in finding.ranked(wanted, [(KIND, pk) for pk in of], person, at)]
    ranked.sort(key=lambda pk: of[pk] != incident.organisation_id)  # stable: the best stay first
    best = ranked[:SHOWN]
    rows = Incident.objects.filter(pk__in=best).select_related("organisation", "owner")
    found = rows.annotate(**newest_solution()).in_bulk()
    return [_like(incident, found[pk], after + n) for n, pk in enumerate(best, 1)]


def _like(incident: Incident, other: Incident, press: int) -> Like:
    is_theirs = other.organisation_id == incident.organisation_id
    is_open = State.CLOSED not in (incident.state, other.state) and incident.tier == Tier.TS1
    return Like(other, is_theirs, may_merge=is_theirs and is_open, press=press)


def _defects(incident: Incident, words: Sequence[str], person: Person) -> Sequence[LikelyDefect]:
    """Those on the list that share two of the words, or the only one; the vendor's own see them."""
    if not words or not may_see_defects(person):
        return ()
    has_any = Q()
    for one in words:
        has_any |= Q(title__icontains=one)
    known = Defect.objects.filter(has_any).exclude(pk=incident.defect_id or 0)
    scored = [(_shared(one, words), one) for one in known[:MATCHED]]
    likely = [pair for pair in scored if pair[0] >= min(2, len(words))]
    likely.sort(key=lambda pair: (-pair[0], -pair[1].pk))
    return [LikelyDefect(one, n) for n, (_, one) in enumerate(likely[:DEFECTS], 1)]


def _shared(defect: Defect, words: Sequence[str]) -> int:
    text = defect.title.casefold()
    return sum(one in text for one in words)


def _articles(wanted: Wanted, person: Person, at: datetime) -> Sequence[Shown]:
    """What customers can be pointed to, of whatever kind a room has added to the search."""
    found: list[Shown] = []
    for source in sources():
        if source.kind not in HELPING:
            continue
        seen = source.visible(person, at).filter(
            finding.matches(wanted, source.kind, person, most=MATCHED)
        )
        keys = [(source.kind, pk) for pk in seen.values_list("pk", flat=True)[:RANKED]]
        best = [pk for _, pk in finding.ranked(wanted, keys, person, at)[:ARTICLES]]
        shown = source.shown(source.every().filter(pk__in=best), person) if best else {}
        found += [shown[pk] for pk in best if pk in shown]
    return found[:ARTICLES]
