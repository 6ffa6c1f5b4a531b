"""The health score: what it is made with, and what it was each night."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from accounts.models import Organisation, Person
from core.errors import NotAllowed
from core.journal import record
from office import policies
from office.errors import ScalesUnusable
from office.models import HealthRulesVersion, HealthScore
from office.reads.health import counting_rules, day_of
from office.reads.measures import facts_of
from office.rules.health import BY_KEY, Rules, health_of

TOGETHER = 500  # organisations that are measured in one go


@transaction.atomic
def set_rules(rules: Rules, *, by: Person, at: datetime) -> HealthRulesVersion | None:
    """What scores are made with from now on; None where nothing is different.

    Scores that were kept stay as they were. Errors: `NotAllowed`, `ScalesUnusable`.
    """
    if not policies.may_set_health(by):
        raise NotAllowed()
    _check(rules)
    before = counting_rules()
    if before.rules == rules:
        return None
    made = HealthRulesVersion.objects.create(
        version=before.version + 1,
        scales={key: asdict(one) for key, one in rules.scales.items()},
        good_from=rules.good_from,
        watch_from=rules.watch_from,
        made_at=at,
        made_by=by,
    )
    record(
        "health_rules.changed",
        made,
        at=at,
        by=by,
        version=made.version,
        before=asdict(before.rules),
        after=asdict(rules),
    )
    return made


def _check(rules: Rules) -> None:
    if not 0 < rules.watch_from < rules.good_from <= 100:
        raise ScalesUnusable(why="“To watch” begins below “well”, and both between 1 and 100.")
    if not any(one.weight for one in rules.scales.values()):
        raise ScalesUnusable(why="At least one measure needs a weight above 0.")
    for key, one in rules.scales.items():
        if one.worst == one.best:
            name = BY_KEY[key].name
            raise ScalesUnusable(why=f"{name}: worst and best have to differ.")
        if one.weight < 0:
            raise ScalesUnusable(why="A weight is 0 or more.")


def keep_scores(organisations: Sequence[int], *, at: datetime) -> int:
    """Keep today's score of some customers; how many are new. The first of a day stays."""
    counting, found = counting_rules(), facts_of(organisations, at=at)
    made = []
    for pk, facts in found.items():
        health = health_of(facts.values(at), counting.rules)
        if health.score is None:
            continue
        made.append(
            HealthScore(
                organisation_id=pk,
                on=day_of(at),
                score=health.score,
                parts=[asdict(one) for one in health.parts],
                rules=counting.version,
            )
        )
    already = HealthScore.objects.filter(organisation__in=organisations, on=day_of(at)).count()
    HealthScore.objects.bulk_create(made, ignore_conflicts=True)
    return len(made) - already


def customers() -> list[int]:
    """Whose score is kept: all that are customers still."""
    return list(
        Organisation.objects.filter(closed_at=None).order_by("pk").values_list("pk", flat=True)
    )
