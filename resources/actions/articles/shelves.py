"""The categories of the knowledge base."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import Person
from core.errors import NotAllowed
from core.journal import record
from core.text import one_line
from resources import policies
from resources.errors import ArticleIncomplete, CategoryNamed
from resources.models import Category
from resources.rules.addresses import slug_of


@transaction.atomic
def keep_category(
    name: str, *, position: int, by: Person, at: datetime, old: Category | None = None
) -> Category:
    """A new one, or `old` under another name; its address stays. Errors: `NotAllowed`,
    `ArticleIncomplete`, `CategoryNamed`.
    """
    if not policies.may_keep_shelves(by):
        raise NotAllowed()
    name = one_line(name)[:80]
    if not name:
        raise ArticleIncomplete()
    one = old or Category(slug=slug_of(name))
    others = Category.objects.exclude(pk=one.pk)
    if others.filter(name=name).exists() or others.filter(slug=one.slug).exists():
        raise CategoryNamed(name=name)
    one.name, one.position = name, position
    one.save()
    record("category.kept", one, at=at, by=by, name=name)
    return one
