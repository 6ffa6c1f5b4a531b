"""Notifies the managers of holes in the rota: of each once, again only when it changed."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from accounts.enums import Role
from accounts.models import Person
from notices.outbox import notify
from rota.models import ToldGap
from rota.reads.cover import Gap, gaps

NAMED = 20  # gaps in one mail


@transaction.atomic
def notify_gaps(*, at: datetime) -> int:
    """Tell of what the next 14 days lack and nobody was notified of yet; how many gaps.

    What was closed is forgotten, so that it is notified when it opens again. Safe at once: the
    unique row of each gap is made by one of them alone.
    """
    found = gaps(at)
    still = Q(pk__in=())
    for one in found:
        still |= Q(starts_at=one.starts_at, ends_at=one.ends_at)
    ToldGap.objects.exclude(still).delete()
    fresh = []
    for one in found:
        kept, is_new = ToldGap.objects.get_or_create(
            starts_at=one.starts_at, ends_at=one.ends_at, defaults={"told_at": at}
        )
        if is_new:
            fresh.append((kept.pk, one))
    if fresh:
        _notify(fresh[0][0], [gap for _, gap in fresh], at)
    return len(fresh)


def _notify(first: int, fresh: list[Gap], at: datetime) -> None:
    for manager in Person.objects.active().filter(role=Role.MANAGER):
        notify(
            [manager],
            "rota_gaps",
            key=f"rota-gaps:{first}",
            at=at,
            gaps=[words_of(one, ZoneInfo(manager.timezone)) for one in fresh[:NAMED]],
            more=max(0, len(fresh) - NAMED),
            url=f"{settings.SITE_URL}/admin/rota/",
        )


def words_of(gap: Gap, zone: ZoneInfo) -> str:
    """`Tue 3 March 22:00 to Wed 4 March 06:00 EET`, in the reader's zone."""
    start = _words(gap.starts_at, zone) if gap.starts_at else "Already now"
    end = f"to {_words(gap.ends_at, zone)}" if gap.ends_at else "on, with nothing planned after it"
    return f"{start} {end} ({zone.key})"


def _words(at: datetime, zone: ZoneInfo) -> str:
    local = at.astimezone(zone)
    return f"{local:%a} {local.day} {local:%B %H:%M}"
