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

from django.db.models import Case, IntegerField, Value, When

from accounts.models import Person
from core.search import finding
from core.search.finding import Key, Wanted
from core.search.sources import Shown, sources
from core.search.words import Word
from resources.models import Defect
from resources.policies import may_see_defects
from resources.reads.defects import KIND as DEFECT
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
    wanted = finding.sharing([Word(one, one) for one in words_of(incident.subject)])
    if not wanted:
        return Similar()
    of, keys = _alike(incident, wanted, person), _others(wanted, person, at)
    likely = _likely(incident, wanted, person)
    all_keys = [*((KIND, pk) for pk in of), *((DEFECT, pk) for pk in likely), *keys]
    ranked = finding.ranked(wanted, all_keys, person, at)
    best = [pk for kind, pk in ranked if kind == KIND]
    best.sort(key=lambda pk: of[pk] != incident.organisation_id)  # stable: the best stay first
    defects = [likely[pk] for kind, pk in ranked if kind == DEFECT][:DEFECTS]
    return Similar(
        _likes(incident, best[:SHOWN], after=len(defects)),
        [LikelyDefect(one, n) for n, one in enumerate(defects, 1)],
        _articles([key for key in ranked if key[0] in HELPING][:ARTICLES], person),
    )


def words_of(subject: str) -> list[str]:
    """The longer words of a subject, which tell most, each once; numbers tell nothing."""
    found = dict.fromkeys(_WORD.findall(subject.casefold()))
    telling = [one for one in found if not one.isdigit()]
    return sorted(telling, key=lambda one: -len(one))[:WORDS]


def _alike(incident: Incident, wanted: Wanted, person: Person) -> dict[int, int]:
    """Incidents that share the words, each with its organisation; this customer's are kept."""
    others = Incident.objects.visible_to(person).exclude(pk=incident.pk).filter(merged_into=None)
    others = others.filter(finding.matches(wanted, KIND, person, most=MATCHED))
    theirs = When(organisation=incident.organisation_id, then=Value(0))
    first = Case(theirs, default=Value(1), output_field=IntegerField())
    latest = others.order_by(first, "-received_at", "-pk").values_list("pk", "organisation")
    return dict(latest[:RANKED])


def _likes(incident: Incident, best: Sequence[int], *, after: int) -> Sequence[Like]:
    rows = Incident.objects.filter(pk__in=best).select_related("organisation", "owner")
    found = rows.annotate(**newest_solution()).in_bulk() if best else {}
    return [_like(incident, found[pk], after + n) for n, pk in enumerate(best, 1)]


def _like(incident: Incident, other: Incident, press: int) -> Like:
    is_theirs = other.organisation_id == incident.organisation_id
    is_open = State.CLOSED not in (incident.state, other.state) and incident.tier == Tier.TS1
    return Like(other, is_theirs, may_merge=is_theirs and is_open, press=press)


def _likely(incident: Incident, wanted: Wanted, person: Person) -> dict[int, Defect]:
    """Known defects that share the words, of which the vendor's own people alone learn."""
    if not may_see_defects(person):
        return {}
    known = Defect.objects.exclude(pk=incident.defect_id or 0)
    found = known.filter(finding.matches(wanted, DEFECT, person, most=RANKED))
    return {one.pk: one for one in found.order_by("-pk")[:RANKED]}


def _others(wanted: Wanted, person: Person, at: datetime) -> list[Key]:
    """Keys of what customers can be pointed to, of whatever kind a room adds to the search."""
    found: list[Key] = []
    for source in sources():
        if source.kind in HELPING:
            fits = finding.matches(wanted, source.kind, person, most=RANKED)
            seen = source.visible(person, at).filter(fits)
            found += [(source.kind, pk) for pk in seen.values_list("pk", flat=True)[:RANKED]]
    return found


def _articles(best: Sequence[Key], person: Person) -> Sequence[Shown]:
    shown: dict[Key, Shown] = {}
    for source in sources():
        keys = [pk for kind, pk in best if kind == source.kind]
        if keys:
            rows = source.every().filter(pk__in=keys)
            shown |= {(source.kind, pk): one for pk, one in source.shown(rows, person).items()}
    return [shown[key] for key in best if key in shown]
