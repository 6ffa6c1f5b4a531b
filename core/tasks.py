"""The sweep of search: what was written and changed since is indexed."""

from __future__ import annotations

from collections.abc import Sequence

import structlog
from celery import shared_task
from django.db import transaction

from core import rls
from core.models import SearchOwed
from core.search import indexing
from core.sweeps import due_ids, in_batches

logger = structlog.get_logger(__name__)

MANY = 2000  # rows a run looks at: a few seconds of work; the rest is the next run's


@shared_task
def index_owed() -> int:
    """Index what changed; how many things. What fails waits behind the others."""
    with rls.everything():
        owed = due_ids(SearchOwed.objects.order_by("tries", "pk"), MANY)
    return in_batches(owed, _index, "search")


def _index(rows: Sequence[int]) -> int:
    if len(rows) > 1:
        return indexing.work_off(rows)
    try:
        with transaction.atomic():
            return indexing.work_off(rows)
    except Exception:  # the one row that is to blame: the others must not wait for it
        logger.exception("not indexed", row=rows[0])
        indexing.put_behind(rows[0])
        return 0
