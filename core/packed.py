"""Style sheets, scripts and icons of our pages lie packed beside themselves once collected.

WhiteNoise serves the packed one to every browser that takes it: a first page weighs half. Only
files that our pages load: to pack all of the admin and of the API's pages takes most of a minute.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage

OURS = ("css/", "js/", "icons/", "vendor/", "django_htmx/htmx-2")
PACKED = (".css", ".js", ".svg")


class PackedStaticFiles(ManifestStaticFilesStorage):
    """Names carry a digest, so that browsers keep the files for good; texts have a `.gz` beside."""

    def post_process(self, *args: Any, **options: Any) -> Iterator[Any]:
        for name, made, processed in super().post_process(*args, **options):
            if made and name.startswith(OURS) and name.endswith(PACKED):
                pack(Path(self.path(made)))  # also where it lay there before, unchanged
            yield name, made, processed


def pack(path: Path) -> None:
    """Write `path` once more, packed; the same bytes give the same file."""
    packed = gzip.compress(path.read_bytes(), compresslevel=9, mtime=0)
    path.with_name(f"{path.name}.gz").write_bytes(packed)
