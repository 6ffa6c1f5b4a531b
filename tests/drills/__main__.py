"""Runs the drills that are named, or all: `python -m tests.drills [--folder DIR] [NAME ...]`.

With a folder the desk of the last run is used again, and kept.
"""

from __future__ import annotations

import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.drills import crowd, database_away, disk_full, redis_frozen, slow_things
from tests.drills.desk import Desk
from tests.drills.report import Line, table

DRILLS: dict[str, Callable[[Desk], list[Line]]] = {
    "redis": redis_frozen.run,
    "slow": slow_things.run,
    "database": database_away.run,
    "crowd": crowd.run,
}
DISK = "disk"  # on a desk of its own, on a disk of its own


@contextmanager
def running(desk: Desk) -> Iterator[Desk]:
    try:
        desk.wait()
        yield desk
    finally:
        desk.close()


def main() -> int:
    words = sys.argv[1:]
    kept = Path(words[1]) if words[:1] == ["--folder"] else None
    asked = words[2:] if kept else words
    asked = asked or [*DRILLS, DISK]
    if unknown := set(asked) - {*DRILLS, DISK}:
        known = ", ".join((*DRILLS, DISK))
        print(f"no such drill: {', '.join(sorted(unknown))}; there are {known}")
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # whoever ends us ends the desk, too
    started = time.monotonic()
    folder = kept or Path(tempfile.mkdtemp(prefix="axsupport-drills-"))
    folder.mkdir(exist_ok=True)
    lines: list[Line] = []

    def begin(name: str) -> None:
        print(f"[{time.monotonic() - started:6.1f} s] {name}", flush=True)

    try:
        if shared := [name for name in asked if name in DRILLS]:
            with running(Desk(folder)) as desk:
                for name in shared:
                    begin(name)
                    lines += DRILLS[name](desk)
        if DISK in asked:
            begin(DISK)
            lines += disk_full.run(folder)
    finally:
        if kept or any(one.wrong for one in lines) or not lines:
            print(f"the logs are in {folder}/data/log")
        else:
            shutil.rmtree(folder, ignore_errors=True)
    print(f"\n{table(lines)}\n\n{time.monotonic() - started:.0f} s")
    return 1 if any(one.wrong for one in lines) else 0


if __name__ == "__main__":
    sys.exit(main())
