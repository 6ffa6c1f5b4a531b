"""What an incident was promised and how that stands, in words for pages, mails and the API."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo

from entitlements.enums import Level
from entitlements.models import CoverageDecision, LevelVersion
from entitlements.reads.current import working_calendar
from entitlements.reads.explaining import Explanation, clock_of, explain
from entitlements.rules.words import promise_in_words
from tickets.models import Incident, ResponseTarget
from tickets.reads.countdown import countdown_of
from tickets.rules.promises.countdown import Countdown
from tickets.rules.promises.standing import OPEN, Standing, standing


@dataclass(frozen=True)
class Promise:
    """The level that serves an incident and its latest response target, if it has one.

    `level_label` and `within` are of the level that promised that target: a better one that came
    later leaves an earlier due moment alone (R6), and what was answered before (C7).
    `state` is "open", "breached" (open and past due), "met", "late" (answered after due),
    "abandoned", or "" without a target; only while it is open there is a `countdown`. Moments are
    aware, UTC.
    """

    level: str
    level_label: str
    within: str
    due_at: datetime | None
    met_at: datetime | None
    state: str
    target: ResponseTarget | None = None
    countdown: Countdown | None = None


def promise_of(incident: Incident, *, at: datetime) -> Promise:
    """The promise as it stands at `at`; a level of "" means that nothing covers the incident."""
    newest = incident.targets.order_by("-cycle")
    target = newest.select_related("calendar", "level__calendar").first()
    return promise_by(incident, target, at=at)


def promise_by(incident: Incident, target: ResponseTarget | None, *, at: datetime) -> Promise:
    """`promise_of` for who has read the newest target already, with its level and calendars."""
    level = incident.decision.level
    promised = target.level if target else level
    state = verdict(target, at) if target else ""
    return Promise(
        level=level.level if level else "",
        level_label=Level(promised.level).label if promised else "",
        within=_within(promised) if promised else "",
        due_at=target.due_at if target else None,
        met_at=target.met_at if target else None,
        state=state,
        target=target,
        countdown=countdown_of(target, at=at) if target and state == OPEN else None,
    )


def explained(incident: Incident, promise: Promise, *, reader: tzinfo) -> Explanation:
    """Why the incident is served as it is, and how its latest due moment came about.

    `reader` is the time zone of whoever reads it. Reads nothing more than `promise_of` did.
    """
    target = promise.target
    if target is None:
        return explain(incident.decision)
    clock = clock_of(
        target.calendar,
        opened_at=target.counted_from_at or target.opened_at,
        target=target.target,
        due_at=target.due_at,
        reader=reader,
    )
    explanation = explain(incident.decision, clock)
    if target.counted_from_at is not None and target.first_due_at is not None:
        explanation.notes.insert(0, _moved(target, reader))
    elif incident.decision.level and incident.decision.level.level != target.level.level:
        explanation.notes.insert(0, _kept(incident.decision, target, reader))
    return explanation


def _moved(target: ResponseTarget, reader: tzinfo) -> str:
    """R6, in words: the promise before, and from when the present one counts."""
    assert target.counted_from_at is not None
    assert target.first_due_at is not None
    level = Level(target.level.level).label
    before, since = _moment(target.first_due_at, reader), _moment(target.counted_from_at, reader)
    return f"The answer was due on {before} at first. {level} counts for it from {since} on."


def _kept(decision: CoverageDecision, target: ResponseTarget, reader: tzinfo) -> str:
    """Why the clock is not that of the level which serves the incident now."""
    assert decision.level is not None, "a target was promised"
    before, now = Level(target.level.level).label, Level(decision.level.level).label
    since = _moment(decision.at, reader)
    if target.met_at is not None or target.abandoned_at is not None:
        return f"{before} promised this answer. {now} counts from {since} on, for the next one."
    return (
        f"{before} promised this answer. {now} counts from {since} on, and moves no moment that"
        " was promised sooner or had passed."
    )


def _moment(at: datetime, reader: tzinfo) -> str:
    local = at.astimezone(reader)
    return f"{local.day} {local:%B %Y, %H:%M}"


def _within(level: LevelVersion) -> str:
    round_the_clock = working_calendar(level.calendar).is_round_the_clock
    return promise_in_words(level.response_time, round_the_clock=round_the_clock)


def verdict(target: ResponseTarget, at: datetime) -> str:
    """How the target stands at `at`: the state of its `Standing`."""
    return standing_of(target, at).state


def standing_of(target: ResponseTarget, at: datetime) -> Standing:
    return standing(target.due_at, met_at=target.met_at, abandoned_at=target.abandoned_at, at=at)
