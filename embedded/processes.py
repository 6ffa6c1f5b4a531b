"""Child processes that can not outlive us.

Three nets, each for what the one before can not hold: PR_SET_PDEATHSIG where the kernel has it,
a watchdog process on a pipe (`watchdog.py`), and a record of who was started, from which the
next start clears what both have missed.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from embedded import watchdog
from embedded.identity import OURSELVES, Identity

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


@dataclass
class Child:
    name: str
    process: subprocess.Popen[bytes]
    stop_signal: signal.Signals

    @property
    def running(self) -> bool:
        return self.process.poll() is None


class Family:
    """The children of this process, and the watchdog that ends them when we can not.

    `record` is the JSON file that keeps their process ids for the next start. Not thread-safe,
    and to be used from the main thread only: the kernel's death signal follows the thread.
    """

    def __init__(self, record: Path) -> None:
        self._record = record
        self._children: dict[str, Child] = {}
        reader, self._pipe = os.pipe()
        self._watchdog = subprocess.Popen(
            [sys.executable, "-I", "-S", watchdog.__file__, str(reader)],
            pass_fds=[reader],
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        os.close(reader)

    @property
    def children(self) -> list[Child]:
        """Those not yet stopped or reaped, in the order of their start."""
        return list(self._children.values())

    def spawn(
        self,
        name: str,
        command: Sequence[str],
        *,
        log: Path,
        pipe: bool = False,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        stop_signal: signal.Signals = signal.SIGTERM,
        identity: Identity = OURSELVES,
    ) -> Child:
        """Start `command` in a session of its own; its output is appended to `log`.

        With `pipe` standard output comes to us instead, by the child's `process.stdout`.
        """
        with log.open("ab") as file:
            process = subprocess.Popen(
                [*identity.prefix, *command],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE if pipe else file,
                stderr=file,
                env=env,
                cwd=cwd,
                start_new_session=True,
                preexec_fn=_die_with_parent(stop_signal),
                user=identity.uid,
                group=identity.gid,
                extra_groups=None if identity.gid is None else [],
            )
        child = Child(name, process, stop_signal)
        self._children[name] = child
        self._notify_watchdog(f"+{process.pid} {int(stop_signal)}\n")
        self._write_record()
        return child

    def stop(
        self, child: Child, *, patience: float, hurry: Callable[[], bool] = lambda: False
    ) -> bool:
        """End `child` and its group; False when it had to be killed.

        That happens after `patience` seconds, or as soon as `hurry` says so.
        """
        if child.running:
            child.process.send_signal(child.stop_signal)
            wait_until(lambda: not child.running or hurry(), patience=patience)
        polite = not child.running
        self.forget(child)
        return polite

    def forget(self, child: Child) -> None:
        """Reap a child that ended, with whatever it left of its group, and strike it off."""
        _kill_group(child.process.pid)
        child.process.wait()
        if self._children.get(child.name) is child:
            del self._children[child.name]
        self._notify_watchdog(f"-{child.process.pid}\n")
        self._write_record()

    def close(self, *, patience: float = 10) -> None:
        """Stop who is left, latest first, and the watchdog."""
        for child in reversed(self.children):
            self.stop(child, patience=patience)
        os.close(self._pipe)
        self._watchdog.wait()
        self._record.unlink(missing_ok=True)

    def _notify_watchdog(self, line: str) -> None:
        try:
            os.write(self._pipe, line.encode())
        except BrokenPipeError:
            return  # somebody killed the watchdog; the two other nets hold

    def _write_record(self) -> None:
        facts = [
            {"pid": c.process.pid, "birth": birth(c.process.pid), "signal": int(c.stop_signal)}
            for c in self._children.values()
        ]
        fresh = self._record.with_suffix(".new")
        try:
            fresh.write_text(json.dumps(facts))
            fresh.rename(self._record)
        except OSError:  # a full disk must not keep us from stopping; two nets are left
            return


def clear_leftovers(record: Path, *, patience: float = 20) -> int:
    """End the children of a supervisor that was killed; the number of those found alive.

    Only processes that were born at the recorded moment are touched: an id may be reused.
    The caller holds the lock of the data folder.
    """
    try:
        facts = json.loads(record.read_text())
    except (OSError, ValueError):
        return 0
    found = [fact for fact in facts if fact["birth"] and birth(fact["pid"]) == fact["birth"]]
    for fact in found:
        _send(fact["pid"], fact["signal"])
    wait_until(
        lambda: not any(birth(fact["pid"]) == fact["birth"] for fact in found), patience=patience
    )
    for fact in facts:
        if fact in found:
            _kill_group(fact["pid"])
    record.unlink(missing_ok=True)
    return len(found)


def birth(pid: int) -> str | None:
    """When `pid` was started, in words only to be compared; None when it does not run."""
    try:
        if sys.platform == "linux":
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            return None if fields[0] in "ZX" else fields[19]
        shown = subprocess.run(
            ["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
        )
    except OSError:
        return None
    return shown.stdout.strip() or None


def command_line(pid: int) -> str:
    """The words `pid` was started with, joined by spaces; empty when it does not run."""
    try:
        if sys.platform == "linux":
            return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
        shown = subprocess.run(
            ["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
        )
    except OSError:
        return ""
    return shown.stdout


def wait_until(ready: Callable[[], bool], *, patience: float, step: float = 0.03) -> bool:
    """Ask `ready` every `step` seconds until it says yes; False after `patience` seconds."""
    deadline = time.monotonic() + patience
    while not ready():
        if time.monotonic() > deadline:
            return False
        time.sleep(step)
    return True


def _die_with_parent(number: signal.Signals) -> Callable[[], None]:
    parent = os.getpid()

    def before_exec() -> None:
        if _LIBC is not None:
            _LIBC.prctl(_PR_SET_PDEATHSIG, int(number), 0, 0, 0)
            if os.getppid() != parent:  # it was gone before we asked
                os._exit(1)

    return before_exec


def _kill_group(pid: int) -> None:
    try:
        os.killpg(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return  # all gone; macOS says "not permitted" of a group that only has zombies


def _send(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return
