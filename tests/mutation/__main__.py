"""`make mutants`: starts the processes, gathers what they found, prints it.

MINUTES (15) bounds it: mutants are tried in an order that is by chance and always the same, as
many as there is time for. ONLY takes the modules of a glob ("tickets/rules/*", "*/year.py"),
PROCESSES (one a core) is how many try them. Ends with 1 when fewer than 90 of 100 are killed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from pathlib import Path

import tests.servers  # noqa: F401 - starts PostgreSQL and Redis

SLOTS = int(os.environ.get("PROCESSES", "0")) or os.cpu_count() or 2
AIM = 90  # per cent
KILLED, NOT_PATCHED = "killed", "not patched"
# Those that run no rules worth the time, or start processes.
LEFT_OUT = ("browser", "embedded", "core", "accounts", "test_strangers.py", "test_walls.py")


def main() -> int:
    minutes = float(os.environ.get("MINUTES", "15"))
    with tempfile.TemporaryDirectory(prefix="axsupport-mutants-") as made:
        folder, ends = Path(made), time.time() + 60 * minutes
        for process in [_start(slot, folder, ends) for slot in range(SLOTS)]:
            process.wait()
        found = [
            json.loads(line)
            for path in folder.glob("verdicts-*.jsonl")
            for line in path.read_text().splitlines()
        ]
        if not found:
            sys.stderr.write((folder / "log-0").read_text()[-3000:])
            return 1
        return _report(found, int((folder / "all").read_text()))


def _start(slot: int, folder: Path, ends: float) -> subprocess.Popen[bytes]:
    server, redis = os.environ["DATABASE_URL"], os.environ["REDIS_URL"]
    more = {
        "MUTANTS_SLOT": str(slot),
        "MUTANTS_SLOTS": str(SLOTS),
        "MUTANTS_FOLDER": str(folder),
        "MUTANTS_ENDS": str(ends),
        "DATABASE_URL": f"{server.rpartition('/')[0]}/mutants_{slot}",
        "REDIS_URL": redis.removesuffix("0") + str(2 * slot) if redis.endswith("?db=0") else redis,
    }
    words = ["-m", "pytest", "-q", "-p", "tests.mutation.plugin", "-p", "no:cacheprovider"]
    words += sys.argv[1:] or ["tests", *(f"--ignore=tests/{one}" for one in LEFT_OUT)]
    with (folder / f"log-{slot}").open("w") as log:
        return subprocess.Popen([sys.executable, *words], env=os.environ | more, stdout=log)


def _report(found: list[list[str]], of: int) -> int:
    by_package: dict[str, Counter[str]] = defaultdict(Counter)
    for _, path, verdict, _ in found:
        by_package[str(Path(path).parent)][verdict] += 1
    for key, _, verdict, many in sorted(found):
        if verdict not in (KILLED, NOT_PATCHED):
            print(f"{verdict} ({many} tests): {key}")
    print(f"\n{'package':34} {'killed':>7} {'survived':>9} {'per cent':>9}")
    for package, counted in sorted(by_package.items()):
        _line(package, counted)
    everything = sum(by_package.values(), Counter())
    _line(f"{len(found)} of {of} tried", everything)
    return 0 if _rate(everything) >= AIM else 1


def _line(name: str, counted: Counter[str]) -> None:
    survived = counted.total() - counted[KILLED] - counted[NOT_PATCHED]
    print(f"{name:34} {counted[KILLED]:7} {survived:9} {_rate(counted):9.1f}")


def _rate(counted: Counter[str]) -> float:
    tried = counted.total() - counted[NOT_PATCHED]
    return 100 * counted[KILLED] / tried if tried else 100.0


if __name__ == "__main__":
    sys.exit(main())
