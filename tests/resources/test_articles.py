"""Articles: who reads what, when; a draft never changes what is read."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from core import rls
from core.errors import NotAllowed
from entitlements.levels import Level
from resources.actions.articles import heard, publishing, writing
from resources.enums import Audience, VersionState
from resources.errors import (
    AddressTaken,
    AddressUnusable,
    ArticleIncomplete,
    ArticleTooLong,
    FileUnusable,
    LevelsMissing,
    PictureMissing,
    PublishInThePast,
    ReasonMissing,
    VersionChanged,
)
from resources.models import (
    Article,
    ArticleFile,
    ArticleUse,
    ArticleVersion,
    ArticleVote,
    MissedSearch,
)
from resources.reads.readers import reader_of
from resources.rules.readers import STRANGER, Reader
from resources.tasks import publish_articles
from tests import factories as make

pytestmark = pytest.mark.django_db
AT = make.NINE
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20


@pytest.fixture
def manager():
    return make.make_manager()


def draft(**fields):
    defaults = {"title": "IMAP stops", "body": "Restart it.", "audience": Audience.EVERYBODY}
    category = fields.pop("category", None) or make.make_category()
    return writing.Draft(category=category, **defaults | fields)


def published(manager, **fields):
    version = writing.save_draft(draft(**fields), by=manager, at=AT)
    publishing.publish(version, by=manager, at=AT)
    return Article.objects.get(pk=version.article_id)


@pytest.mark.parametrize(
    ("audience", "stranger", "customer", "premium", "staff"),
    (
        (Audience.EVERYBODY, True, True, True, True),
        (Audience.REGISTERED, False, True, True, True),
        (Audience.LEVELS, False, False, True, True),
        (Audience.STAFF, False, False, False, True),
    ),
)
def test_each_audience_is_read_by_its_own(manager, audience, stranger, customer, premium, staff):
    levels = ["premium", "gold"] if audience == Audience.LEVELS else []
    published(manager, audience=audience, levels=levels)

    readers = [
        STRANGER,
        Reader(is_registered=True, levels=frozenset({"basic"})),
        Reader(is_registered=True, levels=frozenset({"basic", "premium"})),
        Reader(is_staff=True),
    ]

    seen = [Article.objects.visible_to(reader).exists() for reader in readers]
    assert seen == [stranger, customer, premium, staff]


def test_the_levels_of_a_reader_are_those_that_their_licences_have_now():
    organisation = make.make_organisation()
    contact = make.make_contact(organisation)
    make.make_level("premium")
    licence = make.make_licence(organisation)
    make.make_subscription(licence, level="premium")
    make.make_subscription(make.make_licence(), level="first")  # a stranger's

    assert "premium" in reader_of(contact, AT).levels
    assert "first" not in reader_of(contact, AT).levels
    assert "premium" not in reader_of(contact, AT + timedelta(days=2000)).levels


def test_a_draft_never_changes_what_is_read(manager):
    article = published(manager, body="The first text")
    version = writing.save_draft(
        draft(body="The second", audience=Audience.STAFF), by=manager, at=AT, article=article
    )
    publishing.ask_review(version, by=manager, at=AT)

    read = Article.objects.visible_to(STRANGER).get(pk=article.pk)
    assert read.live.body == "The first text"

    publishing.publish(version, by=manager, at=AT)
    assert not Article.objects.visible_to(STRANGER).exists()
    old = article.versions.get(number=1)
    assert old.state == VersionState.OLD


def test_somebody_else_publishes_what_an_engineer_wrote(manager):
    engineer = make.make_engineer(is_lead=True)
    version = writing.save_draft(draft(), by=engineer, at=AT)

    with pytest.raises(NotAllowed):
        publishing.publish(version, by=engineer, at=AT)
    with pytest.raises(NotAllowed):
        publishing.publish(version, by=make.make_engineer(), at=AT)

    assert publishing.publish(version, by=make.make_engineer(is_lead=True), at=AT).state == "live"


@pytest.mark.parametrize("who", ("contact", "partner"))
def test_customers_and_partners_write_none(who):
    person = make.make_contact() if who == "contact" else make.make_partner_engineer()
    with pytest.raises(NotAllowed):
        writing.save_draft(draft(), by=person, at=AT)
    assert not Article.objects.exists()


def test_what_is_sent_back_says_why_and_a_step_of_another_state_is_refused(manager):
    version = writing.save_draft(draft(), by=make.make_engineer(), at=AT)
    with pytest.raises(VersionChanged):
        publishing.send_back(version, reason="Ports are wrong", by=manager, at=AT)
    publishing.ask_review(version, by=manager, at=AT)
    with pytest.raises(ReasonMissing):
        publishing.send_back(version, reason=" ", by=manager, at=AT)

    back = publishing.send_back(version, reason="Ports are wrong", by=manager, at=AT)

    assert (back.state, back.sent_back_for) == (VersionState.DRAFT, "Ports are wrong")


def test_it_is_published_at_its_moment_by_the_sweep(manager):
    version = writing.save_draft(draft(), by=manager, at=AT)
    with pytest.raises(PublishInThePast):
        publishing.publish(version, by=manager, at=AT, when=AT)
    when = AT + timedelta(hours=3)
    publishing.publish(version, by=manager, at=AT, when=when)

    assert publishing.publish_due(version.pk, at=AT + timedelta(hours=2)) == 0
    assert not Article.objects.visible_to(STRANGER).exists()
    assert publishing.publish_due(version.pk, at=when) == 1
    assert publishing.publish_due(version.pk, at=when) == 0
    assert Article.objects.visible_to(STRANGER).get().changed_at == when


def test_the_sweep_finds_what_is_due_over_its_index(manager):
    version = writing.save_draft(draft(), by=manager, at=AT)
    publishing.publish(version, by=manager, at=AT, when=AT + timedelta(hours=1))
    assert publish_articles() == 1  # the database's clock is past it

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        sql, values = ArticleVersion.objects.to_publish(AT).query.sql_with_params()
        cursor.execute(f"EXPLAIN {sql}", values)
        assert "article_due" in "\n".join(row[0] for row in cursor.fetchall())


def test_a_withdrawn_article_is_not_there_and_may_come_back(manager):
    article = published(manager)
    with pytest.raises(ReasonMissing):
        publishing.withdraw(article, reason="", by=manager, at=AT)
    publishing.withdraw(article, reason="Wrong since 10.6", by=manager, at=AT)
    assert not Article.objects.visible_to(Reader(is_staff=True)).exists()

    version = writing.save_draft(draft(), by=manager, at=AT, article=article)
    publishing.publish(version, by=manager, at=AT)
    article.refresh_from_db()
    assert article.withdrawn_at is None


@pytest.mark.parametrize(
    ("fields", "refusal"),
    (
        ({"title": " "}, ArticleIncomplete),
        ({"body": "\n"}, ArticleIncomplete),
        ({"body": "x" * 100_001}, ArticleTooLong),
        ({"audience": Audience.LEVELS}, LevelsMissing),
    ),
)
def test_half_an_article_is_refused_and_nothing_is_there(manager, fields, refusal):
    with pytest.raises(refusal):
        writing.save_draft(draft(**fields), by=manager, at=AT)
    assert not Article.objects.exists()


# Pictures


def test_an_article_whose_picture_is_gone_is_not_published(manager):
    version = writing.save_draft(draft(body="Look: ![the port](port.png)"), by=manager, at=AT)
    for step in (publishing.publish, publishing.ask_review):
        with pytest.raises(PictureMissing, match=r"port\.png"):
            step(version, by=manager, at=AT)

    file = SimpleUploadedFile("Port.PNG", PNG)
    writing.add_file(version.article, file, by=manager, at=AT)
    live = publishing.publish(version, by=manager, at=AT)

    assert live.files == ["port.png"]
    assert f'<img src="/help/files/{ArticleFile.objects.get().token}/"' in live.html


def test_a_file_is_read_only_where_a_published_text_that_one_may_read_shows_it(manager):
    version = writing.save_draft(draft(body="![a](a.png)"), by=manager, at=AT)
    for name in ("a.png", "b.png"):
        writing.add_file(version.article, SimpleUploadedFile(name, PNG), by=manager, at=AT)

    def seen(reader):
        return [one.name for one in ArticleFile.objects.visible_to(reader)]

    assert seen(STRANGER) == []  # a draft's
    publishing.publish(version, by=manager, at=AT)
    assert seen(STRANGER) == ["a.png"]
    assert seen(Reader(is_staff=True)) == ["a.png", "b.png"]
    inner = writing.save_draft(
        draft(body="![a](a.png)", audience=Audience.STAFF),
        by=manager,
        at=AT,
        article=version.article,
    )
    publishing.publish(inner, by=manager, at=AT)
    assert seen(STRANGER) == []


def test_a_file_is_what_its_bytes_are_and_never_replaced(manager):
    article = published(manager)
    page = SimpleUploadedFile("x.png", b"<svg onload=alert(1)>")
    assert writing.add_file(article, page, by=manager, at=AT).content_type == (
        "application/octet-stream"
    )
    for name, content in (("x.png", PNG), ("empty.png", b"")):
        with pytest.raises(FileUnusable):
            writing.add_file(article, SimpleUploadedFile(name, content), by=manager, at=AT)


# Addresses


def test_an_address_is_made_of_the_title_and_never_another_s(manager):
    slugs = [published(manager, title="Why does IMAP hang?").slug for _ in range(2)]
    assert slugs == ["why-does-imap-hang", "why-does-imap-hang-2"]


def test_a_former_address_stays_the_article_s(manager):
    first, second = published(manager, title="One"), published(manager, title="Two")
    writing.move(first, "first", by=manager, at=AT)
    with pytest.raises(AddressTaken):
        writing.move(second, "one", by=manager, at=AT)
    with pytest.raises(AddressUnusable):
        writing.move(second, "feed", by=manager, at=AT)

    writing.move(first, "one", by=manager, at=AT)  # back again
    assert [one.slug for one in first.former.all()] == ["first"]


# What readers say


def test_the_last_vote_of_a_person_counts_and_is_their_organisation_s(manager):
    article, contact = published(manager), make.make_contact()
    heard.vote(article, helped=False, why="No port", by=contact, at=AT)
    heard.vote(article, helped=True, by=contact, at=AT)
    vote = ArticleVote.objects.get()
    assert (vote.helped, vote.why, vote.organisation_id) == (True, "", contact.organisation_id)

    with pytest.raises(NotAllowed):
        heard.vote(article, helped=True, by=manager, at=AT)


def test_missed_searches_are_counted_without_a_name_until_they_are_settled(manager):
    contact = make.make_contact()
    for words in ("Push  MAIL", "push mail", "  "):
        heard.note_missed(words, by=contact, at=AT)
    missed = MissedSearch.objects.get()
    assert (missed.words, missed.times) == ("push mail", 2)

    heard.settle_missed(missed, by=manager, at=AT)
    heard.note_missed("push mail", by=contact, at=AT)
    missed.refresh_from_db()
    assert missed.settled_at is None


def test_a_use_counts_once_an_incident(manager):
    article, organisation = published(manager), make.make_organisation()
    for _ in range(2):
        heard.note_use(article, organisation=organisation.pk, incident=7, by=manager, at=AT)
    assert ArticleUse.objects.count() == 1


def test_who_serves_only_some_customers_writes_articles_too(manager):
    tam = make.make_tam(make.make_organisation())
    category = make.make_category()
    with rls.only([make.make_organisation().pk]):
        version = writing.save_draft(draft(category=category), by=tam, at=AT)
    assert version.number == 1


def test_a_partners_engineer_reads_what_customers_of_any_level_do_and_nothing_of_the_vendors_own():
    partner = make.make_engineer(role="partner", partner=make.make_partner())

    reader = reader_of(partner, AT)

    assert (reader.is_staff, reader.is_registered) == (False, True)
    assert set(reader.levels) == set(Level.values)
