"""How the online resources of the demo came about: written, reviewed, read and judged."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from accounts.enums import Role
from accounts.models import Organisation, Person
from axsupport.demo.online.articles import ARTICLES, SHELVES, Written
from resources.actions.articles.heard import note_answered, note_missed, vote
from resources.actions.articles.publishing import ask_review, publish, vouch_for
from resources.actions.articles.shelves import keep_category
from resources.actions.articles.writing import Draft, save_draft
from resources.enums import Answered
from resources.models import Article, Category

SEED = 4
NOT_FOUND = (("outlook 365 add-in", 7), ("archive to s3", 4), ("migrate from zimbra", 3))
WHY_NOT = (
    "It does not say where that menu is in 10.6",
    "The command answers: unknown parameter",
    "We have the Office edition, the page looks different",
)


def write_articles(begins: datetime, ends: datetime) -> None:
    """Forty articles over half a year; one is a draft, one in review, one was never checked."""
    random = Random(SEED)
    manager = Person.objects.filter(role=Role.MANAGER).order_by("pk")[0]
    writers = list(Person.objects.filter(role__in=(Role.TS1, Role.TS2)).order_by("pk"))
    shelves = [
        keep_category(name, position=10 * place, by=manager, at=begins)
        for place, name in enumerate(SHELVES)
    ]
    apart = (ends - begins) / (len(ARTICLES) + 1)
    for number, one in enumerate(ARTICLES):
        at = begins + apart * number
        version = save_draft(_draft(one, shelves), by=random.choice(writers), at=at)
        if number == len(ARTICLES) - 3:
            continue
        if number == len(ARTICLES) - 4:
            ask_review(version, by=version.written_by, at=at + timedelta(hours=1))
            continue
        publish(version, by=manager, at=at + timedelta(hours=20))
        until = (at + timedelta(days=150 if number % 7 == 0 else 365)).date()
        vouch_for(version.article, until=until, by=manager, at=at + timedelta(hours=20))


def _draft(one: Written, shelves: list[Category]) -> Draft:
    return Draft(
        title=one.title,
        summary=one.summary,
        body=one.body,
        category=shelves[one.shelf],
        audience=one.audience,
        levels=one.levels,
        editions=one.editions,
        versions=one.versions,
    )


def read_articles(customers: list[Organisation], ends: datetime) -> None:
    """What customers said of them, and looked for in vain."""
    random = Random(SEED)
    people = list(Person.objects.filter(organisation__in=customers).order_by("pk")[:20])
    read = Article.objects.exclude(live=None).exclude(live__audience="staff").order_by("pk")
    for article in read[:24]:
        for person in random.sample(people, 3):
            helped = random.random() < 0.8
            why = "" if helped else random.choice(WHY_NOT)
            at = ends - timedelta(days=random.randrange(1, 40))
            vote(article, helped=helped, why=why, by=person, at=at)
            if helped and random.random() < 0.3:
                note_answered(Answered.ARTICLE, article.pk, by=person, at=at)
    for words, times in NOT_FOUND:
        for number in range(times):
            note_missed(words, by=people[0], at=ends - timedelta(days=number))
