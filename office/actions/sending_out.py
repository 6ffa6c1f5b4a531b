"""What goes out by itself goes out: once, to who may read it still, and nothing unseen (O8)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse

from accounts.enums import Role
from accounts.models import Person
from core.journal import record
from notices.outbox import notify
from office import policies
from office.actions.schedules import AnySchedule, mark_stopped, name_of, take_out
from office.models import PictureSchedule, ReportSchedule
from office.querysets.schedules import WAITS
from office.reads.figures.asked import Asked, asked_by_text
from office.reads.figures.picture import filter_in_words
from office.rules.schedules import days_of
from reports.enums import ReportState
from reports.models import ServiceReport
from reports.rules import wording
from reports.rules.months import Month


def send_picture(pk: int, *, at: datetime) -> int:
    """Owe the readers of a due picture their mails, and move it on; 1 where it went out.

    After an outage it goes out once, of the days before the last moment that was missed.
    """
    rows = PictureSchedule.objects.select_for_update(of=("self",), skip_locked=True)
    one = rows.to_send(at).filter(pk=pk).select_related("by").first()
    if one is None:
        return 0
    due = _move_on(one, at)
    if not _is_owned(one, policies.may_see_figures(one.by), at):
        return 0
    readers = _readers(one, policies.may_see_figures, at)
    asked = asked_for(one, due)
    for reader in readers:
        owe_picture(one, asked, reader, key=f"schedule:{one.pk}:{due:%Y-%m-%dT%H}", at=at)
    return _sent(one, readers, due, at)


def owe_picture(
    one: PictureSchedule, asked: Asked, reader: Person, *, key: str, at: datetime
) -> None:
    """One mail; its PDF is drawn as it is sent, of what its reader may see then."""
    query = f"show={one.show}&{asked.query}"
    narrowed = filter_in_words(asked, reader)
    notify(
        [reader],
        "scheduled_picture",
        key=key,
        at=at,
        about=one,
        picture=name_of(one),
        days=f"{wording.day(asked.since)} to {wording.day(asked.until)}",
        narrowed=", ".join(narrowed),
        owner=one.by.name,
        is_attached=one.attaches,
        show=one.show,
        query=asked.query,
        url=f"{settings.SITE_URL}{reverse('admin:figures')}?{query}",
        pdf_url=""
        if one.attaches
        else f"{settings.SITE_URL}{reverse('admin:figures_pdf')}?{query}",
    )


def asked_for(one: PictureSchedule, due: datetime) -> Asked:
    """What it shows when it is due: whole days of the desk's zone before that."""
    on = due.astimezone(ZoneInfo(settings.DESK_TIMEZONE)).date()
    since, until = days_of(one.window, on)
    return asked_by_text(one.query, at=due).but(since=since, until=until)


def send_report(pk: int, *, at: datetime) -> int:
    """A customer's report is due: it goes out if it is issued, else it waits for a human, and what
    waited before it waits on. 1 where something went out.
    """
    one = _report_schedule(pk, at, due=True)
    if one is None:
        return 0
    due = _move_on(one, at)
    month = _month_before(one, due)
    one.waits_for = one.waits_for or month.first_on
    if not _is_owned(one, policies.may_keep(one.by, one.organisation), at):
        return 0
    one.save(update_fields=["waits_for"])
    went = send_issued(one, month, due=due, at=at)
    if one.waits_for is None:
        return int(went)
    record("schedule.waits", one, at=at, by=None, what=name_of(one), month=month.label)
    keeper = one.organisation.tam or one.by
    notify(
        [keeper],
        "schedule_waits",
        key=f"report_schedule_waits:{one.pk}:{month}",
        at=at,
        about=one,
        organisation=one.organisation.name,
        month=month.label,
        url=f"{settings.SITE_URL}{reverse('admin:reports')}?organisation={one.organisation.slug}",
    )
    return int(went)


def send_waiting(pk: int, *, at: datetime) -> int:
    """What waited for a human, and was issued since; 1 where it went out."""
    one = _report_schedule(pk, at, due=False)
    if one is None or not _is_owned(one, policies.may_keep(one.by, one.organisation), at):
        return 0
    month = _month_before(one, one.rhythm.last_until(at))
    return int(send_issued(one, month, due=at, at=at))


def send_issued(one: ReportSchedule, until: Month, *, due: datetime, at: datetime) -> bool:
    """Owe the readers the issued reports of the months that are waited for, `until` included.

    Months are issued one after another: the first after the last that went out is waited for now.
    """
    assert one.waits_for is not None
    until_on = max(until.first_on, one.waits_for)  # the rhythm may have been changed meanwhile
    reports = ServiceReport.objects.filter(
        organisation=one.organisation,
        month__range=(one.waits_for, until_on),
        state=ReportState.ISSUED,
    )
    newest = {  # of each month, its last revision
        report.month: report
        for report in reports.defer("content")
        .select_related("organisation")
        .order_by("month", "revision")
    }
    if not newest:
        return False
    readers = _readers(one, lambda who: policies.may_read_reports(who, one.organisation), at)
    for report in newest.values():
        _owe_report(one, report, readers, at)
    last = max(newest)
    following = Month(last.year, last.month).next()
    one.waits_for = following.first_on if following.first_on <= until_on else None
    if one.stopped_at is None:
        one.save(update_fields=["waits_for"])
    _sent(one, readers, due, at)
    return True


def _owe_report(
    one: ReportSchedule, report: ServiceReport, readers: Sequence[Person], at: datetime
) -> None:
    for is_customer in (True, False):
        page = (
            f"/reports/{report.pk}/" if is_customer else reverse("admin:report", args=[report.pk])
        )
        notify(
            [reader for reader in readers if reader.is_customer == is_customer],
            "scheduled_report",
            key=f"report_schedule:{one.pk}:{report.pk}",
            at=at,
            about=report,
            organisation=one.organisation.name,
            month=Month(report.month.year, report.month.month).label,
            number=report.number,
            owner=one.by.name,
            is_attached=one.attaches,
            report=report.pk,
            url=f"{settings.SITE_URL}{page}",
        )


def _report_schedule(pk: int, at: datetime, *, due: bool) -> ReportSchedule | None:
    rows = ReportSchedule.objects.select_for_update(of=("self",), skip_locked=True)
    rows = rows.to_send(at) if due else rows.filter(WAITS)
    return rows.filter(pk=pk).select_related("by", "organisation__tam").first()


def _month_before(one: ReportSchedule, due: datetime) -> Month:
    """The month that is told at this moment, by the clock of the schedule."""
    return Month.of(due, one.timezone).previous()


def _move_on(one: AnySchedule, at: datetime) -> datetime:
    """The moment for which it goes out now; those that were missed before it are skipped."""
    due = one.rhythm.last_until(at)
    one.next_at = one.rhythm.next_after(at)
    one.save(update_fields=["next_at"])
    return due


def _is_owned(one: AnySchedule, may: bool, at: datetime) -> bool:
    """Whether its owner may still have it sent; else it stops, and the managers are told."""
    why = ""
    if not one.by.is_active or not may:
        why = f"{one.by.name}, who set it up, may not see it any more."
    elif isinstance(one, ReportSchedule) and one.organisation.closed_at is not None:
        why = f"{one.organisation.name} is no customer any more."
    if not why:
        return True
    mark_stopped(one, why=why, by=None, at=at)
    managers = list(Person.objects.active().filter(role=Role.MANAGER))
    _tell(managers, one, f"“{name_of(one)}” goes out no more", why, "stopped", at)
    return False


def _readers(one: AnySchedule, may: Callable[[Person], bool], at: datetime) -> list[Person]:
    """Who may read it still; the owner is told of the others, once, since they are taken out."""
    people = {
        who.pk: who
        for who in Person.objects.filter(pk__in=one.readers).select_related("organisation")
    }
    kept = []
    for pk in list(one.readers):
        who = people.get(pk)
        if who is not None and who.is_active and may(who):
            kept.append(who)
            continue
        name = who.name if who is not None else "Somebody"
        why = (
            "Their account is closed."
            if who is None or not who.is_active
            else ("They may not see it any more.")
        )
        take_out(one, pk, reason=why, at=at)
        _tell([one.by], one, f"{name} gets “{name_of(one)}” no more", why, f"lost:{pk}", at)
    return kept


def _tell(
    people: Sequence[Person], one: AnySchedule, what: str, why: str, key: str, at: datetime
) -> None:
    notify(
        people,
        "schedule_changed",
        key=f"{one._meta.model_name}:{one.pk}:{key}:{at.isoformat()}",
        at=at,
        about=one,
        what=what,
        why=why,
        url=f"{settings.SITE_URL}{reverse('admin:schedules')}",
    )


def _sent(one: AnySchedule, readers: Sequence[Person], due: datetime, at: datetime) -> int:
    if not readers:
        return 0
    one.last_at = at
    one.save(update_fields=["last_at"])
    record(
        "schedule.sent",
        one,
        at=at,
        by=None,
        rule="O8",
        what=name_of(one),
        due=due,
        readers=len(readers),
    )
    return 1
