"""`make up`: the whole desk from one command, until Ctrl-C.

Exit code 0 after a stop that was asked for, 1 with one sentence when something can not work.
"""

from __future__ import annotations

import errno
import os
import sys
import time

from axsupport.up import assets
from axsupport.up.options import Options
from axsupport.up.supervisor import Supervisor
from embedded.errors import ServiceError
from embedded.signals import Signals

_DISK_TROUBLE = {
    errno.ENOSPC: "is full: free some room",
    errno.EDQUOT: "has reached its quota: free some room",
    errno.EROFS: "can only be read: make it writable",
    errno.EIO: "fails: look at the system's log",
}


def main() -> int:
    started = time.monotonic()

    def say(text: str) -> None:
        show(f"[{time.monotonic() - started:6.1f} s] {text}\n")

    signals = Signals()
    signals.listen()
    try:
        options = Options.read(os.environ, checkout=assets.CHECKOUT)
        Supervisor(options, signals=signals, say=say, show=show).run()
    except ServiceError as refusal:
        complain(str(refusal))
        return 1
    except OSError as error:
        if error.errno not in _DISK_TROUBLE:
            raise
        trouble = _DISK_TROUBLE[error.errno]
        complain(f"The disk of the data folder {trouble}, or set DATA_DIR to another folder.")
        return 1
    return 0


def show(text: str) -> None:
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except (OSError, ValueError):
        return  # nobody reads us any more; that is no reason not to stop in order


def complain(sentence: str) -> None:
    try:
        print(sentence, file=sys.stderr, flush=True)
    except (OSError, ValueError):
        return


if __name__ == "__main__":
    sys.exit(main())
