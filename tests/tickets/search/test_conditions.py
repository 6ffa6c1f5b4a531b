"""What a typed search means for incidents, field by field."""

from datetime import date

import pytest

from core.models import SearchOwed
from core.search.indexing import work_off
from core.search.words import LONGEST, NotUnderstood
from tests.factories import (
    NINE,
    days,
    hours,
    make_contact,
    make_defect,
    make_engineer,
    make_incident,
    make_licence,
    make_manager,
    make_message,
    make_organisation,
    make_service,
    make_tag,
    make_target,
)
from tickets.models import Incident
from tickets.reads.search.conditions import (
    CONDITIONS,
    IS_CONDITIONS,
    conditions,
    fields_for,
    parsed_for,
)
from tickets.rules.search.fields import (
    FIELDS,
    FIELDS_FOR_CUSTOMERS,
    IS,
    IS_FOR_CUSTOMERS,
    Ago,
    Number,
    Within,
    is_only_a_number,
    number_of,
)

pytestmark = pytest.mark.django_db

LATER = NINE + days(30)


@pytest.fixture
def engineer():
    return make_engineer(name="Elena Dumitru", timezone="Europe/Berlin")


@pytest.fixture
def northwind(engineer):
    """What each field can be told by: an incident with everything, and one without."""
    organisation = make_organisation(name="Northwind Traders", slug="northwind")
    incident = make_incident(
        organisation=organisation,
        reporter=make_contact(organisation, name="Nora Nilsson"),
        number="AX-2026-001451",
        subject="Relay refuses the certificate",
        licence=make_licence(organisation, key="KEY-777-42"),
        service=make_service("migration", name="Migration"),
        defect=make_defect(number="AX-10412"),
        version="10.6.1",
        channel="email",
        priority=1,
        tier=2,
        owner=engineer,
        state="open",
        received_at=NINE,
    )
    make_target(incident, opened_at=NINE, due_at=LATER + hours(2))
    make_tag(incident, name="webmail")
    other = make_organisation(name="Fabrikam", slug="fabrikam")
    make_incident(
        organisation=other,
        number="AX-2025-000007",
        subject="Quota warning",
        level=None,
        service=make_service("installation", name="Installation"),
        received_at=NINE - days(400),
    )
    return incident


def found(text, person):
    wanted = conditions(parsed_for(text, person), person, LATER)
    seen = Incident.objects.visible_to(person).filter(wanted)
    return {one.number[-4:] for one in seen}


ONLY, OTHER, BOTH = {"1451"}, {"0007"}, {"1451", "0007"}


@pytest.mark.parametrize(
    ("text", "expected"),
    (
        ("customer:northwind", ONLY),
        ('customer:"northwind traders"', ONLY),
        ("-customer:northwind", OTHER),
        ("state:open", ONLY),
        ("state:new,open", BOTH),
        ("state:new state:open", BOTH),
        ("state:closed", set()),
        ("level:premium", ONLY),
        ("level:none", OTHER),
        ("tier:2", ONLY),
        ("tier:ts1", OTHER),
        ("priority:critical", ONLY),
        ("priority:3", OTHER),
        ("owner:me", ONLY),
        ("owner:nobody", OTHER),
        ("owner:elena", ONLY),
        ("-owner:elena", OTHER),
        ("contact:nora", ONLY),
        ("after:2026", ONLY),
        ("before:2026-01", OTHER),
        (f"after:{NINE:%F}", ONLY),
        ("after:29d", set()),
        ("after:31d", ONLY),
        ("after:today", set()),
        ("before:yesterday", BOTH),
        ("service:migration", ONLY),
        ("channel:mail", ONLY),
        ("licence:key-777", ONLY),
        ("version:10.6", ONLY),
        ("defect:ax-10412", ONLY),
        ("tag:#Webmail", ONLY),
        ("-tag:webmail", OTHER),
        ("number:1451", ONLY),
        ("is:covered", ONLY),
        ("-is:covered", OTHER),
        ("is:late", set()),
        ("is:unfinished", BOTH),
        ("is:finished", set()),
        ("is:mine", ONLY),
        ("is:unassigned", OTHER),
        ("due:<3h", ONLY),
        ("due:<1h", set()),
        ("due:>1h", ONLY),
        ("due:today", ONLY),
        ("1451", ONLY),
        ("#1451", ONLY),
        ("AX-2026-001451", ONLY),
        ("ax-2026-1451", ONLY),
        ("AX-2025-001451", set()),
        ("-#1451", OTHER),
        ("relay certificate", ONLY),
        ("relay quota", set()),
        ("-relay", OTHER),
        ("fabrikam", OTHER),
        ("state:nonsense", BOTH),
        ("", BOTH),
        ("\0", BOTH),
        ("%", BOTH),
        ("relay " * LONGEST, ONLY),
    ),
)
def test_each_field_in_each_form(northwind, engineer, text, expected):
    assert found(text, engineer) == expected


def test_every_field_has_a_condition_and_every_condition_a_field():
    assert CONDITIONS.keys() == FIELDS.keys()
    assert FIELDS.keys() >= FIELDS_FOR_CUSTOMERS.keys()
    assert IS_CONDITIONS.keys() == set(IS)
    assert set(IS) >= set(IS_FOR_CUSTOMERS)


def test_a_day_begins_where_the_person_is(northwind, engineer):
    make_incident(number="AX-2026-000099", received_at=NINE.replace(hour=23, minute=30))
    tomorrow = (NINE + days(1)).date()

    assert found(f"after:{tomorrow:%F}", engineer) == {"0099"}
    assert found(f"after:{tomorrow:%F}", make_manager(timezone="UTC")) == set()


@pytest.mark.parametrize("text", ("tier:2", "owner:elena", "customer:northwind", "is:unassigned"))
def test_customers_can_not_ask_for_what_is_the_vendors(northwind, text):
    """It is a word to them, or a problem in words; never an answer about owner or tier."""
    contact = northwind.reporter
    parsed = parsed_for(text, contact)

    assert parsed.chosen == ()
    assert conditions(parsed_for(text, make_manager()), contact, LATER).children == []
    assert found("tier:2", contact) == set()


def test_problems_say_what_is_known(engineer):
    asked = "state:x tier:9 priority:y level:z channel:fax after:soon due:soon number:x is:odd"

    assert parsed_for(asked, engineer).problems == (
        "state: knows new, open, waiting, solved, closed, not “x”.",
        "tier: knows 1, 2 and 3, not “9”.",
        "priority: knows critical, high, normal, low, not “y”.",
        "level: knows golive, gold, premium, first, basic, none, not “z”.",
        "channel: knows portal, mail, phone and callback, not “fax”.",
        "after: knows days such as 2026-08-15, 2026-08, 2026, today, yesterday and 7d for seven"
        " days ago, not “soon”.",
        "due: knows <3h, <3d, >1w and today, not “soon”.",
        "number: knows 1451, #1451 and AX-2026-001451, not “x”.",
        "is: knows late, covered, unfinished, finished, outside, mine, unassigned, unread,"
        " not “odd”.",
    )


@pytest.mark.parametrize(
    "text", ("after:2026-13", "after:2026-02-30", "after:0001", "after:9999", "due:<99999d")
)
def test_days_that_do_not_exist_are_a_problem_and_no_error(engineer, text):
    assert parsed_for(text, engineer).problems
    assert found(text, engineer) == set()


@pytest.mark.parametrize(
    "text", ("after:2999-12-31", "before:1000-01-01", "after:9999w", "due:>9999w")
)
def test_days_at_the_end_of_time_are_no_error(northwind, engineer, text):
    found(text, engineer)


def test_numbers_in_each_form():
    assert number_of("1451") == number_of("#1451") == number_of("001451") == Number(1451)
    assert number_of("ax-2026-1451") == Number(1451, 2026)
    assert [number_of(one) for one in ("0", "x", "1.5", "١٢", "1234567890")] == [None] * 5
    assert not is_only_a_number("421")
    assert is_only_a_number("#421")


def test_what_a_list_shows_costs_no_statement_more_for_a_field(
    northwind, django_assert_num_queries
):
    """The rows of other tables are asked for inside the statement, once; words cost two more."""
    manager = make_manager()
    with django_assert_num_queries(1):
        assert found("customer:northwind owner:elena service:migration", manager) == ONLY
    with django_assert_num_queries(3):
        assert found("customer:northwind owner:elena service:migration relay", manager) == ONLY


def test_fields_are_those_of_the_person(engineer):
    assert fields_for(engineer) is FIELDS
    assert fields_for(make_contact()) is FIELDS_FOR_CUSTOMERS


def test_words_are_those_of_everything_that_is_said(northwind):
    """The queue's field and saved views find what the search finds, and leave out the same."""
    manager = make_manager()
    make_message(northwind, body="the zanzibar gateway")
    make_message(northwind, body="noteword", kind="note")
    work_off(list(SearchOwed.objects.values_list("pk", flat=True)))

    assert found('"zanzibar gateway"', manager) == ONLY
    assert found("certificates gateways", manager) == ONLY
    assert found("zanzibar quota", manager) == set()
    assert found("-zanzibar", manager) == OTHER
    assert found("noteword", manager) == ONLY
    assert found("noteword", northwind.reporter) == set()
    assert found("-noteword", northwind.reporter) == ONLY


@pytest.mark.parametrize(
    ("typed", "found"),
    (
        ("2026", date(2026, 1, 1)),
        ("2026-08", date(2026, 8, 1)),
        ("2026-08-15", date(2026, 8, 15)),
        ("Today", "today"),
        ("yesterday", "yesterday"),
        ("7D", Ago(days(7))),
        ("3w", Ago(days(21))),
        ("90m", Ago(hours(1.5))),
    ),
)
def test_days_are_read_as_people_type_them(typed, found):
    assert FIELDS["after"].read(typed) == found


@pytest.mark.parametrize("typed", ("tomorrow", "2026-13", "2026-02-30", "7y", "15.8.2026", ""))
def test_what_is_no_day_is_told_what_is_one(typed):
    with pytest.raises(NotUnderstood, match="after: knows days"):
        FIELDS["after"].read(typed)


@pytest.mark.parametrize(
    ("typed", "found"),
    (
        ("<3h", Within(hours(3))),
        ("3h", Within(hours(3))),
        (">1w", Within(days(7), less=False)),
        ("today", Within(days(1))),
    ),
)
def test_what_is_due_is_read_as_less_or_more(typed, found):
    assert FIELDS["due"].read(typed) == found


def test_me_and_nobody_are_words_and_names_stay_as_they_were_typed():
    assert [FIELDS["owner"].read(one) for one in ("ME", "Nobody", "Elena")] == [
        "me",
        "nobody",
        "Elena",
    ]


def test_numbers_and_tags_that_are_none_are_refused():
    for name, typed in (("number", "zero"), ("number", "0"), ("tag", "…"), ("due", "soon")):
        with pytest.raises(NotUnderstood, match=f"^{name}: knows"):
            FIELDS[name].read(typed)
