"""Commands that run once, before the desk opens."""

from __future__ import annotations

import os
import selectors
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

from axsupport.services.errors import ServiceError
from axsupport.services.folder import DataFolder
from axsupport.services.keeper import explain
from axsupport.services.processes import Child, Family
from axsupport.services.signals import Signals

SENTENCE = 2  # the exit code of a command whose last line is one sentence for the operator


class Step:
    """A running command; its output goes to the log `name` and, line by line, to `say`."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        env: Mapping[str, str],
        cwd: Path,
        family: Family,
        folder: DataFolder,
        say: Callable[[str], None] | None = None,
    ) -> None:
        self._name = name
        self._family = family
        self._folder = folder
        self._say = say
        self._started = time.monotonic()
        self._last_line = ""
        self._child: Child = family.spawn(name, command, log=subprocess.PIPE, env=env, cwd=cwd)

    def finish(self, signals: Signals) -> float:
        """Wait for the end; the seconds it took. Raises ServiceError when the command failed.

        Raises StopAsked when somebody asks us to stop meanwhile; the family ends the command.
        """
        output = self._child.process.stdout
        assert output is not None  # we asked for a pipe
        with self._folder.log(self._name).open("ab") as log, output:
            self._follow(output, log, signals)
        while self._child.running:
            signals.pause(0.02)
        code = self._child.process.returncode
        self._family.forget(self._child)
        if code == SENTENCE and self._last_line:
            raise ServiceError(self._last_line)
        if code:
            reason = f"{self._name} failed with exit code {code}."
            raise ServiceError(f"{reason} {explain(self._folder, self._name)}")
        return time.monotonic() - self._started

    def _follow(self, output: IO[bytes], log: IO[bytes], signals: Signals) -> None:
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
                log.write(new)
                log.flush()
                *whole, begun = (begun + new).split(b"\n")
                self._show(whole)

    def _show(self, lines: list[bytes]) -> None:
        for line in lines:
            self._last_line = line.decode(errors="replace").rstrip() or self._last_line
            if self._say is not None:
                self._say(self._last_line)
