"""How often somebody may ask, counted in Redis so that workers agree."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.cache import cache
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

if TYPE_CHECKING:
    from rest_framework.views import APIView


def within(limit: int, name: str, *, seconds: int) -> bool:
    """Count one more of `name` in the running span of so many seconds; False above `limit`.

    One INCR, so that parallel requests all count. A desk without its cache still works, and limits
    nothing.
    """
    key = f"{name}:{int(time.time() // seconds)}"
    seen = cache.count(key, seconds=2 * seconds)  # type: ignore[attr-defined]  # a CalmCache
    return int(seen) <= limit


class PersonThrottle(BaseThrottle):
    """`API_REQUESTS_A_MINUTE` for each person."""

    def allow_request(self, request: Request, view: APIView) -> bool:
        if not request.user.is_authenticated:
            return True  # refused by the permission anyway
        name = f"throttle:{request.user.pk}"
        return within(settings.API_REQUESTS_A_MINUTE, name, seconds=60)

    def wait(self) -> float:
        return 60 - time.time() % 60
