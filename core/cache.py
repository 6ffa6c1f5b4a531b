"""The cache of the desk: a Redis that may be slow, frozen or away without anybody waiting for it.

What is kept there is a help, never the only record: limits, last runs, the counts of a menu. So a
Redis that does not answer is an empty cache. The first failure is logged, and for some seconds
nobody asks again, so that one page does not wait once for each of its questions.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TypeVar

import structlog
from django.core.cache.backends.redis import RedisCache
from redis import RedisError
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as NotConnected
from redis.retry import Retry

logger = structlog.get_logger(__name__)

T = TypeVar("T")

WAITS = 0.5  # seconds for a connection and for an answer; a Redis that works takes a thousandth
PAUSE = 5.0  # seconds that nobody asks after a failure

# A connection that the server closed meanwhile is opened again, once; silence is not asked twice.
OPTIONS: dict[str, Any] = {
    "socket_connect_timeout": WAITS,
    "socket_timeout": WAITS,
    "retry": Retry(NoBackoff(), 1, supported_errors=(NotConnected,)),
}

# By server, on the monotonic clock: Django makes a cache a thread, and one finds out for all.
_ask_again_at: dict[str, float] = {}


class CalmCache(RedisCache):
    """Django's Redis cache that answers as an empty one while Redis does not."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params | {"OPTIONS": OPTIONS | params.get("OPTIONS", {})})
        self._server = server

    def add(self, *args: Any, **options: Any) -> bool:
        """True while Redis is away: whoever asks for a lock or a first time goes on."""
        return self._asked(super().add, True, *args, **options)

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._asked(super().get, default, key, default, version)

    def set(self, *args: Any, **options: Any) -> None:
        self._asked(super().set, None, *args, **options)

    def touch(self, *args: Any, **options: Any) -> bool:
        return self._asked(super().touch, False, *args, **options)

    def delete(self, *args: Any, **options: Any) -> bool:
        return self._asked(super().delete, False, *args, **options)

    def get_many(self, *args: Any, **options: Any) -> dict[Any, Any]:
        return self._asked(super().get_many, {}, *args, **options)

    def has_key(self, *args: Any, **options: Any) -> bool:
        return self._asked(super().has_key, False, *args, **options)

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        """Raises ValueError for a key that is not there, so also while Redis is away."""
        found = self._asked(super().incr, None, key, delta, version)
        if found is None:
            raise ValueError(f"Key {key!r} not found")
        return found

    def count(self, key: str, *, seconds: int) -> int:
        """One more under the key, in one round trip; forgotten so long after the first.

        0 while Redis is away. Django's `incr` asks twice, and does not begin by itself.
        """
        return self._asked(self._count, 0, self.make_and_validate_key(key), seconds)

    def _count(self, key: str, seconds: int) -> int:
        with self._cache.get_client(key, write=True).pipeline(transaction=False) as line:
            line.incr(key)
            line.expire(key, seconds, nx=True)
            return int(line.execute()[0])

    def set_many(self, *args: Any, **options: Any) -> list[Any]:
        return self._asked(super().set_many, [], *args, **options)

    def delete_many(self, *args: Any, **options: Any) -> None:
        self._asked(super().delete_many, None, *args, **options)

    def _asked(self, ask: Callable[..., T], otherwise: T, *args: Any, **options: Any) -> T:
        if time.monotonic() < _ask_again_at.get(self._server, 0):
            return otherwise
        try:
            return ask(*args, **options)
        except (RedisError, OSError) as error:
            _ask_again_at[self._server] = time.monotonic() + PAUSE
            logger.warning("cache away: nothing is limited or remembered", error=str(error))
            return otherwise
