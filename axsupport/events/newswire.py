"""Hears from Redis what the desk published, and comes back however long Redis was away."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

logger = structlog.get_logger(__name__)

FIRST, LONGEST = 0.2, 5.0  # seconds between two tries
SILENT = 15.0  # seconds without a word, after which the line is tried


async def listen(
    url: str, line: str, tell: Callable[[dict[str, Any]], None], missed: Callable[[], None]
) -> None:
    """Call `tell` with each news for ever; `missed` when some may have been lost meanwhile."""
    pause, was_there = FIRST, False
    while True:
        try:
            async with (
                Redis.from_url(url, socket_connect_timeout=5) as redis,
                redis.pubsub(ignore_subscribe_messages=True) as heard,
            ):
                await heard.subscribe(line)
                await heard.ping()
                if was_there:
                    missed()
                pause, was_there = FIRST, True
                await _pass_on(heard, tell)
        except (RedisError, OSError) as error:
            logger.warning("redis away, pages ask by themselves", error=str(error))
        await asyncio.sleep(pause)
        pause = min(pause * 2, LONGEST)


async def _pass_on(heard: Any, tell: Callable[[dict[str, Any]], None]) -> None:
    asked = False
    while True:
        message = await heard.get_message(timeout=SILENT)
        if message is None:
            if asked:
                raise RedisError("no word")
            await heard.ping()
            asked = True
            continue
        asked = False
        if message["type"] != "message":
            continue
        try:
            news = json.loads(message["data"])
            tell({name: news[name] for name in ("event", "to", "facts", "same")})
        except (ValueError, KeyError, TypeError) as error:
            logger.error("news that can not be read", error=str(error))
