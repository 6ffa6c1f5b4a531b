"""What stands beside a report that is written, and how incidents and articles meet."""

from __future__ import annotations

import pytest
from django.test import Client

from core.errors import NotAllowed
from core.models import SearchOwed
from core.search.indexing import work_off
from resources.models import Article, ArticleUse, Deflection
from tests import factories as make
from tickets.actions.articles import article_of
from tickets.actions.conversation import answer
from tickets.errors import NoShelf, NoSolution
from tickets.models import Incident
from tickets.reads.answers_beside import answers_beside
from tickets.rules.anonymous import telling_words, without_customer

pytestmark = pytest.mark.django_db
AT = make.NINE


def solved(organisation, subject="Push mail is late after a failover", **fields):
    incident = make.make_incident(
        organisation=organisation, subject=subject, state="solved", **fields
    )
    make.make_message(incident, body="Push mail comes late on telephones.")
    make.make_solution(incident, text="Restart the push service.")
    return incident


def indexed():
    work_off(list(SearchOwed.objects.values_list("pk", flat=True)))


def test_articles_defects_and_own_solved_incidents_appear_and_nobody_else_s():
    ours, theirs = make.make_organisation(), make.make_organisation()
    contact = make.make_contact(ours)
    mine = solved(ours)
    solved(theirs, subject="Push mail late after failover of the stranger")
    make.make_incident(organisation=ours, subject="Push mail late failover, open")
    article = make.make_article(title="Push mail after a failover")
    make.make_article(title="Push mail failover for staff", audience="staff")
    met = make.make_defect(number="AX-1", title="Push waits after a failover")
    make.make_defect(number="AX-2", title="Calendar loses its zone")
    others = make.make_defect(number="AX-3", title="Push stops late after a failover")
    make.make_incident(organisation=ours, subject="Phones", defect=met)
    make.make_incident(organisation=theirs, subject="Phones", defect=others)
    indexed()

    beside = answers_beside("Push mail late after failover", "", contact, AT)

    assert [hit.key for hit in beside.articles] == [article.pk]
    assert [one.number for one in beside.defects] == ["AX-1"]
    assert [(one.incident, one.solution) for one in beside.incidents] == [
        (mine, "Restart the push service.")
    ]
    assert not answers_beside("Pu", "", contact, AT)


def test_beside_the_form_it_is_a_part_and_without_javascript_a_page():
    contact = make.make_contact()
    make.make_article(title="Push mail after a failover")
    indexed()
    client = Client()
    client.force_login(contact)
    typed = {"subject": "Push mail late after failover", "body": "x" * 50_000}

    assert "answers-beside" in client.get("/incidents/new/").content.decode()
    part = client.post("/incidents/new/answers/", typed, headers={"HX-Request": "true"})
    page = client.post("/incidents/new/answers/", typed)

    assert part.content.decode().lstrip().startswith("<div")
    assert 'id="answers-hint"' in part.content.decode()
    assert 'id="answers-hint"' not in page.content.decode()
    assert "</html>" in page.content.decode()
    assert "Push mail after a failover" in page.content.decode()
    assert client.post("/incidents/new/answers/", {}).status_code == 200


def test_what_answers_a_report_is_counted_for_whoever_may_see_it():
    contact = make.make_contact()
    article = make.make_article()
    inner = make.make_article(audience="staff")
    stranger = solved(make.make_organisation())
    client = Client()
    client.force_login(contact)

    def says(what):
        return client.post("/incidents/new/answered/", {"what": what}).status_code

    assert says(f"article:{article.pk}") == 302
    wrong = [f"article:{inner.pk}", f"incident:{stranger.pk}", "defect:9", "x:1", "article:", ""]
    assert {says(what) for what in wrong} == {404}
    spared = Deflection.objects.get()
    assert (spared.organisation_id, spared.subject_id) == (contact.organisation_id, article.pk)


@pytest.mark.parametrize(
    ("text", "left"),
    (
        ("Ana Pop (ana@acme.example) says", "… (…) says"),
        ("at mail.acme.example from 10.0.0.7", "at … from …"),
        ("Acme Ltd, licence A-1, see AX-2026-000042", "…, licence …, see …"),
        ("call +40 21 555 01 00 at 10:30", "call … at 10:30"),
        ("version 10.6.1 of axigen.example", "version 10.6.1 of axigen.example"),
        ("Anaconda is no name", "Anaconda is no name"),
        ("call 021 555 0100 or 0744 555 010", "call … or …"),
        ("from 2001:db8::7 and fe80::1%eth0 to ::1", "from … and …%eth0 to ::1"),
        ("2026-11-03 10:22:33 queue 1234567 of 20261103", None),
        ("std::string and a::b in main.cpp:10:4", None),
    ),
)
def test_what_names_a_customer_goes(text, left):
    names = ["Ana Pop", "Ana", "Pop", "Acme Ltd", "A-1", ""]
    said = without_customer(text, names=names, domains=["acme.example"], country="RO")
    assert said == (text if left is None else left)


def test_words_of_a_name_that_name_nobody_stay():
    assert telling_words("Rex Mail Hotels GmbH & Co. KG") == ["Rex"]


def test_a_solved_incident_becomes_a_draft_without_the_customer():
    organisation = make.make_organisation(name="Rex Foods")
    reporter = make.make_contact(organisation, name="Ana Popescu", email="ana@zephyr.example")
    incident = solved(organisation, subject="Rex: push is late", reporter=reporter)
    make.make_message(incident, body="unused")
    moved = make.make_contact(name="Ilse Bergmann")
    make.make_participant(incident, person=moved, left_at=AT)
    incident.messages.update(body="Ana Popescu of zephyr.example, with Ilse Bergmann: push is late")
    Incident.objects.filter(pk=incident.pk).update(version="10.5 on zephyr.example")
    incident.refresh_from_db()
    engineer = make.make_engineer()
    with pytest.raises(NoShelf):
        article_of(incident, by=engineer, at=AT)
    make.make_category()

    version = article_of(incident, by=engineer, at=AT)

    said = f"{version.title} {version.summary} {version.body}"
    assert "Restart the push service." in said
    for word in ("Rex", "Ana", "Popescu", "zephyr", "Ilse", "Bergmann"):
        assert word not in said
    assert version.versions == []
    assert version.article.made_of == incident.number
    assert version.state == "draft"
    with pytest.raises(NoSolution):
        article_of(make.make_incident(), by=engineer, at=AT)
    with pytest.raises(NotAllowed):
        article_of(incident, by=reporter, at=AT)


def test_the_button_leads_to_the_draft_and_a_stranger_finds_none():
    make.make_category()
    incident = solved(make.make_organisation())
    client = Client()
    client.force_login(make.make_engineer())
    details = client.get(f"/admin/incidents/{incident.number}/details/")
    assert "Make an article" in details.content.decode()

    made = client.post(f"/admin/incidents/{incident.number}/article/")

    assert made["Location"] == f"/admin/articles/{Article.objects.get().pk}/"
    client.force_login(make.make_engineer(make.make_organisation()))
    assert client.post(f"/admin/incidents/{incident.number}/article/").status_code == 404


def test_an_article_that_an_answer_links_to_is_counted():
    article = make.make_article(slug="push-mail")
    make.make_article(slug="other")
    incident = make.make_incident()
    for _ in range(2):
        answer(
            incident,
            author=make.make_engineer(),
            body="See https://desk.example/help/push-mail/ and /help/none/",
            at=AT,
        )
    use = ArticleUse.objects.get()
    assert (use.article, use.incident_id) == (article, incident.pk)
