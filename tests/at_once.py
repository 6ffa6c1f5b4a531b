"""The same work in many real processes at the same moment, each with a connection of its own.

The processes come from a fork server that has imported Django once, and nothing else happened in
it: no connection, cache or thread of the tests is shared with them.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from threading import BrokenBarrierError
from typing import Any

import django
from django.apps import apps
from django.db import connection

if not apps.ready:  # in the fork server, which imports this module first
    django.setup()

PATIENCE = 120  # seconds until all have started, on a busy machine

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload([__name__, "axsupport.urls"])
_start: Any = None


def at_once(work: Callable[[int], Any], workers: int) -> list[Any]:
    """What each of so many processes gave, in their order; what one of them raised is raised.

    `work`, its arguments and results are pickled: a function of a module, or a `partial` of one.
    The rows that it needs are committed, so the test's database is a transactional one.
    """
    start = _context.Barrier(workers)
    name = connection.settings_dict["NAME"]
    with ProcessPoolExecutor(workers, _context, _join, (name, start)) as pool:
        waiting = [pool.submit(_one, work, number) for number in range(workers)]
        return [one.result() for one in waiting]


def _join(database: str, start: Any) -> None:
    """In each process, before its work: the test's database, and the moment to start."""
    global _start
    connection.settings_dict["NAME"] = database
    connection.ensure_connection()
    _start = start


def _one(work: Callable[[int], Any], number: int) -> Any:
    try:
        _start.wait(timeout=PATIENCE)
    except BrokenBarrierError as error:
        raise TimeoutError("the other processes did not come up in time") from error
    try:
        return work(number)
    finally:
        connection.close()
