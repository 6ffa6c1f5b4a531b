"""The states of an incident and the moves between them. Nothing else writes `state`."""

from __future__ import annotations

from datetime import datetime

from accounts.models import Person
from core.journal import record
from tickets.actions.ladder.internal_targets import (
    end_internal,
    open_internal,
    pause_internal,
    resume_internal,
)
from tickets.enums import OUTSIDE, UNFINISHED, State
from tickets.models import Incident


def set_state(incident: Incident, state: State, *, by: Person | None, at: datetime) -> None:
    """Move an unfinished incident to another unfinished state, or do nothing if it is there."""
    assert state in UNFINISHED, "finish() solves and closes"
    before = incident.state
    if before == state:
        return
    incident.state, incident.solved_at, incident.closed_at = state, None, None
    outside_at, incident.outside_at = incident.outside_at, None
    incident.save(update_fields=["state", "solved_at", "closed_at", "outside_at"])
    if outside_at is not None:
        _note_inside(incident, by=by, at=at)
    if state == State.WAITING:
        pause_internal(incident, at=at)
    elif before == State.WAITING:
        resume_internal(incident, at=at)
    record("incident.state", incident, at=at, by=by, before=before, after=state)


def finish(incident: Incident, state: State, *, by: Person | None, at: datetime) -> None:
    """Solve or close an incident. The first moment of solving stays when it is closed later."""
    before = incident.state
    if before == state:
        return
    incident.state = state
    incident.solved_at = incident.solved_at or at
    incident.closed_at = at if state == State.CLOSED else None
    incident.save(update_fields=["state", "solved_at", "closed_at"])
    if before in UNFINISHED:
        end_internal(incident, at=at)
    record("incident.state", incident, at=at, by=by, before=before, after=state)


def restore(
    incident: Incident, state: State, *, solved_at: datetime | None, by: Person, at: datetime
) -> None:
    """Undo what merging did to the state: as it was before, which costs nothing (G1)."""
    before = incident.state
    incident.state, incident.solved_at, incident.closed_at = state, solved_at, None
    incident.save(update_fields=["state", "solved_at", "closed_at"])
    if state in UNFINISHED and incident.decision.level_id is not None:
        open_internal(incident, at=at)
    record("incident.state", incident, at=at, by=by, before=before, after=state)


def unfinish(incident: Incident, *, by: Person | None, at: datetime) -> None:
    """Open a solved or closed incident again: same incident, same level, nothing charged (R7)."""
    before, outside_at = incident.state, incident.outside_at
    incident.state, incident.solved_at, incident.closed_at = State.OPEN, None, None
    incident.outside_at = None  # what is worked on again is not ended as outside the limits
    incident.save(update_fields=["state", "solved_at", "closed_at", "outside_at"])
    open_internal(incident, at=at)
    record("incident.reopened", incident, at=at, by=by, rule="R7", before=before)
    if outside_at is not None:
        _note_inside(incident, by=by, at=at)


def _note_inside(incident: Incident, *, by: Person | None, at: datetime) -> None:
    """What is worked on again is not ended as outside the limits."""
    facts = {"before": OUTSIDE, "after": "inside"}
    record("incident.outside", incident, at=at, by=by, rule="rule 14", **facts)
