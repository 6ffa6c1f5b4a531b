"""What was ended at a month's end, whatever became of it later.

Reopening an incident clears the row's `solved_at`, so a draft made late, or made again, would
count less than one made in time. The journal keeps each solving and each reopening: where the row
no longer tells what stood at the month's end, the journal does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from accounts.models import Organisation
from core.journal import label
from core.models import JournalEntry
from reports.reads.past import Cut
from tickets.enums import FINISHED, MessageKind
from tickets.models import Incident, Message
from tickets.querysets import IncidentQuerySet

Bounds = tuple[datetime, datetime]


@dataclass(frozen=True)
class Standing:
    """`ended`: who was solved or closed in the month and still was at its end, by pk, with the
    moment; `still_open`: reported before the end and not ended then; `earlier`: ended before the
    month, though the row was changed since.

    An incident that was solved, opened again and solved once more in a later month is ended in
    both: each month says what stood at its own end, and no later event changes it.
    """

    ended: Mapping[int, datetime]
    still_open: frozenset[int]
    earlier: Mapping[int, datetime]


def known_by(incidents: IncidentQuerySet, known_at: datetime) -> IncidentQuerySet:
    """Without those that were made later of what was written on another (G2)."""
    return incidents.exclude(split_at__gte=known_at)


def standings(
    organisation: Organisation, months: Sequence[Bounds], *, known_at: datetime
) -> list[Standing]:
    """For each of some months, oldest first, how it stood; in two queries for all of them."""
    ours = Incident.objects.filter(organisation=organisation, received_at__lt=months[-1][1])
    ours = known_by(ours, known_at)
    recent = ours.filter(Q(solved_at=None) | Q(solved_at__gte=months[0][0]))
    rows = list(recent.values_list("pk", "received_at", "solved_at"))
    unsure = [pk for pk, _, solved_at in rows if solved_at is None or solved_at >= months[0][1]]
    history = _history(unsure, months[-1][1])
    found = []
    for start, end in months:
        ended, earlier, still_open = {}, {}, set()
        for pk, received_at, solved_at in rows:
            if received_at >= end:
                continue
            settled = solved_at is not None and solved_at < end
            moment = solved_at if settled else _ended_by(history[pk], end)
            if moment is None:
                still_open.add(pk)
            elif start <= moment:
                ended[pk] = moment
            else:
                earlier[pk] = moment
        found.append(Standing(ended, frozenset(still_open), earlier))
    return found


def answered_by(incidents: Collection[int], cuts: Sequence[Cut]) -> list[set[int]]:
    """For each cut, which of these had an answer of a person that reached somebody (C8).

    One query.
    """
    answers = Message.objects.filter(incident__in=incidents, kind=MessageKind.ANSWER)
    said = list(answers.values_list("incident_id", "sent_at", "taken_back_at"))
    return [
        {
            pk
            for pk, at, back_at in said
            if at < cut.end and (back_at is None or back_at >= cut.known_at)
        }
        for cut in cuts
    ]


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


def _ended_by(changes: Sequence[tuple[datetime, bool]], end: datetime) -> datetime | None:
    """The moment of the solving that stood at `end`; None when it was not ended then.

    Closing what is solved already keeps the first moment, as on the row.
    """
    moment: datetime | None = None
    for at, finished in changes:
        if at >= end:
            break
        moment = (moment or at) if finished else None
    return moment
