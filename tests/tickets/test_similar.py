"""What is like an incident is suggested while it is read: others, and known defects."""

import pytest
from django.urls import reverse

from tests.factories import (
    NINE,
    make_defect,
    make_engineer,
    make_incident,
    make_organisation,
    make_partner_engineer,
    make_solution,
)
from tests.tickets.desk import covered, filed
from tests.tickets.search.finding import indexed
from tests.tickets.staff_pages import action_of, asks, form
from tickets.models import Incident
from tickets.reads.similar import RANKED, SHOWN, similar_to, words_of

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def engineer():
    return make_engineer()


@pytest.fixture
def three():
    """The one, another of the customer, and one of somebody else."""
    licence = covered()
    found = (
        filed(licence, subject="Push mail waits after failover"),
        filed(licence, subject="Phones: push mail is late"),
        filed(subject="Push mail waits after failover of the node"),
    )
    indexed()
    return found


def tab_of(incident):
    return reverse("admin:incident_similar", args=[incident.number])


def numbers(incident, person):
    return [one.incident.number for one in similar_to(incident, person, NINE).incidents]


def test_two_of_the_same_words_of_the_same_customer_first(engineer, three):
    first, second, theirs = three
    filed(subject="Licence key"), filed(subject="The mail is gone")
    indexed()

    assert numbers(first, engineer) == [second.number, theirs.number]


def test_nobody_learns_of_what_they_may_not_read(three):
    first, second, _ = three

    assert numbers(first, make_engineer(first.organisation)) == [second.number]
    assert numbers(first, make_engineer(make_organisation())) == []
    assert similar_to(first, make_partner_engineer(), NINE).incidents == []


def test_what_was_merged_away_and_the_incident_itself_are_not_among_them(engineer, three):
    first, second, theirs = three
    Incident.objects.filter(pk=second.pk).update(
        merged_into=first, state="closed", solved_at=NINE, closed_at=NINE
    )

    assert numbers(first, engineer) == [theirs.number]


def test_known_defects_by_their_words(engineer, three):
    defect = make_defect(number="AX-7", title="Push waits for a poll after a failover")
    make_defect(number="AX-8", title="Push alone")
    indexed()

    found = similar_to(three[0], engineer, NINE)

    assert [one.defect for one in found.defects] == [defect]
    assert [one.press for one in found.defects] == [1]
    assert [one.press for one in found.incidents] == [2, 3]
    assert similar_to(three[0], make_partner_engineer(), NINE).defects == []


def test_it_is_linked_and_merged_from_there(client, engineer, three):
    client.force_login(engineer)
    first, second, theirs = three
    make_defect(number="AX-7", title="Push waits for a poll after a failover")
    make_solution(second, text="The pool was enlarged.")
    indexed()

    shown = client.get(tab_of(first), headers=HTMX).content.decode()
    client.post(action_of(first, "defect"), form(number="AX-7"))
    client.post(action_of(first, "merge"), form(into=second.number))

    assert "AX-7" in shown
    assert "The pool was enlarged." in shown
    assert f'name="into" value="{second.number}"' in shown
    assert f'name="into" value="{theirs.number}"' not in shown  # another customer's is not merged
    first.refresh_from_db()
    assert (first.merged_into, first.defect.number) == (second, "AX-7")


@pytest.mark.parametrize("count", (1, 3))
def test_it_costs_the_same_for_one_as_for_many(client, engineer, count):
    first = make_incident(subject="Push mail waits after failover")
    for n in range(count):
        make_incident(subject=f"Push mail waits {n}")
        make_defect(title=f"Push mail waits {n}")
    indexed()
    client.force_login(engineer)

    with asks(11):
        client.get(tab_of(first), headers=HTMX)


def test_the_page_itself_asks_for_none_of_it(client, engineer, three):
    client.force_login(engineer)

    page = client.get(reverse("admin:incident", args=[three[0].number])).content.decode()

    assert tab_of(three[0]) in page
    assert three[1].number not in page


def test_only_so_many_are_ranked_and_shown(engineer):
    organisation = make_organisation()
    own = make_incident(subject="Push mail waits", organisation=organisation)
    older = make_incident(subject="Push mail is late", organisation=organisation)
    for _ in range(RANKED + 3):
        make_incident(subject="Push mail waits")
    indexed()

    found = numbers(own, engineer)

    assert len(found) == SHOWN
    assert found[0] == older.number  # this customer's is not lost among the others'


@pytest.mark.parametrize(
    "subject", ("a b c", "\u05d0\u05d1", "!" * 190, "wort " * 38, "12345 67890", "' & | :* \\ <->")
)
def test_odd_subjects_find_nothing_and_break_nothing(engineer, subject):
    incident = make_incident(subject=subject)
    indexed()

    assert numbers(incident, engineer) == []


def test_the_longest_words_tell_most_and_numbers_nothing():
    assert words_of("RE: the IMAP sessions of 300 accounts hang, the sessions") == [
        *("sessions", "accounts", "imap", "hang", "the"),
    ]
