"""The routes of this room, below /api/v1/."""

from __future__ import annotations

from typing import Any

from engagements.api import delivered, engagements, training

ROUTES: list[tuple[str, Any, str]] = [
    *engagements.ROUTES,
    *delivered.ROUTES,
    *training.ROUTES,
]
