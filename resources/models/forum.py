"""The forum: boards, topics and posts, which customers of every organisation read together.

F3: a post names a public author card and nothing of its person. `Author` ties a card to the person
of a customer, and stands behind the wall between customers, with what an organisation chose
(`ForumChoice`) and what became an incident (`TopicIncident`). The other tables have no
organisation; docs/decisions/forum-behind-cards.md says why.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from entitlements.enums import Level
from entitlements.levels import level_choices
from entitlements.querysets import OwnedQuerySet
from resources.enums import Audience, CardKind, NewsOfForum, PostState
from resources.querysets.forum import (
    HELD_POSTS,
    LISTED,
    OPEN_REPORTS,
    TO_TELL,
    AuthorCardQuerySet,
    BoardQuerySet,
    ForumNewsQuerySet,
    PostQuerySet,
    PostReportQuerySet,
    TopicQuerySet,
)

PERSON = settings.AUTH_USER_MODEL


class Board(models.Model):
    """A subject of the forum, and who reads and writes there. Its address stays for ever."""

    name = models.CharField(max_length=80, unique=True)
    slug = models.SlugField(max_length=80, unique=True)
    what = models.CharField(max_length=200, blank=True, help_text="What belongs there")
    position = models.PositiveSmallIntegerField(default=0)
    audience = models.CharField(max_length=12, choices=Audience.choices)
    levels = ArrayField(
        models.CharField(max_length=10, choices=level_choices), default=list, blank=True
    )

    objects = BoardQuerySet.as_manager()

    class Meta:
        ordering = ["position", "name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(audience__in=Audience.values), name="board_known_audience"
            ),
            models.CheckConstraint(
                condition=Q(audience=Audience.LEVELS, levels__len__gt=0)
                | (~Q(audience=Audience.LEVELS) & Q(levels=[])),
                name="board_levels_where_levels_read",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("resources:board", args=[self.slug])

    @property
    def readers(self) -> str:
        """Who reads what is written there, in words: writers see it before they send."""
        if self.audience == Audience.LEVELS:
            names = ", ".join(str(Level(one).label) for one in self.levels)
            return f"customers with {names}, and our team"
        return {
            Audience.EVERYBODY: "everybody, without signing in",
            Audience.REGISTERED: "customers of every organisation, and our team",
        }.get(Audience(self.audience), "our own people alone")


class AuthorCard(models.Model):
    """What the forum says of an author, and all of it (FO1): a name, perhaps an organisation.

    A customer's has no `person`: `Author` knows whose it is. Posts are held until a moderator
    showed one of them: then the card is `welcomed_at` (FO3).
    """

    kind = models.CharField(max_length=8, choices=CardKind.choices)
    name = models.CharField(max_length=80)
    company = models.CharField(max_length=200, blank=True)
    person = models.OneToOneField(
        PERSON, models.PROTECT, null=True, blank=True, related_name="forum_card"
    )
    welcomed_at = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField()

    objects = AuthorCardQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=CardKind.CUSTOMER, person=None)
                | Q(kind__in=[CardKind.PARTNER, CardKind.STAFF], person__isnull=False, company=""),
                name="author_card_names_no_customer",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_staff(self) -> bool:
        return self.kind == CardKind.STAFF


class Author(models.Model):
    """Whose a customer's card is. Behind the wall: other organisations never reach this row."""

    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    person = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    card = models.OneToOneField(AuthorCard, models.PROTECT, related_name="author")

    objects = OwnedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "person"], name="forum_author_once")
        ]

    def __str__(self) -> str:
        return f"card {self.card_id}"


class ForumChoice(models.Model):
    """How an organisation's people are named in the forum; without a row by their first name."""

    organisation = models.OneToOneField("accounts.Organisation", models.PROTECT, related_name="+")
    full_name = models.BooleanField(default=False)
    with_company = models.BooleanField(default=False)
    changed_at = models.DateTimeField()

    objects = OwnedQuerySet.as_manager()

    def __str__(self) -> str:
        return f"names of {self.organisation_id}"


class Topic(models.Model):
    """A question and its answers. `state` is that of its first post; `last_at` when it grew last.

    A merged one holds no post any more: its address leads to `merged_into`. `answers` counts the
    shown posts after the first one.
    """

    board = models.ForeignKey(Board, models.PROTECT, related_name="topics")
    title = models.CharField(max_length=150)
    asked_by = models.ForeignKey(AuthorCard, models.PROTECT, related_name="topics")
    asked_at = models.DateTimeField()
    last_at = models.DateTimeField()
    answers = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=8, choices=PostState.choices)
    locked_at = models.DateTimeField(null=True, blank=True)
    accepted = models.OneToOneField(
        "Post", models.PROTECT, null=True, blank=True, related_name="accepted_of"
    )
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged"
    )
    article = models.ForeignKey(
        "Article", models.PROTECT, null=True, blank=True, related_name="topics"
    )

    objects = TopicQuerySet.as_manager()

    class Meta:
        ordering = ["-last_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="topic_has_a_title"),
            models.CheckConstraint(
                condition=Q(state__in=PostState.values), name="topic_known_state"
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | Q(answers=0, accepted=None),
                name="topic_merged_is_empty",
            ),
        ]
        indexes = [
            models.Index(fields=["board", "-last_at", "-id"], condition=LISTED, name="topic_list"),
            models.Index(fields=["-last_at", "-id"], condition=LISTED, name="topic_newest"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("resources:forum_topic", args=[self.board.slug, self.pk])


class Post(models.Model):
    """What somebody said; the first one of a topic is its question.

    `nonce` makes a second click on "Send" harmless. `reason` says why it was hidden or not taken.
    """

    topic = models.ForeignKey(Topic, models.PROTECT, related_name="posts")
    card = models.ForeignKey(AuthorCard, models.PROTECT, related_name="posts")
    is_first = models.BooleanField(default=False)
    body = models.TextField()
    html = models.TextField(editable=False)
    said_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=8, choices=PostState.choices)
    reason = models.CharField(max_length=300, blank=True)
    by_mail = models.BooleanField(default=False)
    nonce = models.CharField(max_length=64, blank=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        ordering = ["said_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(body=""), name="post_has_words"),
            models.CheckConstraint(condition=Q(state__in=PostState.values), name="post_state"),
            models.UniqueConstraint(
                fields=["topic"], condition=Q(is_first=True), name="topic_one_question"
            ),
            models.UniqueConstraint(
                fields=["card", "nonce"], condition=~Q(nonce=""), name="post_sent_once"
            ),
        ]
        indexes = [
            models.Index(fields=["topic", "-is_first", "said_at", "id"], name="post_of_topic"),
            models.Index(fields=["said_at", "id"], condition=HELD_POSTS, name="post_held"),
            models.Index(fields=["card", "-said_at"], name="post_of_card"),
        ]

    def __str__(self) -> str:
        return f"{self.card} on {self.topic_id}"

    def get_absolute_url(self) -> str:
        """Leads to its place on its topic's page, wherever that is by then."""
        return reverse("resources:post", args=[self.pk])

    @property
    def shown(self) -> SafeString:
        """Clean HTML (`core.markdown.render`), made when it was written."""
        return mark_safe(self.html)


class PostVersion(models.Model):
    """What a post said before it was edited: for its author and the moderators alone.

    Somebody who takes out a password that slipped in must not find it in a public history.
    """

    post = models.ForeignKey(Post, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    body = models.TextField()
    until = models.DateTimeField(help_text="When it was edited")

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["post", "number"], name="post_version_once")]

    def __str__(self) -> str:
        return f"{self.post_id} ({self.number})"


class PostReport(models.Model):
    """A reader says that a post does not belong here; moderators alone read it."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="reports")
    card = models.ForeignKey(AuthorCard, models.PROTECT, related_name="+")
    why = models.CharField(max_length=500)
    at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)

    objects = PostReportQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["post", "card"], condition=OPEN_REPORTS, name="post_reported_once"
            )
        ]
        indexes = [
            models.Index(fields=["at", "id"], condition=OPEN_REPORTS, name="post_report_open")
        ]

    def __str__(self) -> str:
        return f"{self.post_id} reported"


class Following(models.Model):
    """A card hears of each answer to a topic, or of each new topic of a board."""

    card = models.ForeignKey(AuthorCard, models.CASCADE, related_name="follows")
    topic = models.ForeignKey(Topic, models.CASCADE, null=True, related_name="followers")
    board = models.ForeignKey(Board, models.CASCADE, null=True, related_name="followers")
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(topic__isnull=False, board=None) | Q(topic=None, board__isnull=False),
                name="following_one_thing",
            ),
            models.UniqueConstraint(fields=["topic", "card"], name="following_topic_once"),
            models.UniqueConstraint(fields=["board", "card"], name="following_board_once"),
        ]

    def __str__(self) -> str:
        return f"{self.card_id} follows {self.topic_id or self.board_id}"


class ForumNews(models.Model):
    """Something that people are to be told of; a sweep does, since no customer reaches the others.

    `by` is who did it, and is not told.
    """

    kind = models.CharField(max_length=8, choices=NewsOfForum.choices)
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    by = models.ForeignKey(AuthorCard, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True)

    objects = ForumNewsQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        verbose_name_plural = "news of the forum"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=NewsOfForum.values), name="forum_news_known_kind"
            )
        ]
        indexes = [models.Index(fields=["at", "id"], condition=TO_TELL, name="forum_news_to_tell")]

    def __str__(self) -> str:
        return f"{self.kind} {self.post_id}"


class TopicIncident(models.Model):
    """An incident that a topic became. The incident is an upper room's: key and number alone."""

    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    topic = models.ForeignKey(Topic, models.PROTECT, related_name="incidents")
    incident_id = models.BigIntegerField(unique=True)
    number = models.CharField(max_length=20)
    at = models.DateTimeField()

    objects = OwnedQuerySet.as_manager()

    class Meta:
        ordering = [F("at").desc()]
        constraints = [
            models.UniqueConstraint(fields=["topic", "organisation"], name="topic_one_incident")
        ]

    def __str__(self) -> str:
        return self.number
