"""What was solved at a month's end, whatever became of it later.

Reopening an incident clears the row's `solved_at`, so a draft made late, or made again, would
count less than one made in time. The journal keeps each solving and each reopening: where the row
no longer tells what stood at the month's end, the journal does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from accounts.models import Organisation
from core.journal import label
from core.models import JournalEntry
from tickets.enums import FINISHED
from tickets.models import Incident

Bounds = tuple[datetime, datetime]


@dataclass(frozen=True)
class Standing:
    """`solved`: who was solved in the month and still was at its end, by pk, with the moment.

    `open_at_end`: reported before the end and not solved then. An incident that was solved,
    opened again and solved once more in a later month is solved in both: each month says what
    stood at its own end, and no later event changes it.
    """

    solved: Mapping[int, datetime]
    open_at_end: int


def standings(organisation: Organisation, months: Sequence[Bounds]) -> list[Standing]:
    """For each of some months, oldest first, how it stood; in two queries for all of them."""
    ours = Incident.objects.filter(organisation=organisation, received_at__lt=months[-1][1])
    recent = ours.filter(Q(solved_at=None) | Q(solved_at__gte=months[0][0]))
    rows = list(recent.values_list("pk", "received_at", "solved_at"))
    unsure = [pk for pk, _, solved_at in rows if solved_at is None or solved_at >= months[0][1]]
    history = _history(unsure, months[-1][1])
    found = []
    for start, end in months:
        solved, still_open = {}, 0
        for pk, received_at, solved_at in rows:
            if received_at >= end:
                continue
            settled = solved_at is not None and solved_at < end
            moment = solved_at if settled else _solved_by(history[pk], end)
            if moment is None:
                still_open += 1
            elif start <= moment:
                solved[pk] = moment
        found.append(Standing(solved, still_open))
    return found


def _history(incidents: Sequence[int], until: datetime) -> dict[int, list[tuple[datetime, bool]]]:
    """By incident, each change of state before `until`, oldest first: when, and if it finished."""
    found: dict[int, list[tuple[datetime, bool]]] = defaultdict(list)
    subjects = {label(Incident(pk=pk)): pk for pk in incidents}
    changes = JournalEntry.objects.filter(
        subject__in=list(subjects),
        at__lt=until,
        kind__in=("incident.state", "incident.reopened"),
    )
    for subject, at, facts in changes.order_by("at", "pk").values_list("subject", "at", "facts"):
        found[subjects[subject]].append((at, facts.get("after") in FINISHED))
    return found


def _solved_by(changes: Sequence[tuple[datetime, bool]], end: datetime) -> datetime | None:
    """The moment of the solving that stood at `end`; None when it was not solved then.

    Closing what is solved already keeps the first moment, as on the row.
    """
    moment: datetime | None = None
    for at, finished in changes:
        if at >= end:
            break
        moment = (moment or at) if finished else None
    return moment
