"""`python -m axsupport.events [--listen HOST:PORT] [--socket PATH]`: until SIGTERM or Ctrl-C."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import gc
import logging.config
import os
import signal
import sys
from pathlib import Path

import structlog

from axsupport.basics import broker, data_dir, secret_key
from axsupport.events import doorway, newswire
from axsupport.events.files import Files
from axsupport.events.hub import Hub
from axsupport.events.wire import Wire
from core.events.file_passes import FilePasses
from core.events.passes import Passes, line_of
from core.logs import configure_logging
from embedded.addresses import check_addresses
from embedded.errors import ServiceError

logger = structlog.get_logger(__name__)

TICK = 0.05  # seconds between two looks at what waits to be sent
SWEEPS, PINGS = 1.0, 20.0  # seconds between two sweeps, two words to each page


def main() -> int:
    options = argparse.ArgumentParser(prog="events")
    options.add_argument("--listen", metavar="HOST:PORT", help="where pages come by themselves")
    options.add_argument("--socket", type=Path, help="where the web server hands them over")
    asked = options.parse_args()
    try:
        check_addresses(os.environ.get("DATABASE_URL", ""), os.environ.get("REDIS_URL", ""))
    except ServiceError as refusal:
        print(refusal, file=sys.stderr)
        return os.EX_TEMPFAIL
    logging.config.dictConfig(
        {**configure_logging(), "root": {"handlers": ["console"], "level": "INFO"}}
    )
    asyncio.run(serve(asked.listen, asked.socket))
    return 0


async def serve(listen: str | None, place: Path | None) -> None:
    loop, hub = asyncio.get_running_loop(), Hub()
    stop, key = asyncio.Event(), secret_key(data_dir())
    for one in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(one, stop.set)
    passes = Passes(key)
    files = Files(data_dir() / "files", FilePasses(key), key, loop.time)

    def make() -> Wire:
        return Wire(hub, passes, files, loop.time)

    heard = loop.create_task(
        newswire.listen(
            broker(data_dir()),
            line_of(key),
            lambda news: hub.publish(news, loop.time()),
            lambda: hub.miss(loop.time()),
        )
    )
    async with contextlib.AsyncExitStack() as open_now:
        if listen:
            host, _, port = listen.rpartition(":")
            await open_now.enter_async_context(
                await loop.create_server(make, host.strip("[]"), int(port), backlog=512)
            )
        if place is not None:
            open_now.enter_context(doorway.opened(place, make))
        logger.info("listening", listen=listen, socket=str(place) if place else None)
        gc.freeze()
        beat = loop.create_task(_beat(hub))
        await stop.wait()
        for task in (heard, beat):
            task.cancel()
        for ear in list(hub.ears):
            ear.close()


async def _beat(hub: Hub) -> None:
    loop = asyncio.get_running_loop()
    swept = pinged = loop.time()
    while True:
        await asyncio.sleep(TICK)
        now = loop.time()
        if hub.dirty:
            hub.flush(now)
        if now - swept >= SWEEPS:
            swept = now
            hub.sweep(now)
        if now - pinged >= PINGS:
            pinged = now
            hub.ping()


if __name__ == "__main__":
    sys.exit(main())
