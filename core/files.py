"""Files that are on the disk before the row that names them, and gone when that row never was."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import structlog
from django.core.files.storage import FileSystemStorage
from django.db import transaction

logger = structlog.get_logger(__name__)


class DurableStorage(FileSystemStorage):
    """Django's folder of files, each on the disk when `save` returns; a failure leaves nothing."""

    def _save(self, name: str, content: Any) -> str:
        try:
            stored: str = super()._save(name, content)  # type: ignore[misc]  # not in the stubs
        except OSError:
            Path(self.path(name)).unlink(missing_ok=True)  # what a full disk took of it
            raise
        path = Path(self.path(stored))
        _sync(path)
        for folder in path.parents:  # the name has to be there, too, and that of a new folder
            _sync(folder)
            if folder == Path(self.location):
                break
        _note(path)
        return stored


@dataclass
class Fresh:
    """The files of one transaction. `is_whole`: its work is done, only the commit is left."""

    paths: set[Path] = field(default_factory=set)
    is_whole: bool = False

    def remove(self) -> None:
        for path in self.paths:
            path.unlink(missing_ok=True)
            logger.info("file of an undone transaction removed", file=path.name)


# Of the present transaction; None outside of one.
_fresh: ContextVar[Fresh | None] = ContextVar("fresh files", default=None)


@contextmanager
def settling() -> Iterator[Fresh]:
    """Around a whole transaction: what it wrote is removed if it did not come about.

    Where nobody can say, since the line broke in the middle of the commit, files stay: a file
    without its row is harmless and cleared by night, a row without its file is a loss.
    """
    fresh = Fresh()
    before = _fresh.set(fresh)
    try:
        yield fresh
    except BaseException:
        if not fresh.is_whole:
            fresh.remove()
        raise
    else:
        fresh.remove()  # what is left was undone with a savepoint, or with all of it
    finally:
        _fresh.reset(before)


def _note(path: Path) -> None:
    fresh = _fresh.get()
    if fresh is not None:
        fresh.paths.add(path)
        # Not called where the savepoint that we are in is undone.
        transaction.on_commit(lambda: fresh.paths.discard(path))


def _sync(path: Path) -> None:
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
