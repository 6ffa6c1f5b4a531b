"""The forum by mail: who is told of what, and what an answer to such a mail becomes."""

from __future__ import annotations

import pytest
from django.conf import settings

from mailroom.enums import MailOutcome
from notices.models import Notice
from notices.readers import read_no_more
from notices.rules.threads import Ours
from notices.sending.rendering import mail_of
from resources.actions.forum import accepting, following, moderating, ordering, posting
from resources.enums import PostState
from resources.models import Post
from resources.tasks import tell_forum
from tests import factories as make
from tests.mailroom.arriving import ANA, arrived
from tests.mailroom.making import mail, proven
from tickets.models import Incident

pytestmark = pytest.mark.django_db
AT = make.NINE
SIGNED = "Use port 993.\n\n-- \nAna Popescu\nNorthwind Ltd\n+40 722 123 456\n"


@pytest.fixture
def ana():
    person = make.make_contact(
        make.make_organisation(name="Northwind"), email=ANA, name="Ana Popescu"
    )
    make.make_card(person)
    return person


@pytest.fixture
def bo():
    person = make.make_contact(make.make_organisation(name="Fabrikam"))
    make.make_card(person)
    return person


@pytest.fixture
def topic(ana):
    made = posting.ask(make.make_board(), title="IMAP", body="Which port?", by=ana, at=AT)
    tell_forum()
    return made


def told(template):
    return {one.to for one in Notice.objects.filter(template=template)}


def answered_to(topic, **fields):
    """A notice of an answer, as it reached whoever asked."""
    posting.answer(topic, body=fields.get("body", "993."), by=make.make_engineer(), at=AT)
    tell_forum()
    asker = topic.asked_by.author.person
    return Notice.objects.filter(template="forum_answered", to=asker).latest("pk")


def test_followers_of_every_customer_are_told_and_never_who_wrote(topic, ana, bo):
    posting.answer(topic, body="993, I think.", by=bo, at=AT)
    tell_forum()
    assert told("forum_answered") == {ana}
    post = posting.answer(topic, body="Thank you!", by=ana, at=AT)
    assert tell_forum() == 1
    assert tell_forum() == 0
    assert told("forum_answered") == {ana, bo}
    letter = mail_of(Notice.objects.get(template="forum_answered", to=bo))
    said = f"{letter.subject}{letter.body}{letter.extra_headers}"
    assert "Thank you!" in said
    assert ANA not in said
    assert "Northwind" not in said
    assert "Popescu" not in said
    accepting.accept(topic.posts.get(body="993, I think."), wanted=True, by=ana, at=AT)
    tell_forum()
    assert told("forum_accepted") == {bo}
    assert post.card.name in letter.body


def test_new_topics_reach_who_follows_the_board_and_moderated_ones_when_shown(ana):
    engineer, board = make.make_engineer(), make.make_board()
    following.follow(board, wanted=True, by=engineer, at=AT)
    fresh = make.make_contact(make.make_organisation(name="New"))
    held = posting.ask(board, title="First", body="Hello", by=fresh, at=AT)
    tell_forum()
    assert told("forum_asked") == set()
    moderating.show(held.posts.get(), by=engineer, at=AT)
    tell_forum()
    assert told("forum_asked") == {engineer}
    assert told("forum_shown") == {fresh}
    following.follow(board, wanted=False, by=engineer, at=AT)
    posting.ask(board, title="Second", body="Hello", by=ana, at=AT)
    tell_forum()
    assert Notice.objects.filter(template="forum_asked").count() == 1


def test_who_may_not_read_it_any_more_hears_nothing(bo):
    board = make.make_board(audience="levels", levels=["premium"])
    topic = make.make_topic(board)
    following.follow(topic, wanted=True, by=bo, at=AT)
    posting.answer(topic, body="For Premium alone.", by=make.make_engineer(), at=AT)
    tell_forum()
    assert told("forum_answered") == set()


def test_what_was_hidden_since_is_not_mailed(topic, ana):
    posting.answer(topic, body="Buy cheap pills", by=make.make_engineer(), at=AT)
    post = topic.posts.latest("pk")
    moderating.hide(post, reason="It sells.", by=make.make_moderator(), at=AT)
    tell_forum()
    assert told("forum_answered") == set()
    letter = answered_to(topic, body="Later hidden")
    moderating.hide(topic.posts.latest("pk"), reason="x", by=make.make_moderator(), at=AT)
    assert read_no_more(ana, [letter]) == {letter.pk}


def test_an_answer_by_mail_stands_in_the_forum_without_its_signature(filtered, topic, ana, bo):
    following.follow(topic, wanted=True, by=bo, at=AT)
    to = mail_of(answered_to(topic)).extra_headers["Reply-To"]
    raw = proven(mail(SIGNED + "\n> 993.\n", sender=ANA, To=to, Message_ID="<a@northwind.example>"))
    kept = arrived(raw)
    assert kept.outcome == MailOutcome.MESSAGE
    post = Post.objects.get(by_mail=True)
    assert (post.body, post.state, post.topic) == ("Use port 993.", PostState.SHOWN, topic)
    assert not Incident.objects.exists()
    assert arrived(raw).outcome == MailOutcome.DUPLICATE
    assert Post.objects.filter(by_mail=True).count() == 1


def test_unproven_it_waits_and_of_somebody_else_it_is_no_answer(topic, ana, bo):
    to = mail_of(answered_to(topic)).extra_headers["Reply-To"]
    arrived(mail("Thank you.", sender=ANA, To=to))
    assert Post.objects.get(by_mail=True).state == PostState.HELD
    arrived(mail("Me too.", sender=bo.email, To=to, Message_ID="<b@x.example>"))
    assert Post.objects.filter(by_mail=True).count() == 1, "it was signed for somebody else"


def test_an_out_of_office_reply_is_no_answer_and_no_incident(topic, ana):
    to = mail_of(answered_to(topic)).extra_headers["Reply-To"]
    kept = arrived(mail("I am away.", sender=ANA, To=to, Auto_Submitted="auto-replied"))
    assert kept.outcome == MailOutcome.AUTOMATIC
    kept = arrived(
        mail("Away.", sender=ANA, To=to, Auto_Submitted="auto-generated", Message_ID="<c@x.de>")
    )
    assert kept.outcome == MailOutcome.AUTOMATIC
    assert not Post.objects.filter(by_mail=True).exists()
    assert not Incident.objects.exists()


@pytest.mark.parametrize("what", ("locked", "links"))
def test_what_is_not_taken_is_told_to_its_sender(filtered, topic, ana, what):
    to = mail_of(answered_to(topic)).extra_headers["Reply-To"]
    body = "But why?"
    if what == "locked":
        ordering.lock(topic, wanted=True, by=make.make_moderator(), at=AT)
    else:
        body = "see http://spam.example/x\n" * 40
    arrived(proven(mail(body, sender=ANA, To=to)))
    assert not Post.objects.filter(by_mail=True).exists()
    notice = Notice.objects.get(template="forum_not_taken", to=ana)
    assert ("locked" if what == "locked" else "40 links") in mail_of(notice).body


def test_the_team_answers_by_mail_when_it_is_proven(filtered, topic):
    engineer = make.make_engineer()
    following.follow(topic, wanted=True, by=engineer, at=AT)
    to = mail_of(answered_to(topic)).extra_headers["Reply-To"]
    ours = Ours(
        secret=settings.SECRET_KEY,
        domain=settings.MAIL_DOMAIN,
        local_part=str(settings.SUPPORT_ADDRESSES[0]).partition("@")[0],
    )
    assert ours.forum(to).topic == topic.pk
    assert ours.forum(to.replace(".", ".1", 1)) is None
    arrived(
        proven(mail("And 995.", sender=engineer.email, To=ours.for_forum(engineer.pk, topic.pk)))
    )
    assert Post.objects.get(by_mail=True).card.is_staff


def test_a_merged_topic_is_answered_where_it_went(filtered, topic, ana):
    to = mail_of(answered_to(topic)).extra_headers["Reply-To"]
    into = make.make_topic(topic.board)
    ordering.merge(topic, into, by=make.make_moderator(), at=AT)
    arrived(proven(mail("Still so.", sender=ANA, To=to)))
    assert Post.objects.get(by_mail=True).topic == into
