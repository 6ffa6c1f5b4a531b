"""Saved views: whose they are, what they show to whom, what one can not keep, what they cost."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.enums import Role
from axsupport.demo.saved_views import keep_views
from core.errors import NotAllowed
from core.models import JournalEntry
from tests.factories import (
    NINE,
    make_contact,
    make_engineer,
    make_incident,
    make_manager,
    make_organisation,
    make_partner,
    make_partner_engineer,
    make_saved_view,
)
from tests.tickets.staff_pages import asks
from tickets.actions.saved_views import MOST, View, delete_view, keep_view, move_view, open_with
from tickets.desk.listing import KEPT_COUNTED
from tickets.enums import ListOrder, MeantFor, State
from tickets.errors import EmptyText, TooManyViews, ViewNameTaken, ViewNotUnderstood
from tickets.models import SavedView
from tickets.reads.columns import COLUMNS

pytestmark = pytest.mark.django_db

QUEUE = reverse("admin:queue")
VIEWS = reverse("admin:saved_views")


def kept(by, name="Urgent", **fields):
    return keep_view(View(name, **{"words": "priority:critical"} | fields), by=by, at=NINE)


def shown(response):
    return [row.subject for row in response.context["rows"]]


def entries(kind):
    return JournalEntry.objects.filter(kind=kind)


def numbers(response):
    return {tab.label: str(tab.count) for tab in response.context["tabs"] if tab.kept}


# What they show


def test_a_view_shows_what_its_words_find_with_its_columns_in_its_order(client):
    engineer = make_engineer()
    for subject, priority in (("old", 1), ("new", 1), ("calm", 3)):
        make_incident(subject=subject, priority=priority)
    make_incident(subject="done", priority=1, state=State.SOLVED)
    view = kept(engineer, columns=["service", "customer"], order=ListOrder.NEWEST)
    client.force_login(engineer)

    response = client.get(QUEUE, {"view": view.key})

    assert shown(response) == ["new", "old"]
    assert response.context["columns"] == ("due", "number", "what", "customer", "service")
    assert numbers(response) == {"Urgent": "2"}
    assert shown(client.get(QUEUE, {"view": view.key, "q": "old"})) == ["old"]
    # What the address says of columns and order goes before what the view says.
    asked = {"view": view.key, "order": "oldest", "columns": "version,nonsense"}
    response = client.get(QUEUE, asked)
    assert shown(response) == ["old", "new"]
    assert response.context["columns"] == ("due", "number", "what", "version")


def test_words_about_states_show_those_and_free_words_find_as_typed_ones(client):
    engineer = make_engineer()
    make_incident(subject="IMAP hangs", state=State.CLOSED)
    make_incident(subject="SMTP hangs")
    kept(engineer, "Closed", words="state:closed")
    kept(engineer, "Hanging", words="hangs -imap")
    client.force_login(engineer)

    assert numbers(client.get(QUEUE)) == {"Closed": "1", "Hanging": "1"}


@pytest.mark.parametrize("order", ListOrder.values)
def test_every_order_and_every_column_can_be_asked_for(client, order):
    make_incident(subject="one")
    client.force_login(make_engineer())

    assert shown(client.get(QUEUE, {"order": order, "columns": ",".join(COLUMNS)})) == ["one"]


def test_it_narrows_what_its_reader_sees_and_me_is_who_reads(client):
    ours, theirs = make_organisation(), make_organisation()
    one, other = make_engineer(ours), make_engineer(theirs)
    make_incident(subject="ours", organisation=ours, owner=one)
    make_incident(subject="theirs", organisation=theirs, owner=other)
    view = make_saved_view(meant_for=MeantFor.ALL, owner=None, words="owner:me")

    for engineer, subject in ((one, "ours"), (other, "theirs")):
        client.force_login(engineer)
        response = client.get(QUEUE, {"view": view.key})
        assert (shown(response), numbers(response)) == ([subject], {"Urgent": "1"})


def test_its_link_carries_its_words_to_who_has_no_such_view(client):
    owner, other = make_engineer(), make_engineer()
    make_incident(subject="urgent", priority=1)
    make_incident(subject="done", priority=1, state=State.SOLVED)
    view = kept(owner)
    client.force_login(owner)
    (row,) = client.get(VIEWS).context["rows"]

    client.force_login(other)
    assert shown(client.get(row["link"])) == ["urgent"]
    refused = client.get(QUEUE, {"view": view.key})
    assert "Ask whoever sent it for a link" in refused.content.decode()
    assert "Urgent" not in refused.content.decode()


def test_the_queue_opens_with_the_one_that_was_chosen_and_digits_name_them_by_place(client):
    engineer = make_engineer()
    make_incident(subject="urgent", priority=1)
    make_incident(subject="calm")
    view = kept(engineer)
    client.force_login(engineer)

    assert client.post(VIEWS, {"first": view.key}).status_code == 302
    assert shown(client.get(QUEUE)) == ["urgent"]
    assert shown(client.get(QUEUE, {"view": "1"})) == ["urgent"]
    assert shown(client.get(QUEUE, {"view": "open"})) == ["urgent", "calm"]
    assert client.get(QUEUE, {"view": "9"}).status_code == 200
    delete_view(view, by=engineer, at=NINE)
    assert shown(client.get(QUEUE)) == ["urgent", "calm"]  # as the desk does
    assert client.post(VIEWS, {"first": "s999"}).status_code == 404
    open_with("mine", by=engineer)
    assert client.get(QUEUE).context["chosen"].key == "mine"


# Whose they are


def test_ones_own_is_nobody_elses_a_teams_is_the_teams_and_partners_have_their_own_alone(client):
    lead, mate = make_engineer(is_lead=True), make_engineer()
    upper, partner = make_engineer(role=Role.TS2), make_partner_engineer(make_partner())
    kept(make_manager(), "Everybody's", meant_for=MeantFor.ALL)
    kept(lead, "Ours", meant_for=MeantFor.TEAM, tier=1)
    kept(lead, "Mine")
    kept(partner, "The partner's")

    def names(person):
        return [one.name for one in SavedView.objects.usable_by(person)]

    assert names(lead) == ["Mine", "Ours", "Everybody's"]
    assert names(mate) == ["Ours", "Everybody's"]
    assert names(upper) == ["Everybody's"]
    assert names(partner) == ["The partner's"]


def test_who_may_not_change_one_gets_no_hold_of_it(client):
    engineer, other = make_engineer(), make_engineer()
    mine, ours = kept(other), make_saved_view(meant_for=MeantFor.ALL, owner=None)
    for meant_for in (MeantFor.TEAM, MeantFor.ALL):
        with pytest.raises(NotAllowed):
            kept(engineer, meant_for=meant_for, tier=1)
    for view in (mine, ours):
        with pytest.raises(NotAllowed):
            keep_view(View("Taken"), by=engineer, at=NINE, old=view)
        with pytest.raises(NotAllowed):
            delete_view(view, by=engineer, at=NINE)
        with pytest.raises(NotAllowed):
            move_view(view, up=True, by=engineer)
    client.force_login(engineer)
    assert client.get(reverse("admin:saved_view", args=[mine.pk])).status_code == 404
    page = client.get(reverse("admin:saved_view", args=[ours.pk])).content.decode()
    assert "Leads and managers change" in page


# Keeping them


def test_what_the_list_shows_is_kept_changed_renamed_and_deleted_on_its_pages(client):
    engineer = make_engineer()
    make_incident(subject="urgent", priority=1, owner=engineer)
    client.force_login(engineer)
    listed = client.get(QUEUE, {"view": "mine", "q": "priority:critical", "order": "newest"})
    new = f"{reverse('admin:saved_view_new')}?{listed.context['save_query']}"
    form = client.get(new).context["form"]
    assert form.initial["words"] == "is:mine priority:critical"
    said = {"name": "Mine, urgent", "meant_for": "me", **form.initial, "tier": ""}

    done = client.post(new, said)
    assert done.status_code == 302, done.context["form"].errors

    view = SavedView.objects.get()
    assert done.url == f"{QUEUE}?view={view.key}"
    assert (view.words, view.order) == ("is:mine priority:critical", "newest")
    assert shown(client.get(done.url)) == ["urgent"]
    page = reverse("admin:saved_view", args=[view.pk])
    client.post(page, said | {"name": "Urgent of mine", "columns": ["state"]})
    view.refresh_from_db()
    assert (view.name, view.columns) == ("Urgent of mine", ["state"])
    client.post(page, {"delete": "yes"})
    assert not SavedView.objects.exists()
    assert entries("view.kept").count() == 2
    assert entries("view.deleted").get().facts["name"] == "Urgent of mine"


@pytest.mark.parametrize(
    ("words", "sentence"),
    (
        ("priority:pressing", "priority: knows critical, high, normal, low, not “pressing”."),
        ("costumer:northwind", "costumer:” is no field"),
        ("owner:", "owner: waits for a value"),
        ("word " * 400, "Only the first 30 words were looked at."),
        ("word " * 10_000, "at most 2000 characters"),
    ),
)
def test_words_that_mean_nothing_are_said_and_nothing_is_kept(client, words, sentence):
    engineer = make_engineer()
    client.force_login(engineer)
    said = {"name": "Odd", "words": words, "order": "due", "meant_for": "me"}

    response = client.post(reverse("admin:saved_view_new"), said)

    assert response.status_code == 400
    assert sentence in response.content.decode()
    assert not SavedView.objects.exists()
    with pytest.raises(ViewNotUnderstood):
        kept(engineer, words=words)


def test_a_name_is_there_once_for_the_same_people(client):
    engineer = make_engineer()
    kept(engineer)
    kept(make_engineer())
    kept(make_manager(), meant_for=MeantFor.ALL)
    with pytest.raises(ViewNameTaken):
        kept(engineer, "urgent ")
    with pytest.raises(EmptyText):
        kept(engineer, " \n")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_saved_view(owner=engineer, name="URGENT")
    client.force_login(engineer)
    said = {"name": "Urgent", "words": "x", "order": "due", "meant_for": "me"}
    page = client.post(reverse("admin:saved_view_new"), said)
    assert (page.status_code, "is there already" in page.content.decode()) == (409, True)


def test_there_are_only_so_many_and_each_moves_among_its_own(client):
    engineer = make_engineer()
    views = [kept(engineer, f"View {n}") for n in range(MOST)]
    with pytest.raises(TooManyViews):
        kept(engineer, "One more")
    client.force_login(engineer)

    client.post(reverse("admin:saved_view", args=[views[1].pk]), {"move": "up"})
    move_view(views[1], up=True, by=engineer)  # first already
    move_view(views[-1], up=False, by=engineer)

    order = [one.name for one in SavedView.objects.usable_by(engineer)]
    assert order == ["View 1", "View 0", *(f"View {n}" for n in range(2, MOST))]


def test_those_of_the_demo_are_understood(client):
    make_manager()
    engineer = make_engineer()
    keep_views(NINE)
    client.force_login(engineer)

    assert set(numbers(client.get(QUEUE))) == {"Northwind", "Migrations", "Urgent"}


# What they cost


@pytest.mark.parametrize("views", (1, 3))
def test_all_are_counted_in_one_statement_however_many(client, views):
    engineer = make_engineer()
    reporter = make_contact()
    for n in range(views):
        kept(engineer, f"View {n}", words=f"priority:critical imap{n} -smtp")
        make_incident(organisation=reporter.organisation, reporter=reporter)
    client.force_login(engineer)
    client.get(QUEUE)  # what its words ask of the index is read once a process

    # Session, person, views, rows, all numbers in one statement, duty, the rail's.
    with asks(7):
        client.get(QUEUE)


@pytest.mark.parametrize("views", (1, 3))
def test_the_page_of_views_costs_the_same_for_any_number(client, views):
    engineer = make_engineer()
    for n in range(views):
        kept(engineer, f"View {n}")
    client.force_login(engineer)

    with asks(4):
        client.get(VIEWS)


def test_of_very_many_the_first_and_the_chosen_one_are_counted(client):
    manager = make_manager()
    for n in range(KEPT_COUNTED + 3):
        make_saved_view(owner=manager, name=f"View {n:02}", words="imap", place=n)
    client.force_login(manager)
    last = SavedView.objects.order_by("place").last()

    def counted_in(response):
        return {tab.key for tab in response.context["tabs"] if tab.kept and tab.count is not None}

    first = counted_in(client.get(QUEUE))
    chosen = counted_in(client.get(QUEUE, {"view": last.key}))

    assert len(first) == KEPT_COUNTED
    assert chosen == {*first, last.key}
