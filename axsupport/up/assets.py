"""Whether the collected files of the pages are still those of the sources."""

from __future__ import annotations

import hashlib
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]


def fingerprint(checkout: Path = CHECKOUT) -> str:
    """A digest of everything that `collectstatic` depends on.

    Our own files by size and time of change; those of packages by the lock file, since a package
    changes only with it.
    """
    digest = hashlib.sha256()
    for name in ("requirements/runtime.txt", "axsupport/settings.py"):
        digest.update((checkout / name).read_bytes())
    for path in sorted([*checkout.glob("static/**/*"), *checkout.glob("*/static/**/*")]):
        found = path.stat()
        if not path.is_dir():
            line = f"{path.relative_to(checkout)} {found.st_size} {found.st_mtime_ns}\n"
            digest.update(line.encode())
    return digest.hexdigest()
