from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from engagements.models import RoadmapItem  # noqa: F401 -- quoted below

# What ships with a release of ours and has not; the index of the sweep is built on the same.
TO_SHIP = Q(ships_in__isnull=False, shipped_at=None)


class RoadmapQuerySet(models.QuerySet["RoadmapItem"]):
    def to_ship(self) -> Self:
        """Whose release is published and was not withdrawn; a beta build is none (BT3)."""
        out = Q(ships_in__published_at__isnull=False, ships_in__withdrawn_at=None)
        return self.filter(TO_SHIP).filter(out, ships_in__programme=None)
