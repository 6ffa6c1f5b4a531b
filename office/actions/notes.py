"""Notes about a customer, their next steps and plans of reviews."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from accounts.models import Organisation, Person
from core.errors import NotAllowed
from core.journal import record
from core.text import clean, one_line
from notices.outbox import notify
from office import policies
from office.errors import AgendaMissing, NoteEmpty, StepDone, StepInThePast, StepWithoutDay
from office.models import AccountNote, ReviewPlan
from office.querysets.accounts import TO_REMIND

LONGEST = 4000  # characters of a note, and of an agenda
MORNING = time(8)  # when a step's day begins, by the clock of who wrote it


@transaction.atomic
def write_note(
    organisation: Organisation,
    *,
    text: str,
    next_step: str = "",
    next_on: date | None = None,
    by: Person,
    at: datetime,
) -> AccountNote:
    """Keep a note, with what is to be done next by a day of the writer's calendar.

    Errors: `NotAllowed`, `NoteEmpty`, `StepWithoutDay`, `StepInThePast`.
    """
    if not policies.may_keep(by, organisation):
        raise NotAllowed()
    text, next_step = clean(text)[:LONGEST], one_line(next_step)[:200]
    if not text:
        raise NoteEmpty()
    if bool(next_step) != (next_on is not None):
        raise StepWithoutDay()
    zone = ZoneInfo(by.timezone)
    if next_on is not None and next_on < at.astimezone(zone).date():
        raise StepInThePast()
    note = AccountNote.objects.create(
        organisation=organisation,
        by=by,
        at=at,
        text=text,
        next_step=next_step,
        next_on=next_on,
        remind_at=datetime.combine(next_on, MORNING, zone) if next_on else None,
    )
    record(
        "account.noted",
        organisation,
        at=at,
        by=by,
        note=note.pk,
        next_step=next_step,
        next_on=next_on,
    )
    return note


@transaction.atomic
def finish_step(note: AccountNote, *, by: Person, at: datetime) -> None:
    """The note's next step is done. Errors: `NotAllowed`, `StepDone`."""
    if not policies.may_keep(by, note.organisation):
        raise NotAllowed()
    open_ones = AccountNote.objects.filter(pk=note.pk, next_on__isnull=False, done_at=None)
    if not open_ones.update(done_at=at, done_by=by):
        raise StepDone()
    record("account.step_done", note.organisation, at=at, by=by, note=note.pk)


@transaction.atomic
def plan_review(
    organisation: Organisation, *, on: date, agenda: str, by: Person, at: datetime
) -> ReviewPlan:
    """Say when the next review is, and what about. Errors: `NotAllowed`, `AgendaMissing`."""
    if not policies.may_keep(by, organisation):
        raise NotAllowed()
    agenda = clean(agenda)[:LONGEST]
    if not agenda:
        raise AgendaMissing()
    plans = ReviewPlan.objects.filter(organisation=organisation)
    before = plans.values_list("on", flat=True).first()
    plan = ReviewPlan.objects.create(
        organisation=organisation, on=on, agenda=agenda, made_at=at, made_by=by
    )
    record("account.review_planned", organisation, at=at, by=by, before=before, after=on)
    return plan


def remind(pk: int, *, at: datetime) -> int:
    """Remind of one step whose day has come, once (O2); 1 where somebody was.

    Who wrote it is reminded, or whoever is the account manager now where they left or serve the
    customer no more.
    """
    found = AccountNote.objects.select_for_update(of=("self",), skip_locked=True)
    note = found.filter(TO_REMIND, pk=pk).select_related("by", "organisation__tam").first()
    if note is None:
        return 0
    note.reminded_at = at
    note.save(update_fields=["reminded_at"])
    reader = note.by if _still_serves(note) else note.organisation.tam
    if reader is None:
        return 0
    notify(
        [reader],
        "account_step",
        key=f"account_step:{note.pk}",
        at=at,
        about=note,
        organisation=note.organisation.name,
        step=note.next_step,
        note=note.text[:300],
        url=f"{settings.SITE_URL}/admin/customers/{note.organisation.slug}/",
    )
    return 1


def _still_serves(note: AccountNote) -> bool:
    writer = note.by
    return writer.is_active and (writer.is_manager or note.organisation.tam_id == writer.pk)
