"""In time, late or breached: told in one place, and alike for one target and for many rows."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from itertools import product
from pathlib import Path

import pytest
from django.conf import settings

from tests.factories import NINE, hours, make_incident, make_target
from tickets.models import ResponseTarget
from tickets.querysets import KEPT, broken_at
from tickets.rules.promises.standing import (
    ABANDONED,
    BREACHED,
    LATE,
    MET,
    OPEN,
    Standing,
    standing,
)

DUE = NINE + hours(6)
TICK = timedelta(microseconds=1)
BEFORE, AFTER = DUE - TICK, DUE + TICK


@pytest.mark.parametrize(
    ("facts", "at", "found"),
    (
        ({}, NINE, Standing(OPEN, None)),
        ({}, DUE, Standing(OPEN, None)),  # C3: at the due moment it can still be met
        ({}, AFTER, Standing(BREACHED, False)),
        ({"met_at": BEFORE}, AFTER, Standing(MET, True)),
        ({"met_at": DUE}, AFTER, Standing(MET, True)),
        ({"met_at": AFTER}, AFTER, Standing(LATE, False)),
        ({"abandoned_at": BEFORE}, AFTER, Standing(ABANDONED, None)),
        ({"abandoned_at": DUE}, AFTER, Standing(ABANDONED, None)),
        ({"abandoned_at": AFTER}, AFTER, Standing(ABANDONED, False)),
    ),
)
def test_each_way_in_which_a_target_can_stand(facts, at, found):
    assert standing(DUE, **facts, at=at) == found


MOMENTS = (None, NINE, BEFORE, DUE, AFTER)


@pytest.mark.django_db
def test_rows_are_found_as_each_one_is_told():
    """A stranger's targets beside the customer's: every row is found by its own facts."""
    incidents = [make_incident(), make_incident()]
    rows = []
    for incident in incidents:
        for cycle, (met_at, abandoned_at) in enumerate(product(MOMENTS, MOMENTS), start=1):
            if met_at and abandoned_at:
                continue
            facts = {"met_at": met_at, "abandoned_at": abandoned_at, "cycle": cycle}
            if met_at is None and abandoned_at is None:
                facts |= {"opened_at": NINE}
            rows.append(make_target(incident, due_at=DUE, **facts))

    for at in (BEFORE, DUE, AFTER, DUE + hours(99)):
        told = {
            one.pk: standing(DUE, met_at=one.met_at, abandoned_at=one.abandoned_at, at=at)
            for one in rows
            if _is_known(one, at)
        }
        seen = ResponseTarget.objects.filter(pk__in=told)

        broken = set(seen.filter(broken_at(at)).values_list("pk", flat=True))
        kept = set(seen.filter(KEPT).values_list("pk", flat=True))
        assert broken == {pk for pk, one in told.items() if one.kept is False}
        assert kept == {pk for pk, one in told.items() if one.kept}


def _is_known(one: ResponseTarget, at: datetime) -> bool:
    """Nothing of it is later than `at`."""
    return all(moment is None or moment <= at for moment in (one.met_at, one.abandoned_at))


_TOLD_AGAIN = re.compile(r"(?:met|abandoned)_at(?:__[lg]te?=F.{2}due_at| (?:<=?|>=?) \S*due_at)")
_HERE = ("tickets/querysets.py", "tickets/rules/promises/standing.py")


def test_nobody_else_says_what_is_in_time():
    root = Path(settings.BASE_DIR)
    folders = ("axsupport", "bench", "core", "entitlements", "mailroom", "notices", "reports")
    found = [
        f"{name}: {match[0]}"
        for folder in (*folders, "telephone", "tickets")
        for path in sorted((root / folder).rglob("*.py"))
        if (name := path.relative_to(root).as_posix()) not in _HERE and "migrations" not in name
        for match in _TOLD_AGAIN.finditer(path.read_text())
    ]

    assert found == []
