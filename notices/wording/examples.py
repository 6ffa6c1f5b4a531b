"""With what a wording is tried: the facts of the last notice of its kind, or made up ones."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from notices.models import Notice
from notices.wording.language import placeholders

RECENT = 5000  # notices that are looked through: a rare kind has no index of its own

_MADE_UP: dict[str, object] = {
    "number": "AX-2026-000042",
    "subject": "Webmail shows an empty inbox",
    "organisation": "Northwind Traders",
    "licence": "AXIGEN Mail Server Business edition (AXG-B-1200-0042)",
    "level": "Premium",
    "tier": "TS2",
    "body": "Please restart the IMAP service, and tell us whether the inbox is there again.",
    "author": "Ioana Radu",
    "owner": "Ioana Radu",
    "contact": "Maria Popescu",
    "hours": 6,
    "minutes": 30,
    "percent": 75,
    "left": 2,
    "attempts": 3,
    "day": "31 December 2026",
    "month": "November 2026",
    "build": "10.6.2",
    "price": "EUR 490.00",
    "what": "Pack of 5 Gold incidents",
    "from_address": "203.0.113.9",
    "reasons": ["The subscription ended on 30 September 2026."],
    "remedies": ["Order FIRsT or Premium for this licence."],
    "gaps": ["Tuesday 22:00 to Wednesday 06:00"],
    "incidents": ["AX-2026-000042"],
    "packs": ["Pack 7 of Northwind Traders: 2 by its ledger, 3 by its balance"],
    "count": 2,
    "entries": [
        {
            "lines": ["[AX-2026-000042] Maria Popescu wrote: Webmail shows an empty inbox"],
            "url": f"{settings.SITE_URL}/admin/incidents/AX-2026-000042/",
        },
        {"lines": ["Premium ends on 31 December 2026: AXIGEN Mail Server"], "url": ""},
    ],
    "addresses": "maria@northwind.example",
    "address": "maria@northwind.example",
    "new_address": "maria.popescu@northwind.example",
}


def facts_for(kind: str, *, at: datetime) -> dict[str, Any]:
    """A context to fill the words in with."""
    recent = Notice.objects.order_by("-pk").values("pk")[:RECENT]
    real = Notice.objects.filter(pk__in=recent, template=kind, is_secret=False).order_by("-pk")
    last = real.first()
    if last is not None:
        return dict(last.context)
    return {name: _made_up(name, at) for name in placeholders(kind) if "." not in name}


def _made_up(name: str, at: datetime) -> object:
    if name.endswith("_at"):
        return (at + timedelta(hours=6)).isoformat()
    if name.endswith("url"):
        return f"{settings.SITE_URL}/an-example/"
    return _MADE_UP.get(name, name.replace("_", " ").capitalize())
