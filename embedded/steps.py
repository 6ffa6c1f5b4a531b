"""Commands that run once, before the desk opens."""

from __future__ import annotations

import os
import re
import selectors
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

from embedded.errors import ServiceError
from embedded.folder import DataFolder
from embedded.processes import Child, Family
from embedded.signals import Signals
from embedded.watcher import explain

SENTENCE = 2  # the exit code of a command whose last words are a sentence for the operator
_STAMP = re.compile(r"^\[ *[\d.]+ s\] ")  # the command's own; `say` has one already


class Step:
    """A running command; its errors go to the log `name` and its output, by lines, to `say`."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        env: Mapping[str, str],
        cwd: Path,
        family: Family,
        folder: DataFolder,
        say: Callable[[str], None],
    ) -> None:
        self._name = name
        self._family = family
        self._folder = folder
        self._say = say
        log = folder.log(name)
        self._child: Child = family.spawn(name, command, log=log, pipe=True, env=env, cwd=cwd)

    def finish(self, signals: Signals) -> None:
        """Wait for the end. Raises ServiceError when the command failed.

        Raises StopAsked when somebody asks us to stop meanwhile; the family ends the command.
        """
        output = self._child.process.stdout
        assert output is not None  # we asked for a pipe
        with output:
            self._follow(output, signals)
        while self._child.running:
            signals.pause(0.02)
        code = self._child.process.returncode
        self._family.forget(self._child)
        if code == SENTENCE:
            raise ServiceError(self._folder.log_end(self._name, lines=1).strip())
        if code:
            reason = f"{self._name} failed with exit code {code}."
            raise ServiceError(f"{reason} {explain(self._folder, self._name)}")

    def _follow(self, output: IO[bytes], signals: Signals) -> None:
        begun = b""
        with selectors.DefaultSelector() as selector:
            selector.register(output, selectors.EVENT_READ)
            while True:
                signals.pause(0)
                if not selector.select(0.1):
                    continue
                new = os.read(output.fileno(), 65536)
                if not new:
                    return
                *whole, begun = (begun + new).split(b"\n")
                for line in whole:
                    self._say(_STAMP.sub("", line.decode(errors="replace").rstrip()))
