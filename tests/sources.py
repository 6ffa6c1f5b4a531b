"""The text of the repository, for tests that read it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Made by tools, written by others, or no text of ours.
SKIPPED = {"requirements", "vendor", "__pycache__", "pictures", "fonts", "icons", "look"}


def files(*suffixes: str, below: Path = ROOT) -> Iterator[Path]:
    """Every file with one of the suffixes, hidden folders left out."""
    for path in sorted(below.iterdir()):
        if path.name.startswith(".") or path.name in SKIPPED:
            continue
        if path.is_dir() and not path.is_symlink():
            yield from files(*suffixes, below=path)
        elif path.suffix in suffixes:
            yield path
