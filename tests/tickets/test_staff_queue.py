"""The engineer's queue: who sees what in it, in which order, at which cost."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from tests.factories import (
    days,
    hours,
    make_contact,
    make_engineer,
    make_handover,
    make_incident,
    make_internal_target,
    make_manager,
    make_message,
    make_organisation,
    make_partner,
    make_partner_engineer,
    make_person,
    make_tam,
    make_target,
)
from tests.tickets.staff_pages import asks, page_of
from tickets.actions.seen import mark_seen
from tickets.enums import MessageKind, State, Tier
from tickets.forms.staff import OrganisationField
from tickets.models import Incident, Seen
from tickets.reads.queue import last_words

pytestmark = pytest.mark.django_db

QUEUE = reverse("admin:queue")


def shown(response):
    context = response.context
    uncovered = [row.incident.subject for row in context.get("uncovered", ())]
    return uncovered + [row.subject for row in context.get("rows", ())]


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
    soon = owed("soon", within=hours(0.9), owner=make_engineer())
    make_message(soon, sent_at=timezone.now())
    make_incident(subject="solved", state=State.SOLVED)
    client.force_login(engineer)

    seen = {}
    for tab in client.get(QUEUE).context["tabs"]:
        response = client.get(QUEUE, {"view": tab.key})
        seen[tab.key] = set(shown(response))
        assert tab.count is None or str(tab.count) == str(len(seen[tab.key]))

    unfinished = {"mine", "breached", "at TS2", "waiting", "not covered", "nobody's", "soon"}
    assert seen == {
        "open": unfinished,
        "mine": {"mine"},
        "hour": {"soon"},
        "wrote": {"soon"},
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
        ({"q": "customer:northwind"}, ["IMAP hangs"]),
        ({"q": "priority:critical"}, ["SMTP hangs"]),
        ({"q": "hangs priority:3"}, ["IMAP hangs"]),
        ({"q": "hangs -priority:3"}, ["SMTP hangs"]),
        ({"q": "state:solved"}, ["POP hung"]),
        ({"q": "state:solved", "view": "open"}, []),
        ({"q": "no such words"}, []),
        ({"q": "\0 priority:x", "view": "?"}, ["IMAP hangs", "SMTP hangs"]),
        ({"page": "9999999999999999999999"}, ["IMAP hangs", "SMTP hangs"]),
    ),
)
def test_queue_is_narrowed_and_nonsense_narrows_nothing(client, asked, expected):
    northwind = make_organisation(name="Northwind", slug="northwind")
    owed("IMAP hangs", within=hours(1), organisation=northwind)
    tailspin = make_organisation(name="Tailspin", slug="tailspin")
    owed("SMTP hangs", within=hours(2), organisation=tailspin, priority=1)
    make_incident(subject="POP hung", organisation=tailspin, state=State.SOLVED)
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
        incident = owed(f"number {n}", within=hours(n + 1), owner=make_engineer(), tier=Tier.TS2)
        make_message(incident, sent_at=timezone.now())
    client.force_login(make_person(role))
    client.get(QUEUE)  # calendars are read once a process

    # Session, person, rows, their last words, their level's clocks, what is owed on them (for TS2
    # it is their own duty), views that were kept, numbers of all views, the rail's.
    with asks(9):
        response = client.get(QUEUE)

    assert len(shown(response)) == rows


NAMES = reverse("admin:organisation_names")


@pytest.mark.parametrize(
    ("typed", "expected"),
    (
        ("north", "northwind"),
        ("Northwind", "northwind"),
        ("northwind-2", "northwind-2"),
        ("wind", None),  # which of the two?
        ("nobody", None),
    ),
)
def test_organisation_is_typed_and_what_is_not_clear_is_said(typed, expected):
    make_organisation(name="Northwind", slug="northwind")
    make_organisation(name="Southwind", slug="northwind-2")
    field = OrganisationField()
    field.reader = make_engineer()

    if expected is not None:
        assert field.clean(typed).slug == expected
    else:
        with pytest.raises(ValidationError, match="Choose one of the names"):
            field.clean(typed)


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


# What a row says


def row_of(client, person, **asked):
    client.force_login(person)
    (row,) = client.get(QUEUE, asked).context["rows"]
    return row


def test_row_has_the_last_word_and_who_said_it(client):
    incident = owed("IMAP hangs", within=hours(1))
    make_message(incident, body="Hello,\n\n**It** stopped\nat  noon.", sent_at=timezone.now())

    word = row_of(client, make_engineer()).word

    assert (word.by, word.text) == (incident.reporter.name, "It** stopped at noon.")
    assert not word.is_note


def test_a_note_is_marked_and_shown_to_staff_alone(client):
    incident = owed("IMAP hangs", within=hours(1))
    make_message(incident, sent_at=timezone.now())
    secret = "Zqx is their fault"
    kind = MessageKind.NOTE
    make_message(incident, kind=kind, author=make_engineer(), body=secret, sent_at=timezone.now())

    assert row_of(client, make_engineer()).word.is_note
    last = Incident.objects.get(pk=incident.pk).last_message_id
    assert last_words([last], incident.reporter) == {}
    client.force_login(incident.reporter)
    for page in ("/", "/incidents/", f"/incidents/{incident.number}/", "/api/v1/incidents/"):
        assert secret.encode() not in client.get(page).content


def test_unread_is_what_the_customer_wrote_and_on_ones_own_what_anybody_did(client):
    me, other = make_engineer(), make_engineer()
    incident = owed("IMAP hangs", within=hours(1), owner=me)
    make_message(incident, sent_at=timezone.now())
    read = Incident.objects.get(pk=incident.pk)
    assert row_of(client, me).unread
    assert row_of(client, other).unread

    for person in (me, other):
        mark_seen(read, by=person, upto=read.last_message_id or 0, at=timezone.now())
        assert not row_of(client, person).unread
    assert not client.get(QUEUE, {"view": "wrote"}).context["rows"]

    make_message(incident, kind=MessageKind.NOTE, author=make_engineer(), sent_at=timezone.now())
    assert row_of(client, me).unread
    assert not row_of(client, other).unread
    assert Seen.objects.count() == 2


def test_ts2_goes_by_its_own_clock_and_ts1_is_told_when_that_is_late(client):
    now = timezone.now()
    promised = owed("promised", within=hours(1), tier=Tier.TS2)
    first, late = (make_incident(subject=one, tier=Tier.TS2) for one in ("first", "late"))
    for incident, due in ((promised, hours(9)), (first, hours(2)), (late, -hours(1))):
        make_internal_target(
            incident,
            opened_at=now - days(1),
            warn_at=now + due - hours(0.1),
            due_at=now + due,
        )
    client.force_login(make_engineer(role="ts2"))

    seen = client.get(QUEUE)
    assert shown(seen) == ["late", "first", "promised"]
    assert [row.clock.own for row in seen.context["rows"]] == [True] * 3
    assert shown(client.get(QUEUE, {"view": "breached"})) == ["late"]

    client.force_login(make_engineer())
    seen = client.get(QUEUE)
    assert shown(seen) == ["promised", "first", "late"]
    assert [row.behind for row in seen.context["rows"]] == ["", "", "TS2"]
    assert b"TS2 is late" in seen.content


def test_what_is_paused_waits_behind_what_runs(client):
    now = timezone.now()
    for subject, paused_at in (("paused", now), ("runs", None)):
        incident = make_incident(subject=subject, tier=Tier.TS2)
        make_internal_target(
            incident,
            opened_at=now - days(1),
            warn_at=now + hours(1),
            due_at=now + hours(1 if paused_at else 9),
            paused_at=paused_at,
        )
    client.force_login(make_engineer(role="ts2"))

    assert shown(client.get(QUEUE)) == ["runs", "paused"]


def test_first_line_says_what_is_late_and_what_is_owed_next(client):
    owed("late", within=-hours(1))
    soon = owed("soon", within=hours(0.5))
    owed("later", within=hours(7))
    client.force_login(make_engineer())

    page = " ".join(client.get(QUEUE).content.decode().split())

    assert "1 late." in page
    assert f'1 owed in the next hour, the first in <a href="{page_of(soon)}">' in page


def test_fifty_long_unread_rows_weigh_forty_kilobytes_in_their_page(client):
    organisation = make_organisation(name="Hotelgruppe Schönblick GmbH & Co. KG")
    reporter = make_contact(organisation, name="Maximiliana von Hohenlohe")
    for n in range(50):
        incident = owed(
            f"Licence shows {n} users too few after the upgrade",
            within=hours(n + 1),
            organisation=organisation,
            reporter=reporter,
            owner=make_engineer(),
        )
        make_message(incident, body="The add-on was missing. " * 9, sent_at=timezone.now())
    client.force_login(make_engineer())

    page = client.get(QUEUE).content

    assert page.count(b"<tr id=") == 50
    rows = page[page.index(b"<tbody") : page.index(b"</tbody>")]
    assert len(rows) < 26_000
    assert len(page) < 40_000  # the frame of every staff page is 13 kB of it
