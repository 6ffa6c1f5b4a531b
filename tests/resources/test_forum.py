"""The forum: who reads and writes, what crosses between customers, what is refused."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import rls
from core.errors import NotAllowed
from core.models import JournalEntry, SearchOwed
from core.search.indexing import work_off
from entitlements.enums import Level
from resources.actions.forum import accepting, boards, cards, moderating, ordering, posting
from resources.actions.forum import reporting as reports
from resources.actions.forum.boards import BoardDraft
from resources.enums import PostState
from resources.errors import (
    BoardNamed,
    NotThisAnswer,
    PostIncomplete,
    PostTooLong,
    PostTooManyLinks,
    TooManyHeld,
    TooManyPosts,
    TopicLocked,
    WouldPublish,
)
from resources.models import Author, AuthorCard, Following, Post, PostReport, Topic
from resources.reads.forum.pages import searched
from resources.rules.forum import MOST_HELD, POSTS_AN_HOUR, quoted, shown_of
from tests import factories as make

pytestmark = pytest.mark.django_db
AT = make.NINE
SECRET = "kvyxmarker"


@pytest.fixture
def client_of():
    def sign_in(person):
        client = Client()
        client.force_login(person)
        return client

    return sign_in


def asked(person, board=None, **fields):
    words = {"title": "IMAP stops at night", "body": "Every night at two."} | fields
    return posting.ask(board or make.make_board(), **words, by=person, at=AT)


def body_of(response):
    return response.content.decode().split("<main")[1].split("</main>")[0]


# What crosses (F3, FO1)


def test_others_see_a_first_name_and_nothing_else_of_a_customer(client_of):
    theirs = make.make_organisation(name=f"{SECRET} Ltd", slug=SECRET)
    asker = make.make_contact(
        theirs, name=f"Ana {SECRET}", email=f"ana@{SECRET}.example", phone=f"+1 {SECRET}"
    )
    make.make_card(asker)
    topic = asked(asker)
    pages = ["/forum/", topic.board.get_absolute_url(), topic.get_absolute_url()]
    pages += ["/forum/?show=unanswered", topic.posts.get().get_absolute_url()]

    for other in (
        make.make_contact(make.make_organisation(name="Other")),
        make.make_partner_engineer(),
    ):
        for page in pages:
            said = client_of(other).get(page, follow=True).content.decode()
            assert SECRET not in said
            assert topic.title in said
    said = body_of(client_of(make.make_contact(make.make_organisation())).get(pages[2]))
    assert re.findall(r"</span>([^<]+)</h2>", said)[0] == "Ana"


def test_what_ties_a_card_to_a_person_is_behind_the_wall():
    card = make.make_card(make.make_contact())
    stranger = make.make_organisation(name="Other")
    with rls.only([stranger.pk]):
        assert AuthorCard.objects.filter(pk=card.pk).exists()
        assert not Author.objects.filter(card=card).exists()
    card.refresh_from_db()
    assert card.person_id is None, "a customer's card names nobody by itself"


def test_an_organisation_chooses_how_its_people_are_named(client_of):
    organisation = make.make_organisation(name="Northwind")
    admin = make.make_admin_contact(organisation, name="Eva Berg")
    asker = make.make_contact(organisation, name="Dr. Ana Popescu")
    card = make.make_card(asker)
    asked(asker)
    card.refresh_from_db()
    assert (card.name, card.company) == ("Ana", "")

    page = client_of(admin).post("/forum/names/", {"full_name": "on", "with_company": "on"})
    assert page.status_code == 302
    card.refresh_from_db()
    assert (card.name, card.company) == ("Ana Popescu", "Northwind")
    client_of(admin).post("/forum/names/", {})
    card.refresh_from_db()
    assert (card.name, card.company) == ("Ana", "")
    assert client_of(asker).post("/forum/names/", {"full_name": "on"}).status_code == 404
    with pytest.raises(NotAllowed):
        cards.choose_names(full_name=True, with_company=True, by=asker, at=AT)
    kept = JournalEntry.objects.filter(kind="forum.names_chosen")
    assert {one.organisation_id for one in kept} == {organisation.pk}


@pytest.mark.parametrize(
    ("name", "full", "said"),
    (
        ("Ana Popescu", False, "Ana"),
        ("Prof. Dr. Ana Popescu", True, "Ana Popescu"),
        ("Popescu, Ana", False, "Popescu"),
        ("ana@northwind.example", False, "Member"),
        ("", True, "Member"),
    ),
)
def test_a_card_says_a_name_and_never_an_address(name, full, said):
    assert shown_of(name, "Northwind", full_name=full, with_company=False).name == said
    assert shown_of(name, "Northwind", full_name=full, with_company=False).company == ""


# Who reads (FO2)


def test_boards_are_for_whom_they_are_for(client, client_of):
    topics = {
        audience: make.make_topic(
            make.make_board(audience=audience, levels=["premium"] if audience == "levels" else [])
        )
        for audience in ("everybody", "registered", "levels", "staff")
    }
    plain, premium = make.make_contact(), make.make_contact(make.make_organisation(name="Rich"))
    make.make_subscription(make.make_licence(premium.organisation), level=Level.PREMIUM)
    reads = {
        "anybody": (client, {"everybody"}),
        "customer": (client_of(plain), {"everybody", "registered"}),
        "premium": (client_of(premium), {"everybody", "registered", "levels"}),
        "partner": (client_of(make.make_partner_engineer()), {"everybody", "registered", "levels"}),
        "staff": (client_of(make.make_engineer()), set(topics)),
    }
    for who, (browser, expected) in reads.items():
        got = {
            audience
            for audience, topic in topics.items()
            if browser.get(topic.get_absolute_url()).status_code == 200
        }
        assert got == expected, who
        boards_read = {
            audience
            for audience, topic in topics.items()
            if browser.get(topic.board.get_absolute_url()).status_code == 200
        }
        assert boards_read == expected, who
        front = browser.get("/forum/").content.decode()
        assert {one for one, topic in topics.items() if topic.title in front} == expected, who
    hidden = topics["staff"].get_absolute_url()
    said = [client.get(one).content.decode() for one in (hidden, "/forum/none/1/")]
    words = [one.split("<main")[1].split("</main>")[0] for one in said]
    assert words[0].replace(hidden, "") == words[1].replace("/forum/none/1/", "")


def test_feeds_hold_public_boards_alone_even_for_staff(client, client_of):
    public = make.make_topic(make.make_board(audience="everybody"))
    private = make.make_topic(make.make_board(audience="registered"))
    held = make.make_topic(public.board, state=PostState.HELD)
    staff = client_of(make.make_manager())
    for browser in (client, staff):
        said = browser.get("/forum/feed/").content.decode()
        assert public.title in said
        assert private.title not in said
        assert held.title not in said
        assert browser.get(f"/forum/{public.board.slug}/feed/").status_code == 200
        assert browser.get(f"/forum/{private.board.slug}/feed/").status_code == 404


def test_a_stranger_is_led_to_sign_in_and_writes_nothing(client):
    topic = make.make_topic(make.make_board(audience="everybody"))
    for page in ("answer", "follow"):
        answer = client.post(f"{topic.get_absolute_url()}{page}/", {"body": "x", "wanted": "yes"})
        assert answer.status_code == 302
        assert "/accounts/login/" in answer["Location"]
    assert topic.posts.count() == 1


# Writing


def test_from_question_to_accepted_answer(client_of):
    board = make.make_board()
    asker, helper = make.make_contact(), make.make_contact(make.make_organisation(name="Helpful"))
    for one in (asker, helper):
        make.make_card(one)
    browser = client_of(asker)
    page = browser.get(f"/forum/{board.slug}/new/")
    nonce = page.context["form"]["nonce"].value()
    sent = {"title": "Where are the logs?", "body": "I look for `mail.log`.", "nonce": nonce}
    for _ in range(2):  # a second click, or Back
        made = browser.post(f"/forum/{board.slug}/new/", sent)
    topic = Topic.objects.get()
    assert made["Location"] == topic.get_absolute_url()

    client_of(helper).post(f"{topic.get_absolute_url()}answer/", {"body": "In `/var/log`."})
    answer = topic.posts.get(is_first=False)
    assert (
        client_of(helper).post(f"/forum/posts/{answer.pk}/accept/", {"wanted": "yes"}).status_code
    )
    topic.refresh_from_db()
    assert topic.accepted is None, "who asked says what helped"
    browser.post(f"/forum/posts/{answer.pk}/accept/", {"wanted": "yes"})
    after = Topic.objects.get()
    assert (after.accepted_id, after.answers) == (answer.pk, 1)
    said = browser.get(topic.get_absolute_url()).content.decode()
    assert "Solved" in said
    assert "<code>/var/log</code>" in said
    assert Following.objects.filter(topic=topic).count() == 2
    assert {one.kind for one in JournalEntry.objects.filter(kind__startswith="forum.")} == {
        "forum.asked",
        "forum.answered",
        "forum.accepted",
    }


def test_a_question_is_no_accepted_answer():
    topic = make.make_topic()
    with pytest.raises(NotThisAnswer):
        accepting.accept(topic.posts.get(), wanted=True, by=make.make_engineer(), at=AT)


def test_somebody_elses_words_are_not_changed(client_of):
    topic = make.make_topic()
    post, other = topic.posts.get(), make.make_contact(make.make_organisation(name="Other"))
    make.make_card(other)
    for person in (other, make.make_engineer()):
        answer = client_of(person).post(
            f"/forum/posts/{post.pk}/edit/", {"title": "x", "body": "x"}
        )
        assert answer.status_code == 404
        assert client_of(other).get(f"/forum/posts/{post.pk}/history/").status_code == 404
        with pytest.raises(NotAllowed):
            posting.edit(post, body="x", by=person, at=AT)
    post.refresh_from_db()
    assert post.body == "It does not start."


def test_what_a_post_said_before_its_author_and_moderators_see(client_of):
    asker = make.make_contact()
    make.make_card(asker)
    topic = asked(asker, body="The password is hunter2")
    post = topic.posts.get()
    edited = {"title": "Login fails", "body": "The password is wrong"}
    assert client_of(asker).post(f"/forum/posts/{post.pk}/edit/", edited).status_code == 302
    topic.refresh_from_db()
    assert topic.title == "Login fails"
    history = f"/forum/posts/{post.pk}/history/"
    for person in (asker, make.make_engineer()):
        assert "hunter2" in client_of(person).get(history).content.decode()
    other = client_of(make.make_contact(make.make_organisation(name="Other")))
    assert "hunter2" not in other.get(topic.get_absolute_url()).content.decode()
    assert other.get(history).status_code == 404


def test_a_quotation_begins_an_answer(client_of):
    topic = make.make_topic(body="> older\n\nIt fails.\nSince noon.")
    page = client_of(make.make_contact()).get(
        f"{topic.get_absolute_url()}?quote={topic.posts.get().pk}"
    )
    assert page.context["form"]["body"].value().startswith("> **")
    plain = client_of(make.make_contact()).get(f"/forum/posts/{topic.posts.get().pk}/quote/")
    assert plain.content.decode().endswith("> It fails.\n> Since noon.\n\n")
    assert quoted("Ana", "> all of it was quoted") == ""


# Bad input (FO4)


@pytest.mark.parametrize(
    ("body", "refusal"),
    (
        ("see http://spam.example/x " * 10_000, PostTooManyLinks),
        ("[a](http://a.example) " * 21, PostTooManyLinks),
        ("word " * 5_000, PostTooLong),
        (" \n ", PostIncomplete),
    ),
)
def test_what_is_too_much_is_refused_in_words(client_of, body, refusal):
    contact = make.make_contact()
    make.make_card(contact)
    topic = make.make_topic()
    with pytest.raises(refusal):
        posting.answer(topic, body=body, by=contact, at=AT)
    page = client_of(contact).post(f"{topic.get_absolute_url()}answer/", {"body": body})
    assert page.status_code == 400
    assert topic.posts.count() == 1
    if refusal is PostTooManyLinks:
        assert "20 are the most" in page.content.decode()
        assert ("10000 links" in page.content.decode()) == (len(body) > 100_000)


def test_html_and_scripts_are_text_and_pictures_are_not_fetched():
    topic = make.make_topic()
    post = posting.answer(
        topic,
        body="<script>alert(1)</script> ![x](https://spy.example/p.png)"
        " [y](javascript:alert(1))\n\n# Big",
        by=make.make_engineer(),
        at=AT,
    )
    assert "<script" not in post.html
    assert "<img" not in post.html
    assert "javascript:" not in post.html.replace("(javascript:", "")
    assert "<h3>Big</h3>" in post.html


def test_a_locked_topic_takes_no_answer(client_of):
    topic = make.make_topic()
    ordering.lock(topic, wanted=True, by=make.make_moderator(), at=AT)
    contact = make.make_contact()
    with pytest.raises(TopicLocked):
        posting.answer(topic, body="But", by=contact, at=AT)
    page = client_of(contact).post(f"{topic.get_absolute_url()}answer/", {"body": "But why"})
    assert page.status_code == 409
    assert "locked" in page.content.decode()
    posting.answer(topic, body="The team may.", by=make.make_engineer(), at=AT)
    ordering.lock(topic, wanted=False, by=make.make_moderator(), at=AT)
    assert posting.answer(topic, body="But", by=contact, at=AT)


def test_nobody_floods_the_forum():
    contact = make.make_contact()
    make.make_card(contact)
    topic = make.make_topic()
    for number in range(POSTS_AN_HOUR):
        posting.answer(topic, body=f"{number}", by=contact, at=AT)
    with pytest.raises(TooManyPosts):
        posting.answer(topic, body="one more", by=contact, at=AT)
    assert posting.answer(topic, body="later", by=contact, at=AT + make.hours(2))


# First posts (FO3)


def test_first_posts_wait_for_a_moderator(client_of):
    contact, moderator = make.make_contact(), make.make_moderator()
    other = client_of(make.make_contact(make.make_organisation(name="Other")))
    topic = asked(contact)
    post = topic.posts.get()
    assert (topic.state, post.state) == (PostState.HELD, PostState.HELD)
    assert other.get(topic.get_absolute_url()).status_code == 404
    assert other.get(post.get_absolute_url()).status_code == 404
    assert (
        "Waits for a moderator" in client_of(contact).get(topic.get_absolute_url()).content.decode()
    )
    desk = client_of(moderator).get("/admin/forum/").content.decode()
    assert topic.title in desk

    moderating.show(post, by=moderator, at=AT)
    assert other.get(topic.get_absolute_url()).status_code == 200
    assert asked(contact, title="Second").state == PostState.SHOWN


def test_what_is_not_taken_keeps_its_text_and_says_why(client_of):
    contact, moderator = make.make_contact(), make.make_moderator()
    topic = asked(contact)
    post = topic.posts.get()
    moderating.refuse(post, reason="It names a person.", by=moderator, at=AT)
    page = client_of(contact).get(topic.get_absolute_url()).content.decode()
    assert "It names a person." in page
    assert "Every night at two." in page
    posting.edit(post, body="Every night.", by=contact, at=AT)
    topic.refresh_from_db()
    assert topic.state == PostState.HELD, "offered again"


def test_few_posts_of_one_author_wait():
    contact = make.make_contact()
    for number in range(MOST_HELD):
        asked(contact, title=f"{number}")
    with pytest.raises(TooManyHeld):
        asked(contact, title="one more")
    refused = Post.objects.held().earliest("pk")
    moderating.refuse(refused, reason="Again.", by=make.make_moderator(), at=AT)
    asked(contact, title="in its place")
    with pytest.raises(TooManyHeld):
        posting.edit(refused, body="Offered again.", by=contact, at=AT)
    refused.refresh_from_db()
    assert (refused.state, refused.body) == (PostState.REFUSED, "Every night at two.")


def test_staff_and_partners_wait_for_nobody():
    for person in (make.make_engineer(), make.make_tam(), make.make_partner_engineer()):
        assert asked(person).state == PostState.SHOWN


# Moderating


def test_what_is_hidden_nobody_reads_nor_finds(client_of):
    topic = make.make_topic(body="first")
    answer = make.make_post(topic, body="zwiebelfisch sold here")
    reader = client_of(make.make_contact(make.make_organisation(name="Reader")))
    reporter = make.make_contact(make.make_organisation(name="Reporter"))
    reports.report(answer, why="It sells something", by=reporter, at=AT)
    reports.report(answer, why="It sells something", by=reporter, at=AT)
    assert PostReport.objects.count() == 1
    _index()
    assert searched("zwiebelfisch", reporter, AT).hits

    moderating.hide(answer, reason="It sells something.", by=make.make_moderator(), at=AT)
    _index()
    topic.refresh_from_db()
    assert topic.answers == 0
    assert "zwiebelfisch" not in reader.get(topic.get_absolute_url()).content.decode()
    assert reader.get(answer.get_absolute_url()).status_code == 404
    for person in (reporter, make.make_engineer()):
        assert not searched("zwiebelfisch", person, AT).hits
        assert not searched("zwiebelfis", person, AT).mended
    assert not PostReport.objects.still_open().exists()

    moderating.hide(topic.posts.get(is_first=True), reason="Spam", by=make.make_moderator(), at=AT)
    assert reader.get(topic.get_absolute_url()).status_code == 404


def test_search_finds_what_its_reader_may_read():
    topics = {
        audience: make.make_topic(
            make.make_board(audience=audience, levels=["premium"] if audience == "levels" else []),
            title="Quarantine is full",
        )
        for audience in ("everybody", "registered", "levels", "staff")
    }
    held = make.make_topic(topics["everybody"].board, title="Quarantine", state=PostState.HELD)
    _index()
    found = {
        who: {hit.key for hit in searched("quarantine", person, AT).hits}
        for who, person in (
            ("stranger", None),
            ("contact", make.make_contact()),
            ("staff", make.make_engineer()),
        )
    }
    keys = {audience: topic.pk for audience, topic in topics.items()}
    assert found["stranger"] == {keys["everybody"]}
    assert found["contact"] == {keys["everybody"], keys["registered"]}
    assert found["staff"] == set(keys.values())
    assert held.pk not in found["staff"]


def test_a_moved_topic_is_found_by_its_old_address(client_of):
    topic = make.make_topic(make.make_board(audience="registered"))
    new = make.make_board(audience="registered")
    reader = client_of(make.make_contact())
    old = topic.get_absolute_url()
    ordering.move(topic, new, by=make.make_moderator(), at=AT)
    moved = reader.get(f"{old}?page=2")
    assert (moved.status_code, moved["Location"]) == (301, f"/forum/{new.slug}/{topic.pk}/?page=2")
    assert "no-store" in moved["Cache-Control"], "it may be moved back"
    narrow = make.make_board(audience="staff")
    ordering.move(Topic.objects.get(), narrow, by=make.make_moderator(), at=AT)
    assert reader.get(old).status_code == 404, "nothing says where it went"


def test_a_topic_never_gets_more_readers_than_it_was_written_for():
    staff, all_of_us = make.make_board(audience="staff"), make.make_board(audience="everybody")
    topic, public = make.make_topic(staff), make.make_topic(all_of_us)
    manager = make.make_manager()
    with pytest.raises(WouldPublish):
        ordering.move(topic, all_of_us, by=manager, at=AT)
    with pytest.raises(WouldPublish):
        ordering.merge(topic, public, by=manager, at=AT)
    draft = BoardDraft(name="Ours", what="", audience="registered")
    with pytest.raises(WouldPublish):
        boards.keep_board(draft, by=manager, at=AT, old=staff)
    gold = make.make_topic(make.make_board(audience="levels", levels=["gold"]))
    wider = make.make_board(audience="levels", levels=["gold", "basic"])
    with pytest.raises(WouldPublish):
        ordering.move(gold, wider, by=manager, at=AT)
    assert ordering.move(public, staff, by=manager, at=AT).board == staff


def test_a_merged_topic_goes_on_in_the_other(client_of):
    into, topic = make.make_topic(), make.make_topic(body="The same happens here.")
    follower = make.make_following(topic).card
    make.make_following(into, card=follower)
    make.make_post(topic, body="An answer.")
    old = topic.get_absolute_url()
    ordering.merge(topic, into, by=make.make_moderator(), at=AT)
    into.refresh_from_db()
    assert into.answers == 2
    assert Following.objects.filter(topic=into, card=follower).count() == 1
    assert not Following.objects.filter(topic=topic).exists()
    reader = client_of(make.make_contact())
    led = reader.get(old)
    assert led["Location"] == into.get_absolute_url()
    assert "no-store" in led["Cache-Control"]
    said = reader.get(into.get_absolute_url()).content.decode()
    assert said.index("It does not start.") < said.index("The same happens here.")
    post = posting.answer(topic, body="Goes on.", by=make.make_engineer(), at=AT)
    assert post.topic == into


def test_only_the_team_moderates_and_leads_keep_boards(client_of):
    topic = make.make_topic()
    post = topic.posts.get()
    engineer, lead = make.make_engineer(), make.make_manager()
    for person in (make.make_contact(), make.make_partner_engineer()):
        for act in (
            lambda by: moderating.hide(post, reason="x", by=by, at=AT),
            lambda by: ordering.lock(topic, wanted=True, by=by, at=AT),
        ):
            with pytest.raises(NotAllowed):
                act(person)
    assert client_of(make.make_partner_engineer()).get("/admin/forum/").status_code == 404
    draft = BoardDraft(name="Feed", what="", audience="everybody")
    with pytest.raises(NotAllowed):
        boards.keep_board(draft, by=engineer, at=AT)
    with pytest.raises(BoardNamed):
        boards.keep_board(draft, by=lead, at=AT)  # an address of the forum's own
    page = client_of(lead).post(
        "/admin/forum/boards/",
        {"name": "Running it", "what": "", "audience": "registered", "position": "1"},
    )
    assert page.status_code == 302


def test_moderators_decide_on_the_pages(client_of):
    topic, other = make.make_topic(), make.make_board()
    browser = client_of(make.make_moderator())
    held = make.make_post(topic, state=PostState.HELD)

    def act(what, key, name, **fields):
        return browser.post(reverse(f"admin:forum_{what}_action", args=[key, name]), fields)

    assert act("post", held.pk, "refuse")["Location"] == "/admin/forum/"
    held.refresh_from_db()
    assert held.state == PostState.HELD, "not without a reason"
    act("post", held.pk, "show", then="//evil.example/")
    act("post", held.pk, "let-stay", then="open")
    held.refresh_from_db()
    assert held.state == PostState.SHOWN
    moved = act("topic", topic.pk, "move", board=other.pk)
    assert moved["Location"] == f"/forum/{other.slug}/{topic.pk}/"
    assert act("topic", topic.pk, "merge", into=topic.pk).status_code == 302
    act("topic", topic.pk, "lock")
    topic.refresh_from_db()
    assert topic.locked_at is not None


# How it is read


@pytest.mark.parametrize("who", ("contact", "moderator"))
def test_pages_ask_the_same_for_one_row_and_three(client_of, who):
    person = make.make_contact() if who == "contact" else make.make_moderator()
    make.make_card(person)
    browser = client_of(person)
    topic = make.make_topic()
    pages = [
        "/forum/",
        topic.board.get_absolute_url(),
        topic.get_absolute_url(),
        "/forum/?show=mine",
    ]
    pages += ["/admin/forum/"] if who == "moderator" else []

    def fill():
        held = make.make_post(topic, state=PostState.HELD)
        make.make_post_report(make.make_post(topic))
        make.make_topic(make.make_board(audience="everybody"))
        make.make_topic(topic.board, by=person.forum_card if who == "moderator" else None)
        return held

    fill()
    counts = []
    for _ in range(2):
        seen = []
        for page in pages:
            browser.get(page)  # what is kept between requests is kept
            with CaptureQueriesContext(
                connection,
            ) as asked_for:
                assert browser.get(page).status_code == 200
            seen.append(len(asked_for))
        counts.append(seen)
        fill()
        fill()
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 20, counts[0]


def test_a_long_topic_has_pages_and_a_post_knows_its_own(client_of):
    topic = make.make_topic()
    card = make.make_card()
    said = [
        make.make_post(topic, by=card, body=f"number {one}", said_at=AT + make.hours(one))
        for one in range(1, 31)
    ]
    browser = client_of(make.make_contact())
    to = browser.get(said[-1].get_absolute_url())["Location"]
    assert to == f"{topic.get_absolute_url()}?page=2#post-{said[-1].pk}"
    assert "number 30" in browser.get(to).content.decode()
    assert browser.get(said[0].get_absolute_url())["Location"].endswith(f"#post-{said[0].pk}")
    accepting.accept(said[-1], wanted=True, by=make.make_engineer(), at=AT)
    assert "What helped" in browser.get(topic.get_absolute_url()).content.decode()


def test_held_ones_are_found_by_an_index():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN " + str(Post.objects.held().query).replace("= held", "= 'held'"))
        assert "post_held" in str(cursor.fetchall())


def _index():
    work_off(list(SearchOwed.objects.values_list("pk", flat=True)))
