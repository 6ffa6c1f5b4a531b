"""What 200 open desks cost that listen for events: CPU and memory of the events' process, latency.

The real process over a real Redis; the desks are connections of another process. 150 show the
queue, 50 an incident each; five changes a second are published.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import statistics
import sys
import tempfile
import time
from pathlib import Path

from redis.asyncio import Redis

from axsupport.up import commands
from core.events.passes import Pass, Passes, line_of
from embedded.processes import Family, wait_until
from tests.servers import start_redis

LISTS, INCIDENTS = 150, 50
A_SECOND, SECONDS = 5, 20
KEY = "a key for a bench, long enough to be one"


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="axsupport-bench-") as name:
        folder = Path(name)
        family = Family(folder / "processes.json")
        try:
            redis, port = start_redis(family, folder), _free_port()
            child = family.spawn(
                "events",
                commands.events(sys.executable, "--listen", f"127.0.0.1:{port}"),
                log=folder / "events.log",
                env={**os.environ, "REDIS_URL": redis, "SECRET_KEY": KEY},
                cwd=Path.cwd(),
            )
            assert wait_until(lambda: _answers(port), patience=30), "it does not start"
            asyncio.run(_measure(redis, port, child.process.pid))
        finally:
            family.close()


async def _measure(redis: str, port: int, pid: int) -> None:
    empty = _memory(pid)
    late: dict[str, list[float]] = {"list": [], "incident": []}
    tasks = [asyncio.create_task(_desk(port, number, late)) for number in range(LISTS + INCIDENTS)]
    await asyncio.sleep(3)  # all are there, and told who looks at what
    for heard in late.values():
        heard.clear()
    cpu, began = _cpu(pid), time.monotonic()
    await _publish(redis)
    spent, took = _cpu(pid) - cpu, time.monotonic() - began
    for task in tasks:
        task.cancel()
    print(f"{LISTS + INCIDENTS} open desks, {A_SECOND} changes a second, {took:.0f} s")
    print(f"  CPU      {100 * spent / took:5.1f} % of one core")
    print(f"  memory   {_memory(pid):5.0f} MB ({empty:.0f} MB before anybody came)")
    for name, heard in late.items():
        each = sorted(1000 * one for one in heard)
        median, worst = statistics.median(each), each[int(len(each) * 0.99)]
        print(f"  {name:8} {median:5.0f} ms median, {worst:.0f} ms of 99 in 100, {len(each)} heard")


async def _desk(port: int, number: int, late: dict[str, list[float]]) -> None:
    """One open page: what it hears, and how long after it was published."""
    of_incident = number >= LISTS
    thing = f"incident:{number % 100}"
    granted = Pass(
        number + 1,
        f"Engineer {number}",
        "vendor",
        "The vendor",
        hears=(thing,) if of_incident else ("incidents",),
        looks_at=thing if of_incident else "",
        shown_in=("incidents",) if of_incident else (),
    )
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    address = f"/events/?pass={Passes(KEY).sign(granted)}&tab={number}"
    writer.write(f"GET {address} HTTP/1.1\r\nHost: desk\r\n\r\n".encode())
    while line := await reader.readline():
        if line.startswith(b"data: ") and b'"sent"' in line:
            sent = json.loads(line[6:])["sent"]
            late["incident" if of_incident else "list"].append(time.time() - sent)


async def _publish(redis: str) -> None:
    async with Redis.from_url(redis) as line:
        for number in range(A_SECOND * SECONDS):
            thing = f"incident:{number % 100}"
            facts = {"incident": number % 100, "version": number, "sent": time.time()}
            news = {"event": "changed", "to": [thing, "incidents"], "facts": facts, "same": thing}
            await line.publish(line_of(KEY), json.dumps(news))
            await asyncio.sleep(1 / A_SECOND)
        await asyncio.sleep(1.5)


def _cpu(pid: int) -> float:
    """Seconds of CPU that the process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _memory(pid: int) -> float:
    """Its resident memory in megabytes."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


if __name__ == "__main__":
    main()
