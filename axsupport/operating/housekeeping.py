"""What nobody needs any more, removed by night."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import FileField

from notices.models import Notice
from resources.actions.releases.files import give_up_uploads
from tickets.actions.drafts import forget_drafts

logger = structlog.get_logger(__name__)

TOLD = timedelta(days=730)  # a notice is kept so long after it was sent or given up
YOUNG = timedelta(days=1)  # a file may be written before its row; after a day it has one, or none
AT_ONCE = 5000


def clear_sessions(at: datetime) -> int:
    """Sessions that ended."""
    ended = Session.objects.filter(expire_date__lt=at).values("pk")[:AT_ONCE]
    return Session.objects.filter(pk__in=ended).delete()[0]


def clear_notices(at: datetime) -> int:
    """Notices that went out two years ago. The journal keeps what happened."""
    old = Notice.objects.filter(sent_at__lt=at - TOLD, tells=None).values("pk")[:AT_ONCE]
    return Notice.objects.filter(pk__in=old).delete()[0]


def clear_drafts(at: datetime) -> int:
    """What somebody began to write and did not touch for three months."""
    return forget_drafts(at, most=AT_ONCE)


def clear_uploads(at: datetime) -> int:
    """Files of releases that began to come, and that nobody went on with for two days."""
    return give_up_uploads(at)


def clear_files(at: datetime) -> int:
    """Files older than a day that no row names: what an interrupted commit left behind."""
    root = Path(settings.MEDIA_ROOT)
    before = (at - YOUNG).timestamp()
    old = [one for one in root.rglob("*") if one.is_file() and one.stat().st_mtime < before]
    if not old:
        return 0
    named = set(_named())
    orphans = [one for one in old if str(one.relative_to(root)) not in named]
    for one in orphans:
        one.unlink(missing_ok=True)
        logger.info("file without a row removed", file=one.name)
    return len(orphans)


def _named() -> Iterator[str]:
    """The name of every file that some row of some model knows."""
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if isinstance(field, FileField):
                rows = model._default_manager.exclude(**{field.name: ""})
                yield from rows.values_list(field.name, flat=True).iterator()
