"""The same to many incidents: first rehearsed, then done, each for itself.

A rehearsal does the very thing in a savepoint and takes it back, so that what it says would be
refused, and whom it would notify, is what the action itself says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import transaction

from accounts.models import Person
from core.errors import Refusal
from core.journal import label
from notices.models import Notice
from tickets.actions.locking import locked
from tickets.errors import ChangedSince, TooManyChosen
from tickets.models import Incident
from tickets.reads.queue import STAMPED, stamp_of

MOST = 50  # incidents at once: what somebody can look through before they say yes
Work = Callable[[Incident], object]


@dataclass(frozen=True)
class Choice:
    """An incident, and how it stood when it was chosen (`reads.queue.stamp_of`)."""

    pk: int
    stamp: str


@dataclass(frozen=True)
class Outcome:
    """What became of one, or would: refused with a sentence, or done. `incident` is None where it
    is not the person's to see (any more)."""

    incident: Incident | None
    refusal: str = ""
    notified: tuple[Person, ...] = ()

    @property
    def is_done(self) -> bool:
        return not self.refusal

    @property
    def customers(self) -> list[Person]:
        return [one for one in self.notified if one.is_customer]


def rehearse(choices: Iterable[Choice], work: Work, *, by: Person) -> list[Outcome]:
    """What `carry_out` would say now; nothing is written. Errors: `TooManyChosen`."""
    return [_one(choice, work, by, keep=False) for choice in _checked(choices)]


def carry_out(choices: Iterable[Choice], work: Work, *, by: Person) -> list[Outcome]:
    """Do `work` to each that `by` sees and that is as it was when it was chosen.

    Each is a savepoint of its own: a refusal of one leaves the others done, and is in its outcome.
    `work` calls the action of one incident, which checks permission and writes the journal.
    Errors: `TooManyChosen`, before anything is done.
    """
    return [_one(choice, work, by, keep=True) for choice in _checked(choices)]


def _checked(choices: Iterable[Choice]) -> list[Choice]:
    """Each once, and in one order: two people's choices never wait for each other in a circle."""
    found = {one.pk: one for one in choices}
    if len(found) > MOST:
        raise TooManyChosen(count=len(found), most=MOST)
    return [found[pk] for pk in sorted(found)]


def _one(choice: Choice, work: Work, by: Person, *, keep: bool) -> Outcome:
    incident = Incident.objects.visible_to(by).filter(pk=choice.pk).first()
    if incident is None:
        return Outcome(None, "This incident is not yours to see any more.")
    told: list[Person] = []
    try:
        with _savepoint(keep=keep):
            incident = locked(incident)
            if stamp_of({name: getattr(incident, name) for name in STAMPED}) != choice.stamp:
                raise ChangedSince(number=incident.number)
            about = Notice.objects.filter(subject=label(incident))
            before = set(about.values_list("pk", flat=True))
            work(incident)
            told = [one.to for one in about.exclude(pk__in=before).select_related("to") if one.to]
    except Refusal as refusal:
        return Outcome(incident, str(refusal))
    return Outcome(incident, notified=tuple(told))


@contextmanager
def _savepoint(*, keep: bool) -> Iterator[None]:
    with transaction.atomic():
        yield
        if not keep:
            transaction.set_rollback(True)
