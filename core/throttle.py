"""How many API requests a person may make, counted in Redis so that workers agree."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.cache import cache
from redis import RedisError
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

if TYPE_CHECKING:
    from rest_framework.views import APIView


class PersonThrottle(BaseThrottle):
    """`API_REQUESTS_A_MINUTE` for each person; one INCR, so that parallel requests all count."""

    def allow_request(self, request: Request, view: APIView) -> bool:
        if not request.user.is_authenticated:
            return True  # refused by the permission anyway
        minute = int(time.time() // 60)
        key = f"throttle:{request.user.pk}:{minute}"
        try:
            cache.add(key, 0, timeout=120)
            return bool(cache.incr(key) <= settings.API_REQUESTS_A_MINUTE)
        except (RedisError, ValueError):
            return True  # a desk without its cache still takes reports

    def wait(self) -> float:
        return 60 - time.time() % 60
