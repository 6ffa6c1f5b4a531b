"""An article is made of a topic: its question, and the answer that helped."""

from __future__ import annotations

import re
from datetime import datetime

from django.db import transaction

from accounts.models import Person
from core.errors import NotAllowed
from core.journal import record
from resources import policies
from resources.actions.articles.writing import Draft, save_draft
from resources.actions.forum.posting import held_topic
from resources.enums import CardKind, PostState
from resources.errors import NoCategory, TopicHasArticle
from resources.models import Article, AuthorCard, Category, Post, Topic

LONGEST_PART = 8000  # characters of the question, and of the answer


@transaction.atomic
def article_of_topic(topic: Topic, *, by: Person, at: datetime) -> Article:
    """A draft without the names of its authors, which nobody reads before it was reviewed.

    It is for those who read the board. Errors: `NotAllowed`, `TopicHasArticle`, `NoCategory` and
    those of `save_draft`.
    """
    if not policies.may_moderate(by):
        raise NotAllowed()
    topic = held_topic(topic)
    if topic.article_id is not None:
        raise TopicHasArticle()
    shelf = Category.objects.first()
    if shelf is None:
        raise NoCategory()
    posts = topic.posts.filter(state=PostState.SHOWN)
    question = posts.filter(is_first=True).first()
    helped = topic.accepted or posts.filter(is_first=False, card__kind=CardKind.STAFF).last()
    names = _names(topic)
    body = f"# What happens\n\n{_part(question, names)}\n\n# What helps\n\n{_part(helped, names)}\n"
    draft = Draft(
        title=topic.title,
        body=body,
        category=shelf,
        audience=topic.board.audience,
        levels=topic.board.levels,
        change=f"Made of topic {topic.pk} of the forum",
    )
    version = save_draft(draft, by=by, at=at)
    topic.article = version.article
    topic.save(update_fields=["article"])
    record("forum.article_made", topic, at=at, by=by, article=version.article_id)
    return version.article


def _part(post: Post | None, names: re.Pattern[str] | None) -> str:
    if post is None:
        return ""
    text = post.body[:LONGEST_PART]
    return names.sub("…", text) if names is not None else text


def _names(topic: Topic) -> re.Pattern[str] | None:
    """What the cards of customers say: names that greet and sign in the posts."""
    cards = AuthorCard.objects.filter(posts__topic=topic, kind=CardKind.CUSTOMER).distinct()
    said = {one for card in cards for one in (card.name, card.company) if len(one) > 2}
    if not said:
        return None
    words = "|".join(re.escape(one) for one in sorted(said, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)")
