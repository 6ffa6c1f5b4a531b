"""The traffic lights of engagements: what they stand on, in four queries for any number (N3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, OuterRef, Subquery

from engagements.enums import Light, Owed, State, Verdict
from engagements.models import DocumentVersion, Engagement, Phase, Promise, Risk, Task
from engagements.reads.bases import local_day
from engagements.rules.light import SOON, Piece, judge
from engagements.text.light import in_words


@dataclass(frozen=True)
class Shown:
    """The colour, why, and whether somebody set it by hand."""

    light: Light
    reasons: tuple[str, ...]
    by_hand: bool


Phases = Mapping[int, Sequence[Phase]]


def lights_of(
    engagements: Iterable[Engagement],
    *,
    at: datetime,
    phases: Phases | None = None,
    for_customer: bool = False,
) -> dict[int, Shown]:
    """By id, of those that run; what waits or is over has none.

    Who has read the `phases` already gives them, by engagement. Customers see the same colour, and
    the name of no internal task.
    """
    running = {one.pk: one for one in engagements if one.state == State.RUNNING}
    if not running:
        return {}
    pieces = _pieces(running, at, _phases(running) if phases is None else phases, for_customer)
    risks: dict[int, list[int]] = defaultdict(list)
    for risk in Risk.objects.filter(engagement__in=running, closed_at=None):
        risks[risk.engagement_id].append(risk.score)
    sent_back = _sent_back(running)
    found = {}
    for pk, one in running.items():
        on = local_day(one.organisation, at)
        light, reasons = judge(pieces[pk], risks=risks[pk], sent_back=sent_back[pk], on=on)
        said = tuple(in_words(reasons))
        if one.light:
            found[pk] = Shown(Light(one.light), (one.light_reason, *said), by_hand=True)
        else:
            found[pk] = Shown(Light(light), said, by_hand=False)
    return found


def _phases(running: dict[int, Engagement]) -> Phases:
    found: dict[int, list[Phase]] = defaultdict(list)
    for phase in Phase.objects.filter(engagement__in=running):
        found[phase.engagement_id].append(phase)
    return found


def _pieces(
    running: dict[int, Engagement], at: datetime, phases: Phases, for_customer: bool
) -> dict[int, list[Piece]]:
    """What is due soon or was due; what lies further ahead changes no light."""
    until = at.date() + timedelta(days=SOON + 1)
    pieces: dict[int, list[Piece]] = defaultdict(list)
    theirs = [phase for pk in running for phase in phases.get(pk, ())]
    for phase in (one for one in theirs if one.finished_on is None and one.ends_on <= until):
        begun = phase.began_on is not None
        piece = Piece("phase", phase.name, phase.ends_on, is_done=False, has_begun=begun)
        pieces[phase.engagement_id].append(piece)
    for task in Task.objects.filter(engagement__in=running, done_at=None, due_on__lte=until):
        name = "A task of ours" if for_customer and task.is_internal else task.title
        pieces[task.engagement_id].append(Piece("task", name, task.due_on, is_done=False))
    owed = Promise.objects.open().filter(engagement__in=running, what=Owed.ANSWER, due_at__lt=at)
    for promise in owed:
        day = local_day(running[promise.engagement_id].organisation, promise.due_at)
        yesterday = min(day, at.date() - timedelta(days=1))
        piece = Piece("promise", Owed(promise.what).label, yesterday, is_done=False)
        pieces[promise.engagement_id].append(piece)
    return pieces


def _sent_back(running: dict[int, Engagement]) -> dict[int, int]:
    """How many documents of each wait for a better version."""
    newest = DocumentVersion.objects.filter(document=OuterRef("document")).order_by("-number")
    rows = DocumentVersion.objects.filter(
        engagement__in=running, verdict=Verdict.SENT_BACK, pk=Subquery(newest.values("pk")[:1])
    ).annotate(of=F("engagement"))
    found: dict[int, int] = defaultdict(int)
    for row in rows:
        found[row.engagement_id] += 1
    return found
