"""Tags of an incident, and what is found by them."""

import pytest
from django.urls import reverse

from core.errors import NotAllowed
from core.journal import entries_of
from tests.factories import NINE, make_contact, make_engineer, make_incident, make_organisation
from tests.tickets.staff_pages import action_of, form, page_of
from tickets.actions.tags import add_tag, remove_tag, set_tags
from tickets.errors import TagUnusable, TooManyTags
from tickets.rules.tags import MOST, tag_of, tags_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("typed", "expected"),
    (
        ("#Web Mail ", "web-mail"),
        ("10.6.1", "10.6.1"),
        ("ÉMOJI", "émoji"),
        ("ﬁle", "file"),
        ("خادم", "خادم"),
        ("-", ""),
        ("🎉", ""),
        ("<b>x</b>", "b-x-b"),
        ("x" * 99, "x" * 30),
    ),
)
def test_a_tag_is_one_word_however_it_was_typed(typed, expected):
    assert tag_of(typed) == expected


def test_a_line_of_tags_has_each_once():
    assert tags_of("webmail, #Webmail 10.6.1 ,, -") == ["webmail", "10.6.1"]


def test_tags_come_and_go_with_a_line_in_the_journal_each():
    incident, engineer = make_incident(), make_engineer()

    assert add_tag(incident, name="#Webmail", by=engineer, at=NINE)
    assert not add_tag(incident, name="webmail", by=engineer, at=NINE)
    assert set_tags(incident, names=["cluster", "10.6"], by=engineer, at=NINE)
    assert not remove_tag(incident, name="webmail", by=engineer, at=NINE)

    assert sorted(incident.tags.values_list("name", flat=True)) == ["10.6", "cluster"]
    assert [(one.kind, one.facts["tag"]) for one in entries_of(incident)] == [
        ("incident.tagged", "webmail"),
        ("incident.untagged", "webmail"),
        ("incident.tagged", "cluster"),
        ("incident.tagged", "10.6"),
    ]


def test_what_says_nothing_is_too_much_or_is_not_theirs_is_refused():
    incident, engineer = make_incident(), make_engineer()
    with pytest.raises(TagUnusable):
        add_tag(incident, name="!!", by=engineer, at=NINE)
    for stranger in (make_contact(incident.organisation), make_engineer(make_organisation())):
        with pytest.raises(NotAllowed):
            add_tag(incident, name="webmail", by=stranger, at=NINE)
    with pytest.raises(TooManyTags):
        set_tags(incident, names=[f"tag{n}" for n in range(MOST + 1)], by=engineer, at=NINE)
    assert not incident.tags.exists()


def test_the_page_changes_them_and_the_queue_finds_and_shows_them(client):
    tagged, other = make_incident(subject="Tagged"), make_incident(subject="Other")
    client.force_login(make_engineer())

    answer = client.post(action_of(tagged, "tags"), form(tags="webmail #10.6"))
    assert answer.status_code == 302
    assert "webmail 10.6" in client.get(page_of(tagged)).content.decode()

    queue = client.get(reverse("admin:queue"), {"q": "tag:webmail"})
    assert [row.subject for row in queue.context["rows"]] == ["Tagged"]
    assert "webmail" in queue.content.decode()
    without = client.get(reverse("admin:queue"), {"q": "-tag:webmail"})
    assert [row.subject for row in without.context["rows"]] == [other.subject]


def test_customers_read_no_tag(client):
    incident = make_incident()
    add_tag(incident, name="zqx", by=make_engineer(), at=NINE)
    client.force_login(incident.reporter)

    for page in ("/incidents/", f"/incidents/{incident.number}/", "/api/v1/incidents/"):
        assert b"zqx" not in client.get(page).content
    assert b"zqx" not in client.get(f"/api/v1/incidents/{incident.number}/").content
