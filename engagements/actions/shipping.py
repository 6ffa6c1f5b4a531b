"""An item of the roadmap ships: with a release of ours, or because somebody says so (rule 12)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from core import rls
from core.journal import record
from engagements.actions.common import tell_customer
from engagements.enums import RoadmapState, State
from engagements.models import FeatureRequest, RoadmapItem


@transaction.atomic
def ship(item: int, *, at: datetime) -> int:
    """The sweep's: its release is published, so it has shipped, and who asked hears of it.

    1 where that is so. Safe to repeat and to run anywhere at once.
    """
    due = RoadmapItem.objects.to_ship().filter(pk=item)
    held = due.select_for_update(of=("self",)).select_related("ships_in").first()
    if held is None or held.ships_in is None:
        return 0
    held.state, held.shipped_at = RoadmapState.SHIPPED, at
    held.release = held.ships_in.version
    held.save(update_fields=["state", "shipped_at", "release"])
    facts = {"title": held.title, "state": held.state.value, "release": held.release}
    record("roadmap.saved", held, at=at, by=None, rule="rule 12", **facts)
    tell_shipped(held, at=at)
    return 1


def tell_shipped(item: RoadmapItem, *, at: datetime) -> None:
    """Everybody whose request hangs on it, each once, of their own request and nobody else's.

    Whoever took the request back hears nothing. One that was not answered yet is still owed its
    answer; one that was answered with no hears that it came all the same.
    """
    with rls.everything():
        asked = FeatureRequest.objects.filter(item=item)
        rows = asked.exclude(engagement__state=State.CANCELLED).select_related(
            "engagement__organisation", "engagement__requested_by"
        )
        for one in rows.order_by("pk"):
            tell_customer(
                one.engagement,
                "engagement_shipped",
                key=f"shipped:{item.pk}:{one.pk}",
                at=at,
                item=item.title,
                release=item.release,
                answered={True: "yes", False: "no", None: ""}[one.is_yes],
            )
