"""The managers' figures: by plain SQL, over a clock change, with a stranger's rows beside (O4)."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse
from pypdf import PdfReader

from core.errors import NotAllowed
from core.journal import record
from core.models import JournalEntry
from office.actions.figures import compare_all, keep_days, set_pace
from office.errors import PaceUnusable
from office.models import DayFigure
from office.reads.figures.asked import asked_by, facts_for, sums_for
from office.reads.figures.facts import FACTS
from office.reads.figures.load import WEEKS, answers_between, load_of, on_duty_between
from office.reads.figures.now import backlog_of, open_ones
from office.reads.figures.picture import filter_in_words, words_said
from office.reads.figures.tables import PICTURES, table_of
from office.rules.staffing import WEEK
from tests.factories import (
    days,
    hours,
    make_cause,
    make_contact,
    make_deflection,
    make_engineer,
    make_handover,
    make_incident,
    make_internal_target,
    make_manager,
    make_message,
    make_organisation,
    make_partner,
    make_partner_engineer,
    make_rating,
    make_solution,
    make_tam,
    make_target,
)

pytestmark = pytest.mark.django_db

# In Berlin the clock goes on by an hour on 29 March 2026: these lie on both sides of its midnights.
CHANGE = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
MOMENTS = [CHANGE + hours(n) for n in (-26, -3, -1, 0, 1, 21, 22, 23)]
AT = CHANGE + days(10)
SINCE, UNTIL = date(2026, 3, 1), date(2026, 4, 8)


def make_life(**fields: Any) -> Any:
    """Something that each figure counts, at each of the moments."""
    organisation = make_organisation(**fields)
    contact, engineer, cause = make_contact(organisation), make_engineer(), make_cause()
    for moment in MOMENTS:
        one = make_incident(
            organisation=organisation,
            reporter=contact,
            owner=engineer,
            received_at=moment,
            state="solved",
            solved_at=moment + hours(2),
        )
        due = {"opened_at": moment - hours(6), "due_at": moment, "met_by": engineer}
        make_target(one, **due, met_at=moment)
        make_target(one, **due, met_at=moment + timedelta(seconds=1))
        make_target(one, **{**due, "met_by": None}, abandoned_at=moment - hours(1))
        make_message(one, kind="answer", sent_at=moment, author=engineer)
        make_solution(one, cause=cause, at=moment)
        make_rating(one, score=3, given_at=moment)
        make_handover(one, at=moment, by=engineer)
        ends = {"warn_at": moment + hours(1), "due_at": moment + hours(2), "ended_at": moment}
        make_internal_target(one, opened_at=moment - hours(1), **ends)
        record("incident.reopened", one, at=moment, by=contact)
        make_deflection(person=contact, at=moment)
    return organisation


SQL = {
    "kept": "SELECT {day}, count(*) FROM tickets_responsetarget WHERE met_at <= due_at",
    "late": "SELECT {day}, count(*) FROM tickets_responsetarget"
    " WHERE due_at < '2026-04-08 00:30+00' AND coalesce(met_at, abandoned_at, 'infinity') > due_at",
    "owed": "SELECT {day}, count(*) FROM tickets_responsetarget WHERE true",
    "reported": "SELECT {day}, count(*) FROM tickets_incident WHERE true",
    "solved": "SELECT {day}, count(*) FROM tickets_incident WHERE solved_at IS NOT NULL",
    "reopened": "SELECT {day}, count(*) FROM core_journalentry WHERE kind = 'incident.reopened'",
    "escalated": "SELECT {day}, count(*) FROM tickets_handover WHERE to_tier > from_tier",
    "at_tier": "SELECT {day}, count(*) FROM tickets_internaltarget WHERE ended_at IS NOT NULL",
    "rated": "SELECT {day}, count(*) FROM tickets_rating WHERE true",
    "deflected": "SELECT {day}, count(*) FROM resources_deflection WHERE true",
}
MOMENT = {"kept": "met_at", "late": "due_at", "owed": "opened_at", "reported": "received_at"}
MOMENT |= {"solved": "solved_at", "at_tier": "ended_at", "rated": "given_at"}


def by_plain_sql(figure: str, organisation: Any) -> dict[date, int]:
    moment = MOMENT.get(figure, "at")
    sql = SQL[figure].format(day=f"({moment} AT TIME ZONE 'Europe/Berlin')::date")
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} AND organisation_id = %s GROUP BY 1", [organisation.pk])
        return dict(cursor.fetchall())


def added_up(figure: str, person: Any) -> dict[date, int]:
    asked = asked_by({"since": str(SINCE), "until": str(UNTIL)}, at=AT)
    found: dict[date, int] = {}
    for day, number in sums_for(asked, person).filter(figure=figure).values_list("day", "number"):
        found[day] = found.get(day, 0) + number
    return found


def test_each_figure_is_what_plain_sql_counts_by_the_desks_days_over_a_clock_change():
    tam = make_tam()
    ours = make_life(tam=tam)
    make_life(tam=make_tam())  # a stranger's
    keep_days(SINCE, UNTIL, at=AT)

    for figure in FACTS:
        wanted = by_plain_sql(figure, ours)
        assert added_up(figure, tam) == wanted, figure
        assert sum(wanted.values()) >= len(MOMENTS), figure
        both = sum(added_up(figure, make_manager()).values())
        assert both == 2 * sum(wanted.values()), figure


def test_every_number_of_every_table_opens_as_many_as_it_counts():
    make_life(tam=make_tam())
    customer = make_life()
    make_rating(make_incident(organisation=customer, level=None), given_at=CHANGE)
    bare = make_incident(
        organisation=customer, level=None, solved_at=CHANGE, state="solved", owner=None
    )
    make_message(bare, kind="answer", sent_at=CHANGE, author=make_engineer())
    manager = make_manager()
    keep_days(SINCE, UNTIL, at=AT)
    asked = asked_by({"since": "2026-03-23", "until": "2026-04-05"}, at=AT)

    opened, without = 0, set()
    for show, picture in PICTURES.items():
        for told in picture.told:
            for row in table_of(show, told, asked, manager).rows:
                for cell in (one for one in row.cells if one.figure and one.value):
                    query = dict(pair.split("=") for pair in cell.query.split("&"))
                    without |= {(told, row.label) for word in ("~", "-1") if word in query.values()}
                    narrowed = asked_by(query, at=AT)
                    facts = facts_for(narrowed, manager, cell.figure, at=AT)
                    assert facts.count() == cell.value, (show, told, row.label, cell.figure)
                    opened += 1
    assert opened > 60
    # What has no level, cause or owner is counted, and opens as well.
    assert without >= {("level", "Not covered"), ("cause", "Nobody said"), ("engineer", "Nobody")}

    backlog = backlog_of(asked, manager, at=AT)
    cells = [backlog.total, backlog.late, backlog.unassigned]
    cells += [cell for row in backlog.ages for cell in row.cells]
    assert backlog.total.value > 0
    for cell in cells:
        query = dict(pair.split("=") for pair in cell.query.split("&"))
        assert open_ones(asked_by(query, at=AT), manager, cell.figure, at=AT).count() == cell.value


def test_a_picture_is_a_pdf_of_what_its_reader_sees_with_its_filter_in_words(client):
    tam = make_tam(timezone="Asia/Tokyo")
    customer = make_life(tam=tam, name="Northwind Ärzte")
    make_life(name="kvyx stranger")
    keep_days(SINCE, UNTIL, at=AT)
    days_asked = {"since": "2026-03-23", "until": "2026-04-05"}
    client.force_login(tam)

    for show, picture in PICTURES.items():
        answer = client.get(reverse("admin:figures_pdf"), {"show": show, **days_asked})
        text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)
        assert picture.title in text
        assert "23 March 2026 to 5 April 2026" in text
        assert "Asia/Tokyo" in text
        assert "kvyx" not in text
    asked = {"customer": customer.slug, "level": "~", "engineer": "-1", **days_asked}
    narrowed = filter_in_words(asked_by(asked, at=AT), tam)
    assert narrowed == ["customer Northwind Ärzte", "level Not covered", "of nobody"]
    others = filter_in_words(asked_by({"customer": "kvyx-stranger"}, at=AT), tam)
    assert others == ["a customer whom you do not see"]


def test_the_night_finds_what_differs_puts_it_right_and_says_so():
    make_life()
    keep_days(SINCE, UNTIL, at=AT)
    assert compare_all(at=AT).days == 0

    DayFigure.objects.filter(figure="kept").first().delete()
    DayFigure.objects.filter(figure="rated", day=date(2026, 3, 29)).update(number=7)
    run = compare_all(at=AT)

    assert run.days == 2
    assert JournalEntry.objects.get(kind="figures.put_right").facts["days"] == 2
    assert compare_all(at=AT).days == 0


def test_partners_and_account_managers_see_their_customers_alone_and_others_nothing(client):
    partner = make_partner()
    ours = make_life(partner=partner)
    make_life(name="kvyx stranger")
    keep_days(SINCE, UNTIL, at=AT)
    local = make_partner_engineer(partner)

    assert added_up("kept", local) == by_plain_sql("kept", ours)
    assert added_up("kept", make_tam()) == {}
    assert added_up("kept", make_engineer()) == {}
    client.force_login(local)
    days_asked = {"since": "2026-03-23", "until": "2026-04-05"}
    for show in PICTURES:
        page = client.get(reverse("admin:figures"), {"show": show, **days_asked})
        assert page.status_code == 200
        assert "kvyx" not in page.content.decode()
    client.force_login(make_engineer())
    assert client.get(reverse("admin:figures")).status_code == 404


@pytest.mark.parametrize("rows", (1, 3))
def test_a_picture_costs_the_same_for_any_number_of_customers(
    client, rows, django_assert_num_queries
):
    for _ in range(rows):
        make_life()
    keep_days(SINCE, UNTIL, at=AT)
    client.force_login(make_manager())

    with django_assert_num_queries(21):
        client.get(reverse("admin:figures"), {"since": "2026-03-23", "until": "2026-04-05"})


def test_files_have_what_the_table_has_and_the_link_keeps_the_filter(client):
    customer = make_life(name="=Formula GmbH")
    make_life()
    keep_days(SINCE, UNTIL, at=AT)
    client.force_login(make_manager())
    asked = {"since": "2026-03-23", "until": "2026-04-05", "customer": customer.slug}
    url = reverse("admin:figures_file")

    answer = client.get(url, {"show": "promises", "told": "customer", "format": "csv", **asked})
    lines = list(csv.reader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))
    assert lines == [
        ["Customer", "In time", "Late", "Share"],
        ["'=Formula GmbH", "8", "8", "50 %"],
    ]
    book = client.get(url, {"show": "flow", "told": "time", "format": "xlsx", **asked})
    assert b"".join(book)[:2] == b"PK"
    page = client.get(reverse("admin:figures"), asked).content.decode()
    assert f"customer={customer.slug}" in page
    behind = client.get(reverse("admin:figures_behind"), {"figure": "late", **asked})
    assert "Late answers: 8" in behind.content.decode()


def test_an_hour_of_duty_is_the_managers_figure_with_who_and_when(client):
    make_life()
    manager = make_manager(name="Maria Manager")
    with pytest.raises(NotAllowed):
        set_pace(Decimal(2), by=make_tam(), at=AT)
    for wrong in ("0", "61", "-1"):
        with pytest.raises(PaceUnusable):
            set_pace(Decimal(wrong), by=manager, at=AT)
    client.force_login(manager)
    url = reverse("admin:figures_load")

    assert client.post(url, {"answers": "NaN"}).status_code == 400
    assert client.post(url, {"answers": "2,5"}).status_code == 302
    page = client.get(url).content.decode()
    assert "set by Maria Manager" in page
    assert 'value="2.5"' in page


def test_the_load_counts_each_answer_of_the_last_13_weeks_once():
    make_life()

    load = load_of(at=AT)

    assert load.trial.answers == 3 * len(MOMENTS)
    assert round(sum(one.opens for _, cells in load.days for one in cells) * 13) >= 20
    assert load.people_hours > 0


@pytest.mark.parametrize(
    ("opened_at", "at"),
    (
        (datetime(2026, 11, 16, 8, 30, tzinfo=UTC), datetime(2026, 11, 25, 12, tzinfo=UTC)),
        (datetime(2026, 4, 6, 7, 30, tzinfo=UTC), datetime(2026, 4, 15, 12, tzinfo=UTC)),
        (datetime(2026, 3, 16, 8, 30, tzinfo=UTC), datetime(2026, 4, 15, 12, tzinfo=UTC)),
    ),
)
def test_half_past_nine_is_half_past_nine_before_and_after_the_clock_changed(
    settings, opened_at, at
):
    settings.DESK_TIMEZONE = "Europe/Berlin"
    make_target(opened_at=opened_at, due_at=opened_at + hours(2))

    load = load_of(at=at)

    ((opened, due),) = answers_between(load.since, load.until)
    assert (opened % WEEK, due % WEEK) == (9, 11)
    assert len(on_duty_between(load.since, load.until)) == WEEKS * WEEK
    assert [n for n, one in enumerate(load.days[0][1]) if one.opens] == [9]


def test_the_page_of_the_words_shows_them_but_not_of_private_reports(client):
    organisation = make_organisation()
    open_one, private = (
        make_incident(organisation=organisation, state="solved", is_private=is_private)
        for is_private in (False, True)
    )
    make_rating(open_one, score=2, comment="Too slow.", given_at=CHANGE)
    make_rating(private, score=1, comment="Secret words.", given_at=CHANGE)
    owned = make_incident(organisation=organisation, owner=make_engineer(), state="solved")
    make_rating(owned, score=4, comment="Friendly.", given_at=CHANGE)
    client.force_login(make_manager())

    page = client.get(
        reverse("admin:figures"),
        {"show": "satisfaction", "since": "2026-03-23", "until": "2026-04-05"},
    ).content.decode()

    assert "Too slow." in page
    assert "Secret words." not in page
    asked = asked_by({"since": "2026-03-23", "until": "2026-04-05"}, at=AT)
    manager = make_manager()
    # They follow every filter, as the numbers beside them do.
    for narrowed, words in (
        (asked.but(engineer=owned.owner_id), ["Friendly."]),
        (asked.but(engineer=-1), ["Too slow."]),
        (asked.but(level="gold"), []),
        (asked.but(service="~"), []),
        (asked.but(cause="x"), []),
    ):
        assert [one.text for one in words_said(narrowed, manager, at=AT)] == words
