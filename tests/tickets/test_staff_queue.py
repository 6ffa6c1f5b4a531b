"""The engineer's queue: who sees what in it, in which order, at which cost."""

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories import (
    days,
    hours,
    make_contact,
    make_engineer,
    make_handover,
    make_incident,
    make_manager,
    make_organisation,
    make_partner,
    make_partner_engineer,
    make_person,
    make_tam,
    make_target,
)
from tests.tickets.staff_pages import asks
from tickets.enums import State, Tier

pytestmark = pytest.mark.django_db

QUEUE = reverse("admin:queue")


def shown(response):
    return [row.incident.subject for row in response.context["rows"]]


def owed(subject, *, within, **fields):
    """An incident that owes its answer `within` this time from now."""
    now = timezone.now()
    incident = make_incident(subject=subject, received_at=now - days(3), **fields)
    make_target(incident, opened_at=now - days(3), due_at=now + within)
    return incident


def test_queue_is_in_the_order_of_due_moments_and_what_owes_nothing_comes_last(client):
    make_incident(subject="owes nothing", state=State.WAITING)
    owed("later", within=hours(5))
    owed("sooner", within=hours(1))
    owed("overdue", within=-hours(1))
    client.force_login(make_engineer())

    response = client.get(QUEUE)

    assert shown(response) == ["overdue", "sooner", "later", "owes nothing"]
    assert [row.due_state for row in response.context["rows"]] == ["breached", "open", "open", ""]


def test_each_view_shows_what_its_number_says(client):
    engineer = make_engineer()
    owed("mine", within=hours(9), owner=engineer)
    owed("breached", within=-hours(1), owner=make_engineer())
    make_incident(subject="at TS2", tier=Tier.TS2, owner=make_engineer())
    make_incident(subject="waiting", state=State.WAITING, owner=make_engineer())
    make_incident(subject="not covered", level=None, owner=make_engineer())
    make_incident(subject="nobody's", priority=1)
    make_incident(subject="solved", state=State.SOLVED)
    client.force_login(engineer)

    seen = {}
    for tab in client.get(QUEUE).context["tabs"]:
        response = client.get(QUEUE, {"view": tab.key})
        seen[tab.key] = set(shown(response))
        assert tab.count is None or str(tab.count) == str(len(seen[tab.key]))

    unfinished = {"mine", "breached", "at TS2", "waiting", "not covered", "nobody's"}
    assert seen == {
        "open": unfinished,
        "mine": {"mine"},
        "level": unfinished - {"at TS2"},
        "unassigned": {"nobody's"},
        "breached": {"breached"},
        "waiting": {"waiting"},
        "not_covered": {"not covered"},
        "finished": {"solved"},
    }


@pytest.mark.parametrize(
    ("asked", "expected"),
    (
        ({"q": "imap"}, ["IMAP hangs"]),
        ({"q": "tailspin"}, ["SMTP hangs"]),
        ({"organisation": "northwind"}, ["IMAP hangs"]),
        ({"priority": "1"}, ["SMTP hangs"]),
        ({"q": "hangs", "priority": "3"}, ["IMAP hangs"]),
        ({"q": "no such words"}, []),
        ({"q": "a\0b", "priority": "x", "organisation": "?"}, ["IMAP hangs", "SMTP hangs"]),
        ({"page": "9999999999999999999999"}, ["IMAP hangs", "SMTP hangs"]),
    ),
)
def test_queue_is_narrowed_and_nonsense_narrows_nothing(client, asked, expected):
    northwind = make_organisation(name="Northwind", slug="northwind")
    owed("IMAP hangs", within=hours(1), organisation=northwind)
    tailspin = make_organisation(name="Tailspin", slug="tailspin")
    owed("SMTP hangs", within=hours(2), organisation=tailspin, priority=1)
    client.force_login(make_engineer())

    assert shown(client.get(QUEUE, asked)) == expected


def test_second_page_goes_on_where_the_first_ends(client):
    organisation = make_organisation()
    reporter = make_contact(organisation)
    for n in range(51):
        make_incident(organisation=organisation, reporter=reporter, subject=f"number {n}")
    client.force_login(make_manager())

    first, second = client.get(QUEUE), client.get(QUEUE, {"page": 2})

    assert (len(shown(first)), shown(second)) == (50, ["number 50"])
    assert "51 to 51" in second.content.decode()


def test_each_role_sees_its_own_queue(client):
    partner = make_partner()
    theirs = make_organisation(partner=partner)
    ours = make_organisation()
    make_incident(subject="partner's", organisation=theirs)
    make_incident(subject="ours", organisation=ours)
    escalated = make_incident(subject="escalated", organisation=ours, tier=Tier.TS2)
    make_handover(escalated)
    roles = {
        "serves all": make_engineer(),
        "serves one": make_engineer(theirs),
        "partner": make_partner_engineer(partner),
        "stranger": make_partner_engineer(),
        "ts2": make_engineer(role="ts2"),
        "ts3": make_engineer(role="ts3"),
        "tam": make_tam(ours),
        "manager": make_manager(),
    }

    seen = {}
    for name, person in roles.items():
        client.force_login(person)
        seen[name] = set(shown(client.get(QUEUE)))

    everything = {"partner's", "ours", "escalated"}
    assert seen == {
        "serves all": everything,
        "serves one": {"partner's"},
        "partner": {"partner's"},
        "stranger": set(),
        "ts2": {"escalated"},
        "ts3": set(),
        "tam": {"ours", "escalated"},
        "manager": everything,
    }


@pytest.mark.parametrize("page", ("admin:queue", "admin:organisations", "admin:journal"))
def test_customer_finds_nothing_below_admin(client, page):
    client.force_login(make_contact())

    assert client.get(reverse(page)).status_code == 404


def test_stranger_is_led_to_the_sign_in(client):
    response = client.get(QUEUE, follow=True)

    assert response.redirect_chain[-1][0].startswith("/accounts/login/")


def test_refresh_of_a_signed_out_browser_reloads_the_page_instead_of_showing_a_form_in_it(client):
    response = client.get(QUEUE, headers={"HX-Request": "true"})

    assert (response.status_code, response.headers["HX-Refresh"]) == (204, "true")


def test_refresh_gets_the_table_alone(client):
    owed("IMAP hangs", within=hours(1))
    client.force_login(make_engineer())

    body = client.get(QUEUE, headers={"HX-Request": "true"}).content.decode()

    assert "IMAP hangs" in body
    assert "<html" not in body


def test_index_of_the_admin_leads_engineers_to_their_queue(client):
    client.force_login(make_engineer())

    assert client.get("/admin/").headers["Location"] == QUEUE


@pytest.mark.parametrize("rows", (1, 3))
@pytest.mark.parametrize("role", ("manager", "ts2"))
def test_queue_costs_the_same_for_any_number_of_rows(client, rows, role):
    for n in range(rows):
        owed(f"number {n}", within=hours(n + 1), owner=make_engineer(), tier=Tier.TS2)
    client.force_login(make_person(role))

    # Session, person, rows, their level's clocks, what is owed on them, numbers of the views, the
    # rail's; their own duty.
    with asks(8 if role == "ts2" else 7):
        response = client.get(QUEUE)

    assert len(shown(response)) == rows


NAMES = reverse("admin:organisation_names")


@pytest.mark.parametrize(
    ("typed", "expected"),
    (
        ("north", ["IMAP hangs"]),
        ("Northwind", ["IMAP hangs"]),
        ("northwind-2", ["SMTP hangs"]),
        ("wind", ["IMAP hangs", "SMTP hangs"]),  # which of the two?
        ("nobody", ["IMAP hangs", "SMTP hangs"]),
    ),
)
def test_organisation_is_typed_and_what_is_not_clear_is_said(client, typed, expected):
    northwind = make_organisation(name="Northwind", slug="northwind")
    owed("IMAP hangs", within=hours(1), organisation=northwind)
    southwind = make_organisation(name="Southwind", slug="northwind-2")
    owed("SMTP hangs", within=hours(2), organisation=southwind)
    client.force_login(make_engineer())

    response = client.get(QUEUE, {"organisation": typed})

    assert shown(response) == expected
    is_clear = len(expected) == 1
    assert (b"Choose one of the names" in response.content) != is_clear


def test_names_that_fit_are_offered_only_of_whom_one_serves(client):
    for name in ("Northwind", "Tailwind", "Fabrikam <b>"):
        make_organisation(name=name)
    partner = make_partner()
    make_organisation(name="Windward", partner=partner)
    client.force_login(make_engineer())
    assert client.get(NAMES, {"organisation": "wind"}).content.decode().count("<option") == 3
    assert b"Fabrikam &lt;b&gt;" in client.get(NAMES, {"organisation": "fabrikam"}).content

    client.force_login(make_partner_engineer(partner))
    offered = client.get(NAMES, {"organisation": "wind"}).content.decode()
    assert offered == '<option value="Windward"></option>'
