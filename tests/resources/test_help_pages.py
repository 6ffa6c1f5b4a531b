"""The pages of the knowledge base: readers, feeds, votes, search, and what nobody may learn."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from core.models import SearchOwed
from core.search.alike import LOOKED_AT, alike
from core.search.indexing import work_off
from resources.enums import VersionState
from resources.models import ArticleVote, MissedSearch
from resources.reads.articles.pages import searched
from resources.reads.articles.source import KIND
from resources.views import articles
from tests import factories as make

pytestmark = pytest.mark.django_db
AT = make.NINE


@pytest.fixture
def contact():
    return make.make_contact()


@pytest.fixture
def client_of():
    def sign_in(person):
        client = Client()
        client.force_login(person)
        return client

    return sign_in


def indexed():
    work_off(list(SearchOwed.objects.values_list("pk", flat=True)))


def test_anybody_reads_what_is_for_everybody_and_no_more(client):
    public = make.make_article(title="Open ports", slug="ports")
    for audience in ("registered", "staff"):
        make.make_article(title=f"For {audience}", audience=audience, slug=audience)
    make.make_article(title="Being written", state=VersionState.DRAFT, slug="draft")

    assert "Open ports" in client.get("/help/").content.decode()
    assert client.get(public.get_absolute_url()).status_code == 200
    hidden = {slug: client.get(f"/help/{slug}/") for slug in ("registered", "staff", "draft", "no")}
    assert {one.status_code for one in hidden.values()} == {404}
    said = {
        one.content.decode().split("<main")[1].split("</main>")[0].replace(f"/help/{slug}/", "")
        for slug, one in hidden.items()
    }
    assert len(said) == 1, "nobody learns which addresses exist"
    assert "Sign in" in hidden["no"].content.decode()


def test_a_former_address_leads_to_the_present_one_for_whom_may_read(client, contact, client_of):
    article = make.make_article(audience="registered", slug="now")
    make.make_former_address(article, slug="before")

    assert client.get("/help/before/").status_code == 404
    moved = client_of(contact).get("/help/before/")
    assert (moved.status_code, moved["Location"]) == (301, "/help/now/")
    assert "no-store" in moved["Cache-Control"], "kept, it leads in a circle once it comes back"
    number = client_of(contact).get(reverse("resources:permalink", args=[article.pk]))
    assert number["Location"] == "/help/now/"


def test_feeds_hold_what_everybody_may_read_even_for_staff(client_of):
    shelf = make.make_category()
    make.make_article(title="Open ports", category=shelf)
    private = make.make_article(title="Secret", audience="staff")
    staff = client_of(make.make_manager())

    whole = staff.get("/help/feed/")
    assert whole["Content-Type"] == "application/atom+xml"
    assert b"Open ports" in whole.content
    assert b"Secret" not in whole.content
    assert b"Open ports" in staff.get(f"/help/feed/{shelf.slug}/").content
    assert staff.get(f"/help/feed/{private.live.category.slug}/").status_code == 404


def test_who_says_no_is_asked_why(contact, client_of):
    article = make.make_article()
    client, url = client_of(contact), reverse("resources:article_vote", args=[article.slug])

    asked = client.post(url, {"helped": "no"}, follow=True)
    assert "What is missing" in asked.content.decode()
    client.post(url, {"helped": "no", "why": "No port"})
    assert ArticleVote.objects.get().why == "No port"
    assert "did not help" in client.get(article.get_absolute_url()).content.decode()


def test_a_search_finds_forms_and_typos_and_only_what_one_may_read(contact):
    make.make_article(title="Quota of mailboxes", body="Raise the quota of a mailbox.")
    make.make_article(title="Quota for staff", body="secretword quota", audience="staff")
    indexed()

    def titles(text, person, **how):
        return [hit.shown.title for hit in searched(text, person, AT, **how).hits]

    assert titles("mailbox quotas", None) == ["Quota of mailboxes"]
    assert titles("quotta", None) == ["Quota of mailboxes"]
    assert titles("quo", contact, is_typing=True) == ["Quota of mailboxes"]
    assert titles("secretword", contact) == []
    assert titles("secretword", make.make_manager()) == ["Quota for staff"]
    hit = searched("mailbox", None, AT).hits[0]
    assert [piece.text for piece in hit.title if piece.is_hit] == ["mailboxes"]


def test_a_withdrawn_article_is_found_no_more():
    article = make.make_article(title="Quota of mailboxes")
    indexed()
    article.live = None
    article.save()
    indexed()
    assert searched("quota", None, AT).number == 0


def test_what_is_alike_has_the_rarer_words(contact):
    wanted = make.make_article(title="Push mail stops after a failover", body="Restart push.")
    for number in range(4):
        make.make_article(title=f"Restart number {number}", body="Restart the mail server.")
    make.make_article(title="Push failover for staff", audience="staff")
    indexed()

    found = alike(KIND, contact, AT, title="After failover our push mail is late", text="Restarted")

    assert [hit.key for hit in found][:1] == [wanted.pk]
    assert "staff" not in str([hit.shown.title for hit in found])
    assert alike(KIND, contact, AT, title="a an the") == []


def test_what_nobody_shows_them_takes_no_place_of_what_is_alike(contact):
    wanted = make.make_article(title="Push mail stops after a failover")
    for number in range(LOOKED_AT + 1):
        make.make_article(title=f"Push failover mail late {number}", audience="staff")
    indexed()

    found = alike(KIND, contact, AT, title="After failover our push mail is late")

    assert [hit.key for hit in found] == [wanted.pk]


def test_a_search_that_finds_nothing_is_told_to_the_team_by_a_post_alone(contact, client_of):
    client = client_of(contact)
    page = client.get("/help/", {"q": "zephyr"})
    assert "Tell the team" in page.content.decode()
    assert not MissedSearch.objects.exists()

    client.post("/help/missed/", {"words": "zephyr"})
    assert MissedSearch.objects.get().words == "zephyr"
    manager = client_of(make.make_manager())
    assert "zephyr" in manager.get("/admin/articles/missed/").content.decode()


@pytest.mark.parametrize("url", ("/help/", "/help/topic/shelf/", "/admin/articles/"))
def test_lists_cost_the_same_with_one_and_three_rows(url, client_of, django_assert_max_num_queries):
    shelf = make.make_category(slug="shelf")
    client = client_of(make.make_manager())
    counts = []
    for more in (1, 2):
        for _ in range(more):
            make.make_vote(article=make.make_article(category=shelf))
        client.get(url)
        with django_assert_max_num_queries(14) as queries:
            assert client.get(url).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_an_article_costs_at_most_a_page(contact, client_of, django_assert_max_num_queries):
    article = make.make_article()
    indexed()
    client = client_of(contact)
    client.get(article.get_absolute_url())
    with django_assert_max_num_queries(24):
        client.get(article.get_absolute_url())


def test_the_api_gives_what_its_person_may_read(contact, client_of):
    make.make_article(title="Open ports", slug="ports", versions=["10.6"])
    make.make_article(audience="staff", slug="inner")
    client = client_of(contact)

    rows = client.get("/api/v1/articles/").json()["results"]
    assert [one["slug"] for one in rows] == ["ports"]
    assert client.get("/api/v1/articles/ports/").json()["body"] == "Restart the IMAP service."
    assert client.get("/api/v1/articles/inner/").status_code == 404
    assert client.get("/help/find/", {"q": "\0"}).status_code == 200


def test_shelves_stand_in_their_order(client):
    for name, position in (("B", 2), ("A", 3), ("C", 1)):
        make.make_article(category=make.make_category(name=name, position=position))
    page = client.get("/help/").content.decode()
    assert re.findall(r"<strong>([ABC])</strong>", page) == ["C", "B", "A"]


def test_the_published_list_leads_to_it_and_the_search_of_all_finds_articles(contact, client_of):
    make.make_article(title="Quota of mailboxes")
    indexed()
    for level in ("basic", "premium"):
        make.make_level(level)
    client = client_of(contact)

    page = client.get(reverse("entitlements:programme")).content.decode()
    assert '<a href="/help/">Knowledge base</a>' in page
    assert "/help/article-" in client.get("/search/", {"q": "quota"}).content.decode()
    found = client.get("/api/v1/search/", {"q": "quota"}).json()["results"]
    assert [one["kind"] for one in found] == ["article"]


# The desk


def test_an_article_is_written_reviewed_and_published_on_the_desk(client_of):
    shelf = make.make_category()
    engineer, lead = make.make_engineer(), make.make_engineer(is_lead=True)
    typed = {
        "title": "Ports",
        "body": "993 and 465",
        "category": shelf.pk,
        "audience": "everybody",
        "versions": "10.5, 10.6",
    }
    made = client_of(engineer).post("/admin/articles/new/", typed)
    page = made["Location"]

    client_of(engineer).post(f"{page}ask-review/")
    refused = client_of(engineer).post(f"{page}publish/", follow=True)
    assert "Your role does not allow this" in refused.content.decode()
    assert "Ports" in client_of(lead).get("/admin/articles/?tab=review").content.decode()
    client_of(lead).post(f"{page}publish/")
    assert "993 and 465" in Client().get("/help/ports/").content.decode()

    client_of(lead).post(page, typed | {"body": "993, 465 and 587"})
    against = client_of(lead).get(f"{page}versions/2/").content.decode()
    assert "<del>993 and 465</del>" in against
    assert "<ins>993, 465 and 587</ins>" in against


@pytest.mark.parametrize("who", ("contact", "partner"))
def test_customers_and_partners_have_no_page_of_the_team(who, client_of):
    article = make.make_article()
    person = make.make_contact() if who == "contact" else make.make_partner_engineer()
    client = client_of(person)
    for url in ("/admin/articles/", f"/admin/articles/{article.pk}/", "/admin/articles/missed/"):
        assert client.get(url).status_code in (302, 404)


def test_strangers_search_no_faster_than_people_type(client, contact, client_of, monkeypatch):
    monkeypatch.setattr(articles, "STRANGERS_A_MINUTE", 2)
    network = {"REMOTE_ADDR": "198.51.100.77"}

    said = [client.get("/help/find/", {"q": "imap"}, **network).status_code for _ in range(2)]
    refused = client.get("/help/", {"q": "imap"}, **network)

    assert said == [200, 200]
    assert refused.status_code == 429
    assert "sign in" in refused.content.decode()
    assert client.get("/help/", **network).status_code == 200
    assert client_of(contact).get("/help/", {"q": "imap"}, **network).status_code == 200
