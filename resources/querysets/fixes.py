from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from resources.models import FixNews  # noqa: F401 -- quoted below

# What is still to be told; the index of the sweep is built on the same.
TO_TELL = Q(told_at=None)


class FixNewsQuerySet(models.QuerySet["FixNews"]):
    def to_tell(self, at: datetime) -> Self:
        """Those that somebody still waits for, the oldest first."""
        return self.filter(TO_TELL, at__lte=at).order_by("at", "pk")
