"""What a process of `make mutants` does in place of pytest's loop over the tests.

First its share of the tests, to learn which of them run which lines of the rules and how long
they take. Then its share of the mutants: each in a fork of this process, in which everything is
imported and the database is there, so that a mutant costs its tests and nothing else.
"""

from __future__ import annotations

import json
import os
import random
import re
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import coverage
import hypothesis
import pytest
from _pytest.runner import runtestprotocol
from django.db import connections

from tests.mutation.operators import Mutant, mutants_of
from tests.mutation.patching import NotImportable, patch

ROOT = Path(__file__).resolve().parents[2]
RULES = ("*/rules/**/*.py", "mailroom/text/**/*.py")
MOST_TESTS, MOST_SECONDS = 300, 8.0  # a mutant: the quickest of those that run its line
SLOT, SLOTS = int(os.environ["MUTANTS_SLOT"]), int(os.environ["MUTANTS_SLOTS"])
FOLDER = Path(os.environ["MUTANTS_FOLDER"])
ONLY = os.environ.get("ONLY", "*")  # the modules to try
ENDS = float(os.environ["MUTANTS_ENDS"])  # time.time()
KILLED, SURVIVED, UNSEEN, NOT_PATCHED = "killed", "survived", "no test", "not patched"


def pytest_configure(config: pytest.Config) -> None:
    hypothesis.settings.register_profile(
        "mutants", deadline=None, derandomize=True, database=None, max_examples=25
    )
    hypothesis.settings.load_profile("mutants")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that commit, or start processes of their own, do not see our fork's faults."""

    def alone(item: pytest.Item) -> bool:
        marker = item.get_closest_marker("django_db")
        commits = marker is not None and bool(marker.kwargs.get("transaction"))
        return commits or any(item.iter_markers("browser")) or any(item.iter_markers("xdist_group"))

    items[:] = [item for item in items if not alone(item)]


def pytest_runtestloop(session: pytest.Session) -> bool:
    items = {item.nodeid: item for item in session.items}
    _learn(list(items.values()))
    lines, seconds = _learnt()
    connections.close_all()
    with (FOLDER / f"verdicts-{SLOT}.jsonl").open("w") as out:
        for mutant in _ours():
            if time.time() > ENDS:
                break
            tests = _chosen(mutant, lines, seconds)
            verdict = _judge(
                mutant, [items[one] for one in tests], sum(seconds[one] for one in tests)
            )
            out.write(json.dumps([mutant.key, mutant.path, verdict, len(tests)]) + "\n")
            out.flush()
    os._exit(0)  # the database and the servers are the starter's to clear away


def _ours() -> Iterator[Mutant]:
    """Our share of all, in an order that is by chance, and the same each time."""
    paths = sorted({path for glob in RULES for path in ROOT.glob(glob) if _is_asked_for(path)})
    found = [mutant for path in paths for mutant in mutants_of(ROOT, path)]
    random.Random(20260302).shuffle(found)
    if SLOT == 0:
        (FOLDER / "all").write_text(str(len(found)))
    yield from found[SLOT::SLOTS]


def _is_asked_for(path: Path) -> bool:
    return fnmatch(str(path.relative_to(ROOT)), ONLY)


def _learn(items: list[pytest.Item]) -> None:
    """Run our share of the tests under coverage, a context each, and write down what we saw."""
    cov = coverage.Coverage(
        data_file=None, config_file=False, include=[str(ROOT / one) for one in _as_globs()]
    )
    share, seconds = items[SLOT::SLOTS], {}
    cov.start()
    for item, following in zip(share, [*share[1:], share[0]], strict=True):
        cov.switch_context(item.nodeid)
        began = time.perf_counter()
        reports = runtestprotocol(item, nextitem=following, log=False)
        if not any(one.failed for one in reports):
            seconds[item.nodeid] = time.perf_counter() - began
        else:
            sys.__stderr__.write(f"fails without a mutant: {item.nodeid}\n")
    cov.stop()
    data = cov.get_data()
    seen = {
        str(Path(file).relative_to(ROOT)): {
            line: [one for one in tests if one in seconds]
            for line, tests in data.contexts_by_lineno(file).items()
        }
        for file in data.measured_files()
    }
    fresh = FOLDER / f"learnt-{SLOT}.new"
    fresh.write_text(json.dumps({"lines": seen, "seconds": seconds}))
    fresh.rename(FOLDER / f"learnt-{SLOT}.json")


def _as_globs() -> tuple[str, ...]:
    return ("*/rules/*", "mailroom/text/*")


def _learnt() -> tuple[dict[str, dict[int, list[str]]], dict[str, float]]:
    """What all of us have seen; waits for the others."""
    lines: dict[str, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    seconds: dict[str, float] = {}
    for slot in range(SLOTS):
        path = FOLDER / f"learnt-{slot}.json"
        while not path.exists():
            time.sleep(0.2)
        found = json.loads(path.read_text())
        seconds |= found["seconds"]
        for file, by_line in found["lines"].items():
            for line, tests in by_line.items():
                lines[file][int(line)] += tests
    return lines, seconds


def _chosen(
    mutant: Mutant, lines: dict[str, dict[int, list[str]]], seconds: dict[str, float]
) -> list[str]:
    """The quickest tests that run the mutant's lines, those of the rules themselves first."""
    known = lines.get(mutant.path, {})
    found = {test for line in range(mutant.first, mutant.last + 1) for test in known.get(line, ())}
    if not found and mutant.owner.isupper():  # a constant: read when the module was imported
        found = {test for line in _uses(mutant) for test in known.get(line, ())}
        found = found or {test for tests in known.values() for test in tests}
    ordered = sorted(found, key=lambda one: ("/rules/" not in one, seconds[one], one))
    chosen: list[str] = []
    took = 0.0
    for test in ordered[:MOST_TESTS]:
        took += seconds[test]
        if chosen and took > MOST_SECONDS:
            break
        chosen.append(test)
    return chosen


def _uses(mutant: Mutant) -> list[int]:
    """The lines of its module that name a constant."""
    named = re.compile(rf"\b{mutant.owner}\b")
    lines = (ROOT / mutant.path).read_text().splitlines()
    return [number for number, line in enumerate(lines, 1) if named.search(line)]


def _judge(mutant: Mutant, tests: list[pytest.Item], seconds: float) -> str:
    """In a fork, as its exit code says; one that does not end is killed, too."""
    if not tests:
        return UNSEEN
    child = os.fork()
    if not child:
        os._exit(_try(mutant, tests))
    ends = time.monotonic() + 20 + 10 * seconds
    while True:
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid:
            return {0: SURVIVED, 3: NOT_PATCHED}.get(os.waitstatus_to_exitcode(status), KILLED)
        if time.monotonic() > ends:
            os.kill(child, signal.SIGKILL)
        time.sleep(0.005)


def _try(mutant: Mutant, tests: list[pytest.Item]) -> int:
    quiet: Any = open(os.devnull, "w")  # noqa: SIM115 - the process ends with it
    sys.stdout = sys.stderr = quiet
    try:
        patch(ROOT, mutant)
    except NotImportable:
        return 1
    except BaseException:
        return 3
    try:
        for test, following in zip(tests, [*tests[1:], tests[0]], strict=True):
            if any(one.failed for one in runtestprotocol(test, nextitem=following, log=False)):
                return 1
    except BaseException:
        return 1
    return 0
