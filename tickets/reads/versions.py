"""Which version each licence ran, as reports named it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from tickets.models import Incident


def versions_reported(licences: Collection[int]) -> Mapping[int, tuple[datetime, str]]:
    """By the key of a licence, when its newest report that named a version came, and which."""
    reports = Incident.objects.filter(licence__in=licences).exclude(version="")
    newest = reports.order_by("licence", "-received_at", "-pk").distinct("licence")
    return {
        licence: (at, version)
        for licence, at, version in newest.values_list("licence", "received_at", "version")
    }
