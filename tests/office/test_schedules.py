"""What goes out by itself (O8): once, late once, by the right clock, to who may read it."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime

import pytest
from django.core import mail
from django.db import connection
from django.urls import reverse
from pypdf import PdfReader

from core.errors import NotAllowed
from core.models import JournalEntry
from notices.models import Notice
from notices.sending.delivery import send_one
from notices.sending.rendering import mail_of
from office.actions import sending_out
from office.actions.schedules import Wanted, leave, resume, set_picture, set_report, stop
from office.errors import NobodyChosen, ReaderMayNot, ScheduleUnusable
from office.models import PictureSchedule, ReportSchedule
from office.rules.schedules import Rhythm, days_of
from office.tasks import send_scheduled
from reports.actions.drafting import draft
from reports.actions.issuing import issue
from reports.models import ServiceReport
from reports.rules.months import Month
from tests.factories import (
    NINE,
    days,
    hours,
    make_contact,
    make_engineer,
    make_manager,
    make_organisation,
    make_partner,
    make_partner_engineer,
    make_tam,
)
from tests.factories.accounts_kept import make_picture_schedule, make_report_schedule

pytestmark = pytest.mark.django_db
JULY = datetime(2026, 7, 1, 12, tzinfo=UTC)


def wanted(*readers, every="week", day=1, hour=8, attaches=True):
    return Wanted(every, day, hour, readers, attaches)


def picture(by, *readers, query="", at=JULY, **fields):
    chosen = wanted(*readers, **fields)
    return set_picture(None, chosen, show="flow", query=query, window="week", by=by, at=at)


@pytest.mark.parametrize(
    ("rhythm", "at", "wanted_at"),
    (
        # A Monday at eight in Berlin, in summer and in winter.
        (("week", 1, 8), "2026-07-01T12:00", "2026-07-06T06:00"),
        (("week", 1, 8), "2026-12-01T12:00", "2026-12-07T07:00"),
        (("week", 1, 8), "2026-07-06T06:00", "2026-07-13T06:00"),  # after, never the same
        (("month", 28, 0), "2026-02-27T22:59", "2026-02-27T23:00"),
        (("month", 1, 8), "2026-12-01T08:00", "2027-01-01T07:00"),
        # 02:00 does not exist on 29 March 2026, and 02:00 comes twice on 25 October.
        (("week", 7, 2), "2026-03-28T12:00", "2026-03-29T01:00"),
        (("week", 7, 2), "2026-10-24T12:00", "2026-10-25T00:00"),
        (("week", 7, 2), "2026-10-25T00:30", "2026-11-01T01:00"),
    ),
)
def test_the_next_moment_is_that_hour_of_that_day_where_it_was_set(rhythm, at, wanted_at):
    every, day, hour = rhythm
    one = Rhythm(every, day, hour, "Europe/Berlin")
    at, wanted_at = (datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (at, wanted_at))

    assert one.next_after(at) == wanted_at
    assert one.last_until(wanted_at) == wanted_at
    assert one.last_until(wanted_at + hours(1)) == wanted_at


@pytest.mark.parametrize(
    ("window", "since", "until"),
    (
        ("week", date(2026, 3, 2), date(2026, 3, 8)),
        ("weeks", date(2025, 12, 8), date(2026, 3, 8)),
        ("month", date(2026, 2, 1), date(2026, 2, 28)),
        ("quarter", date(2025, 10, 1), date(2025, 12, 31)),
        ("year", date(2025, 3, 1), date(2026, 2, 28)),
    ),
)
def test_whole_days_before_it_are_told(window, since, until):
    assert days_of(window, date(2026, 3, 11)) == (since, until)


def test_a_picture_goes_out_once_and_after_an_outage_late_once():
    manager, tam = make_manager(timezone="Europe/Berlin"), make_tam()
    make_organisation(name="Northwind", slug="northwind", tam=tam)
    one = picture(manager, manager, tam, query="customer=northwind", attaches=True)
    assert one.next_at.isoformat() == "2026-07-06T06:00:00+00:00"

    assert sending_out.send_picture(one.pk, at=one.next_at - hours(1)) == 0
    weeks_later = one.next_at + days(30)  # four more were missed
    assert sending_out.send_picture(one.pk, at=weeks_later) == 1
    assert sending_out.send_picture(one.pk, at=weeks_later) == 0
    one.refresh_from_db()
    assert one.next_at.isoformat() == "2026-08-10T06:00:00+00:00"
    notices = list(Notice.objects.filter(template="scheduled_picture").order_by("to"))
    assert [notice.to for notice in notices] == [manager, tam]
    # The days before the last moment that was missed: 3 August.
    assert {notice.context["days"] for notice in notices} == {"27 July 2026 to 2 August 2026"}
    entry = JournalEntry.objects.get(kind="schedule.sent")
    assert (entry.facts["readers"], entry.rule) == (2, "O8")

    sent = mail_of(notices[0])
    ((name, content, kind),) = (one for one in sent.attachments)
    assert (name, kind) == ("flow-2026-07-27-to-2026-08-02.pdf", "application/pdf")
    text = PdfReader(io.BytesIO(content)).pages[0].extract_text()
    assert "In and out" in text
    assert "customer Northwind" in text


def test_as_a_link_it_leads_to_the_very_same_pdf_behind_the_sign_in(client):
    manager = make_manager()
    one = picture(manager, manager, attaches=False)
    sending_out.send_picture(one.pk, at=one.next_at)
    notice = Notice.objects.get()

    assert mail_of(notice).attachments == []
    url = notice.context["pdf_url"].partition("example")[2] or notice.context["pdf_url"]
    path = "/admin/" + url.partition("/admin/")[2]
    assert "since=2026-06-29" in path
    assert client.get(path).status_code == 302
    client.force_login(manager)
    assert client.get(path).content[:5] == b"%PDF-"


def test_who_lost_the_right_gets_nothing_and_the_owner_is_told_once():
    manager, tam, gone = make_manager(), make_tam(name="Tom"), make_manager(name="Gone")
    one = picture(manager, manager, tam, gone)
    tam.role = "ts2"
    tam.save()
    gone.is_active = False
    gone.save()

    sending_out.send_picture(one.pk, at=one.next_at)
    one.refresh_from_db()
    sending_out.send_picture(one.pk, at=one.next_at)

    sent = Notice.objects.filter(template="scheduled_picture")
    assert {notice.to for notice in sent} == {manager}
    told = Notice.objects.filter(template="schedule_changed", to=manager)
    assert sorted(notice.context["what"] for notice in told) == [
        "Gone gets “In and out” no more",
        "Tom gets “In and out” no more",
    ]
    assert JournalEntry.objects.filter(kind="schedule.reader_left").count() == 2


def test_without_its_owner_it_stops_and_the_managers_are_told():
    tam, manager = make_tam(), make_manager()
    one = picture(tam, tam, manager)
    tam.role = "ts1"
    tam.save()

    assert sending_out.send_picture(one.pk, at=one.next_at) == 0
    one.refresh_from_db()
    assert one.stopped_at is not None
    assert not Notice.objects.filter(template="scheduled_picture").exists()
    assert Notice.objects.get(template="schedule_changed").to == manager
    resume(one, by=manager, at=one.next_at)
    one.refresh_from_db()
    assert (one.by, one.stopped_at) == (manager, None)


def test_a_report_goes_out_when_a_human_issued_it_and_never_before():
    tam = make_tam()
    customer = make_organisation(tam=tam, name="Northwind", timezone="Europe/Berlin")
    reader = make_contact(customer)
    stranger = make_contact(make_organisation())
    own_only = make_contact(customer, reach="own")
    for wrong in (stranger, own_only, make_engineer()):
        with pytest.raises(ReaderMayNot):
            set_report(None, wanted(wrong, every="month"), organisation=customer, by=tam, at=NINE)
    chosen = wanted(reader, tam, every="month", day=3)
    one = set_report(None, chosen, organisation=customer, by=tam, at=NINE)

    assert sending_out.send_report(one.pk, at=one.next_at) == 0
    assert not Notice.objects.filter(template="scheduled_report").exists()
    waits = Notice.objects.get(template="schedule_waits")
    assert (waits.to, waits.context["month"]) == (tam, "February 2026")
    report = draft(customer, Month(2026, 2), at=one.next_at)
    issued = ServiceReport.objects.filter(state="issued")
    assert not ReportSchedule.objects.issued_by_now(issued).exists()
    assert sending_out.send_waiting(one.pk, at=one.next_at) == 0

    later = one.next_at + days(2)
    issue(report, by=tam, at=later)
    assert list(ReportSchedule.objects.issued_by_now(issued)) == [one]
    assert sending_out.send_waiting(one.pk, at=later) == 1
    assert sending_out.send_waiting(one.pk, at=later) == 0
    mails = {notice.to: notice for notice in Notice.objects.filter(template="scheduled_report")}
    assert set(mails) == {reader, tam}
    assert mails[reader].context["url"].endswith(f"/reports/{report.pk}/")
    ((name, content, _),) = mail_of(mails[reader]).attachments
    report.refresh_from_db()
    assert (name, content) == (f"{report.number}.pdf", bytes(report.document.pdf))
    one.refresh_from_db()
    assert (one.waits_for, one.last_at is not None) == (None, True)


def test_a_month_that_nobody_issued_yet_waits_on_when_the_next_one_is_due():
    tam = make_tam()
    customer = make_organisation(tam=tam, timezone="Europe/Berlin")
    one = make_report_schedule(customer, readers=[make_contact(customer).pk])
    assert sending_out.send_report(one.pk, at=one.next_at) == 0
    one.refresh_from_db()
    april = one.next_at
    assert sending_out.send_report(one.pk, at=april) == 0
    one.refresh_from_db()
    assert one.waits_for == date(2026, 2, 1)

    issue(draft(customer, Month(2026, 2), at=april), by=tam, at=april)
    assert sending_out.send_waiting(one.pk, at=april + days(1)) == 1
    one.refresh_from_db()
    assert one.waits_for == date(2026, 3, 1)
    issue(draft(customer, Month(2026, 3), at=april), by=tam, at=april + days(2))
    issue(draft(customer, Month(2026, 4), at=april + days(30)), by=tam, at=april + days(30))
    # That of April has its own day: it does not go out before.
    assert sending_out.send_waiting(one.pk, at=april + days(2)) == 1
    one.refresh_from_db()
    assert one.waits_for is None

    told = Notice.objects.filter(template="scheduled_report").order_by("pk")
    assert [notice.context["month"] for notice in told] == ["February 2026", "March 2026"]


def test_a_report_that_is_issued_goes_out_at_its_hour_and_not_to_who_moved_away(mailoutbox):
    tam = make_tam()
    customer = make_organisation(tam=tam)
    reader, moved = make_contact(customer), make_contact(customer)
    issue(draft(customer, Month(2026, 2), at=NINE), by=tam, at=NINE)
    one = make_report_schedule(customer, readers=[reader.pk, moved.pk])

    assert sending_out.send_report(one.pk, at=one.next_at) == 1
    moved.organisation = make_organisation()
    moved.save()
    owed = Notice.objects.filter(template="scheduled_report")
    sent = [notice.to for notice in owed if send_one(notice.pk, at=one.next_at)]
    assert sent == [reader]
    assert len(mail.outbox) == 1


def test_the_month_before_is_of_the_clock_by_which_it_goes_out():
    """The first at eight in Auckland is still the last of February in Berlin."""
    customer = make_organisation(timezone="Europe/Berlin", tam=make_tam())
    due = datetime(2026, 2, 28, 19, tzinfo=UTC)
    one = make_report_schedule(customer, day=1, timezone="Pacific/Auckland", next_at=due)

    assert sending_out.send_report(one.pk, at=due) == 0

    one.refresh_from_db()
    assert one.waits_for == date(2026, 2, 1)


def test_no_picture_is_drawn_for_who_lost_the_right_while_the_mail_waited():
    manager, tam = make_manager(), make_tam()
    one = picture(manager, tam)
    sending_out.send_picture(one.pk, at=one.next_at)
    notice = Notice.objects.get(template="scheduled_picture")
    assert len(mail_of(notice).attachments) == 1
    tam.role = "ts1"
    tam.save()

    assert mail_of(Notice.objects.get(pk=notice.pk)).attachments == []


def test_the_office_refuses_what_can_not_be_sent():
    manager, tam = make_manager(), make_tam()
    customer = make_organisation()
    with pytest.raises(NobodyChosen):
        picture(manager)
    with pytest.raises(ReaderMayNot):
        picture(manager, make_engineer())
    with pytest.raises(ScheduleUnusable):
        picture(manager, manager, day=8)
    with pytest.raises(ScheduleUnusable):
        set_report(None, wanted(manager), organisation=customer, by=manager, at=NINE)
    with pytest.raises(NotAllowed):
        picture(make_engineer(), manager)
    with pytest.raises(NotAllowed):
        set_report(None, wanted(tam, every="month"), organisation=customer, by=tam, at=NINE)
    one = picture(manager, manager, tam)
    with pytest.raises(NotAllowed):
        stop(one, by=tam, at=NINE)
    leave(one, by=tam, at=NINE)
    leave(one, by=manager, at=NINE)
    one.refresh_from_db()
    assert (one.readers, one.stopped_why) == ([], "Nobody is left who reads it.")
    with pytest.raises(NobodyChosen):
        resume(one, by=manager, at=NINE)


def test_from_a_picture_to_a_mail_and_its_list_shows_who_and_when(client):
    partner = make_partner()
    customer = make_organisation(name="Northwind", partner=partner)
    manager = make_manager(name="Maria Manager", timezone="Europe/Berlin")
    local = make_partner_engineer(partner, name="Lars Local")
    client.force_login(manager)
    query = f"show=promises&customer={customer.slug}&since=2026-01-01"
    url = f"{reverse('admin:schedule_new_picture')}?{query}"

    page = client.get(url).content.decode()
    assert "customer Northwind" in page
    assert "Lars Local" in page
    assert client.post(url, {}).status_code == 400
    sent = {"window": "month", "when": "month-3", "hour": "9", "way": "link"}
    answer = client.post(url, {**sent, "readers": [str(local.pk)]}, follow=True)
    text = answer.content.decode()
    assert "on day 3 of each month at 09:00 (Europe/Berlin)" in text
    assert "Maria Manager" in text
    one = PictureSchedule.objects.get()
    assert (one.query, one.attaches) == (f"customer={customer.slug}", False)
    changed = reverse("admin:schedule_picture", args=[one.pk])
    client.post(changed, {**sent, "hour": "10", "readers": [str(manager.pk)]})
    facts = JournalEntry.objects.filter(kind="schedule.set").latest("pk").facts
    assert (facts["before"]["when"][-21:], facts["after"]["when"][-21:]) == (
        "09:00 (Europe/Berlin)",
        "10:00 (Europe/Berlin)",
    )
    act = reverse("admin:picture_by_mail", args=[one.pk, "try"])
    assert "On its way to" in client.post(act, follow=True).content.decode()
    assert Notice.objects.get(template="scheduled_picture").to == manager
    client.force_login(local)  # it does not come to them any more
    assert "Promises" not in client.get(reverse("admin:schedules")).content.decode()
    assert client.get(changed).status_code == 404
    client.force_login(make_engineer())
    assert client.get(reverse("admin:schedules")).status_code == 404


@pytest.mark.parametrize("rows", (1, 3))
def test_the_list_costs_the_same_for_any_number_of_rows(client, rows, django_assert_num_queries):
    for _ in range(rows):
        make_picture_schedule()
        make_report_schedule()
    client.force_login(make_manager())

    with django_assert_num_queries(13):
        client.get(reverse("admin:schedules"))


def test_a_run_of_the_sweep_sends_all_that_is_due():
    make_picture_schedule(), make_picture_schedule(stopped_at=NINE)
    customer = make_organisation()
    make_report_schedule(
        customer, waits_for=date(2026, 2, 1), next_at=datetime(2090, 1, 1, tzinfo=UTC)
    )
    issue(draft(customer, Month(2026, 2), at=NINE), by=make_manager(), at=NINE)

    assert (send_scheduled(), send_scheduled()) == (2, 0)


@pytest.mark.parametrize(
    ("model", "factory", "index"),
    (
        (PictureSchedule, make_picture_schedule, "picture_schedule_to_send"),
        (ReportSchedule, make_report_schedule, "report_schedule_to_send"),
    ),
)
def test_the_sweep_reads_what_is_due_over_its_index(model, factory, index):
    one = factory(stopped_at=NINE)
    values = {f.attname: getattr(one, f.attname) for f in model._meta.concrete_fields}
    del values["id"]
    model.objects.bulk_create(model(**values) for _ in range(2000))
    factory()
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {model._meta.db_table}")
    plan = model.objects.to_send(NINE + days(2)).order_by("next_at").explain()
    assert index in plan
    if model is ReportSchedule:
        issued = ServiceReport.objects.filter(state="issued")
        plan = model.objects.issued_by_now(issued).order_by("pk").explain()
        assert "Seq Scan on office_reportschedule" not in plan
