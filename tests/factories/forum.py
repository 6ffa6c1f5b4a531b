"""The forum: boards, cards, topics and posts, as they are after a moderator looked."""

from __future__ import annotations

from itertools import count
from typing import Any

from accounts.models import Organisation, Person
from resources.enums import Audience, CardKind, NewsOfForum, PostState
from resources.models import (
    Author,
    AuthorCard,
    Board,
    Following,
    ForumChoice,
    ForumNews,
    Post,
    PostReport,
    PostVersion,
    Topic,
    TopicIncident,
)
from tests.factories.base import NINE
from tests.factories.people import make_contact, make_engineer, make_organisation

numbers = count(1)


def make_board(**fields: Any) -> Board:
    number = next(numbers)
    defaults = {
        "name": f"Board {number}",
        "slug": f"board-{number}",
        "audience": Audience.REGISTERED,
    }
    return Board.objects.create(**defaults | fields)


def make_card(person: Person | None = None, **fields: Any) -> AuthorCard:
    """Of a customer's person known to the moderators, or of one of the vendor's."""
    person = person or make_contact()
    if person.organisation is None:
        of_staff = {"kind": CardKind.STAFF, "name": person.name, "person": person}
        return AuthorCard.objects.create(**of_staff | {"made_at": NINE} | fields)
    defaults = {
        "kind": CardKind.CUSTOMER,
        "name": person.name.split()[0],
        "made_at": NINE,
        "welcomed_at": NINE,
    }
    card = AuthorCard.objects.create(**defaults | fields)
    Author.objects.create(organisation=person.organisation, person=person, card=card)
    return card


def make_author(organisation: Organisation | None = None) -> Author:
    return Author.objects.get(card=make_card(make_contact(organisation)))


def make_topic(board: Board | None = None, **fields: Any) -> Topic:
    """With its question; `by` is a person or a card, `body` what the question says."""
    by = fields.pop("by", None)
    card = by if isinstance(by, AuthorCard) else make_card(by)
    body, state = fields.pop("body", "It does not start."), fields.pop("state", PostState.SHOWN)
    defaults = {
        "board": board or make_board(),
        "title": f"Question {next(numbers)}",
        "asked_by": card,
        "asked_at": NINE,
        "last_at": NINE,
        "state": state,
    }
    topic = Topic.objects.create(**defaults | fields)
    make_post(topic, by=card, body=body, is_first=True, state=state, said_at=topic.asked_at)
    return topic


def make_post(topic: Topic | None = None, **fields: Any) -> Post:
    """An answer that counts, unless `is_first` or its state say otherwise."""
    topic = topic or make_topic()
    by = fields.pop("by", None)
    card = by if isinstance(by, AuthorCard) else make_card(by)
    body = fields.setdefault("body", "Restart the IMAP service.")
    defaults = {"html": f"<p>{body}</p>", "said_at": NINE, "state": PostState.SHOWN}
    post = Post.objects.create(topic=topic, card=card, **defaults | fields)
    if not post.is_first and post.state == PostState.SHOWN:
        topic.answers += 1
        topic.save()
    return post


def make_post_version(post: Post | None = None, **fields: Any) -> PostVersion:
    post = post or make_post()
    number = post.versions.count() + 1
    defaults = {"body": "It said something else.", "until": NINE}
    return PostVersion.objects.create(post=post, number=number, **defaults | fields)


def make_post_report(post: Post | None = None, **fields: Any) -> PostReport:
    card = fields.pop("card", None) or make_card()
    defaults = {"why": "It sells something.", "at": NINE}
    return PostReport.objects.create(post=post or make_post(), card=card, **defaults | fields)


def make_following(topic: Topic | None = None, **fields: Any) -> Following:
    card = fields.pop("card", None) or make_card()
    return Following.objects.create(topic=topic or make_topic(), card=card, since=NINE)


def make_forum_news(post: Post | None = None, **fields: Any) -> ForumNews:
    defaults = {"kind": NewsOfForum.ANSWERED, "at": NINE}
    return ForumNews.objects.create(post=post or make_post(), **defaults | fields)


def make_forum_choice(organisation: Organisation | None = None, **fields: Any) -> ForumChoice:
    organisation = organisation or make_organisation()
    return ForumChoice.objects.create(organisation=organisation, changed_at=NINE, **fields)


def make_topic_incident(organisation: Organisation | None = None, **fields: Any) -> TopicIncident:
    number = next(numbers)
    defaults = {"incident_id": number, "number": f"AX-2026-{number:06}", "at": NINE}
    topic = fields.pop("topic", None) or make_topic()
    return TopicIncident.objects.create(
        organisation=organisation or make_organisation(), topic=topic, **defaults | fields
    )


def make_moderator() -> Person:
    """Anybody of the vendor."""
    return make_engineer()
