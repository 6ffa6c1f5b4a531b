"""Sweeps of the online resources: what was to be published by now."""

from celery import shared_task

from core import rls, sweeps
from core.clock import database_now
from resources.actions.articles.publishing import publish_due
from resources.actions.releases.keeping import publish_release_due
from resources.models import ArticleVersion, Release


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
