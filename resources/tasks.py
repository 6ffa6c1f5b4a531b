"""Sweeps of the online resources: what was to be published by now."""

import time

from celery import shared_task

from core import rls, sweeps
from core.clock import database_now
from resources.actions.articles.publishing import publish_due
from resources.actions.beta.programmes import end_due
from resources.actions.forum.telling import tell as tell_of_forum
from resources.actions.newsletters.sending import work_off
from resources.actions.releases.keeping import publish_release_due
from resources.models import ArticleVersion, BetaProgramme, ForumNews, NewsletterIssue, Release

SECONDS = 20  # then other tasks have their turn


@shared_task
def publish_articles() -> int:
    """Publish the articles whose moment has come; how many."""
    at = database_now()
    with rls.everything():
        due = sweeps.due_ids(ArticleVersion.objects.to_publish(at))
    return sweeps.each(due, lambda pk: publish_due(pk, at=at), "articles")


@shared_task
def publish_releases() -> int:
    """Publish the releases whose moment has come; how many."""
    at = database_now()
    with rls.everything():
        due = sweeps.due_ids(Release.objects.to_publish(at))
    return sweeps.each(due, lambda pk: publish_release_due(pk, at=at), "releases")


@shared_task
def end_betas() -> int:
    """End the beta programmes whose last day is over; how many."""
    at = database_now()
    with rls.everything():
        due = sweeps.due_ids(BetaProgramme.objects.to_end(at.date()))
    return sweeps.each(due, lambda pk: end_due(pk, at=at), "betas")


@shared_task
def send_newsletters() -> int:
    """Gather the readers of issues that are due, a batch a transaction; how many steps were made.

    What a kill leaves is whole batches. After some seconds others have their turn, and one more
    run is asked for. The mails themselves are the outbox's.
    """
    deadline, steps = time.monotonic() + SECONDS, 0
    with rls.everything():
        due = sweeps.due_ids(NewsletterIssue.objects.to_work_off(database_now()))
    for pk in due:
        while sweeps.each([pk], lambda one: work_off(one, at=database_now()), "newsletters"):
            steps += 1
            if time.monotonic() > deadline:
                sweeps.again()
                return steps
    return steps


@shared_task
def tell_forum() -> int:
    """Owe the mails about what was asked, answered and decided in the forum; how many."""
    at = database_now()
    with rls.everything():
        due = sweeps.due_ids(ForumNews.objects.to_tell(at))
    return sweeps.each(due, lambda pk: tell_of_forum(pk, at=at), "forum", seconds=SECONDS)
