"""A calendar's new version and the clocks that run: theirs stay, unless it is applied (R4)."""

from datetime import UTC, datetime
from functools import partial

import pytest

from accounts.models import Person
from core import rls
from core.errors import NotAllowed
from core.models import JournalEntry
from entitlements.models import CalendarVersion
from notices.models import Notice
from tests.at_once import at_once
from tests.factories import (
    hours,
    make_calendar,
    make_engineer,
    make_incident,
    make_level,
    make_manager,
    make_target,
    make_warning,
)
from tests.tickets.staff_pages import asks
from tickets.actions.promises.calendar_changes import apply_to_running, effect_on, running_on_older
from tickets.errors import CalendarChanged
from tickets.rules.promises.calendar_changes import outcome

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 1, 12, 13, 0, tzinfo=UTC)  # 14:00 in Berlin
DUE = datetime(2026, 1, 13, 9, 0, tzinfo=UTC)  # five hours later: Tuesday at 10:00
AT = MONDAY + hours(1)
DAYS = ("mon", "tue", "wed", "thu", "fri")


def a_clock(**fields):
    """A target of five working hours on version 1, 08:00 to 17:00."""
    old = make_calendar(calendar="office")
    level = make_level(level="basic", calendar=old, response_time=hours(5))
    incident = make_incident(received_at=MONDAY, level=level)
    return make_target(incident, opened_at=MONDAY, due_at=DUE, **fields)


def version(closes: str, number: int = 2):
    windows = {day: [["08:00", closes]] for day in DAYS}
    return make_calendar(calendar="office", version=number, hours=windows)


def test_what_gets_earlier_moves_with_its_warnings_and_the_reporter_is_told():
    target, manager = a_clock(), make_manager()
    warning = make_warning(target, percent=90, due_at=datetime(2026, 1, 13, 8, 30, tzinfo=UTC))
    longer = version("20:00")

    assert apply_to_running(longer, by=manager, at=AT) == 1

    target.refresh_from_db()
    warning.refresh_from_db()
    assert target.due_at == MONDAY + hours(5)
    assert (target.calendar, target.first_due_at) == (longer, DUE)
    assert (target.counted_from_at, target.target) == (MONDAY, hours(5))
    assert warning.due_at == MONDAY + hours(4.5)
    entry = JournalEntry.objects.get(kind="response_target.moved")
    assert (entry.rule, entry.by) == ("R4", manager)
    assert entry.facts["before"].startswith("2026-01-13T09:00")
    assert entry.facts["after"].startswith("2026-01-12T18:00")
    told = Notice.objects.get(template="incident_due_earlier")
    assert told.to == target.incident.reporter


def test_a_second_time_changes_nothing():
    a_clock()
    longer, manager = version("20:00"), make_manager()
    apply_to_running(longer, by=manager, at=AT)

    assert apply_to_running(longer, by=manager, at=AT) == 0
    assert Notice.objects.filter(template="incident_due_earlier").count() == 1
    assert JournalEntry.objects.filter(kind="response_target.moved").count() == 1


def test_a_promise_never_gets_later():
    target, shorter = a_clock(), version("15:00")

    assert effect_on(target, shorter, at=AT).outcome == "later"
    assert apply_to_running(shorter, by=make_manager(), at=AT) == 0
    target.refresh_from_db()
    assert (target.due_at, target.calendar.version) == (DUE, 1)


def test_a_breach_and_a_closed_target_stay():
    broken = a_clock(breach_noted_at=DUE + hours(1))
    longer = version("20:00")

    assert effect_on(broken, longer, at=DUE + hours(2)).outcome == "past"
    assert apply_to_running(longer, by=make_manager(), at=DUE + hours(2)) == 0
    broken.met_at, broken.met_by = DUE + hours(2), make_engineer()
    broken.save()
    assert not running_on_older(longer).exists()


def test_no_change_of_a_calendar_breaks_a_promise_by_itself():
    target, longer, late = a_clock(), version("20:00"), MONDAY + hours(6)

    assert effect_on(target, longer, at=late).outcome == "overdue"
    assert apply_to_running(longer, by=make_manager(), at=late) == 0
    target.refresh_from_db()
    assert target.due_at == DUE
    assert outcome(DUE, DUE, noted=False, at=DUE) == "same"


def test_only_a_manager_applies_and_only_the_newest_version():
    a_clock()
    second, manager = version("20:00"), make_manager()
    version("21:00", 3)

    with pytest.raises(CalendarChanged):
        apply_to_running(second, by=manager, at=AT)
    with pytest.raises(NotAllowed):
        apply_to_running(second, by=make_engineer(), at=AT)


@pytest.mark.parametrize("more", (0, 2))
def test_the_preview_costs_the_same_for_any_number_of_answers(client, more):
    first, longer = a_clock(), version("20:00")
    for _ in range(more):
        incident = make_incident(received_at=MONDAY, level=first.level)
        make_target(incident, opened_at=MONDAY, due_at=DUE)
    client.force_login(make_manager())

    with asks(6):
        page = client.get("/admin/calendars/office/running/")

    assert page.content.decode().count("stays broken</td>") == more + 1  # long past by now
    assert f'value="{longer.pk}"' not in page.content.decode()


def test_nobody_but_a_manager_finds_the_page(client):
    a_clock()
    version("20:00")
    client.force_login(make_engineer())

    assert client.get("/admin/calendars/office/running/").status_code == 404
    assert client.post("/admin/calendars/office/running/").status_code == 404


def test_applying_from_a_page_of_an_older_version_is_refused(client):
    target = a_clock()
    version("20:00")
    client.force_login(make_manager())

    old = client.post("/admin/calendars/office/running/", {"version": target.calendar_id})
    done = client.post(
        "/admin/calendars/office/running/", {"version": version("21:00", 3).pk}, follow=True
    )

    assert old.status_code == 409
    assert "0 answers moved." in done.content.decode()  # it is broken by now, and stays so


def _apply(version: CalendarVersion, manager: Person, _number: int) -> int:
    with rls.everything():
        return apply_to_running(version, by=manager, at=AT)


@pytest.mark.django_db(transaction=True)
def test_two_managers_at_once_move_and_tell_each_once():
    first, manager = a_clock(), make_manager()
    for _ in range(5):
        incident = make_incident(received_at=MONDAY, level=first.level)
        make_target(incident, opened_at=MONDAY, due_at=DUE)
    longer = version("20:00")

    moved = at_once(partial(_apply, longer, manager), workers=4)

    assert sum(moved) == 6
    assert JournalEntry.objects.filter(kind="response_target.moved").count() == 6
    assert Notice.objects.filter(template="incident_due_earlier").count() == 6


def test_what_would_be_due_this_very_moment_is_overdue():
    assert outcome(MONDAY + hours(2), MONDAY, noted=False, at=MONDAY) == "overdue"
    assert outcome(MONDAY, MONDAY, noted=False, at=MONDAY) == "same"
