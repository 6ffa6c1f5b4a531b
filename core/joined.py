"""Files of all pages that are fetched as one, kept as several.

`css/base.css` is what each page needs before it can be drawn. One request for it instead of four;
nothing is built: whoever collects or serves static files finds it here, as new as its parts.
"""

from __future__ import annotations

import builtins
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.checks import CheckMessage
from django.core.files.storage import FileSystemStorage, Storage

# What stands first is what the others build upon.
JOINED = {
    "css/base.css": (
        "vendor/bootstrap/bootstrap.min.css",
        "css/tokens.css",
        "css/axsupport.css",
        "css/components.css",
    ),
}


class JoinedFiles(finders.BaseFinder):
    """Addresses within a part must hold from the folder of the joined file, too."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.folder = Path(settings.DATA_DIR) / "joined"
        self.storage = FileSystemStorage(location=str(self.folder))

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        found = str(self._made(path)) if path in JOINED else None
        return ([found] if found else []) if find_all or kwargs.get("all") else found or []

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, Storage]]:
        for path in JOINED:
            self._made(path)
            yield path, self.storage

    def check(self, **kwargs: Any) -> builtins.list[CheckMessage]:
        return []

    def _made(self, path: str) -> Path:
        """Written anew where a part changed; two processes that do so at once write the same."""
        parts = [Path(str(finders.find(one))).read_bytes() for one in JOINED[path]]
        joined, made = b"\n".join(parts), self.folder / path
        if not made.exists() or made.read_bytes() != joined:
            made.parent.mkdir(parents=True, exist_ok=True)
            fresh = made.with_suffix(f".{id(self)}")
            fresh.write_bytes(joined)
            fresh.replace(made)
        return made
