"""A desk with data of an earlier release is carried over."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.clusters import empty_database

ROOT = Path(__file__).resolve().parents[2]


def test_what_moved_to_another_room_is_found_there(tmp_path: Path) -> None:
    with empty_database(f"upgrade_{os.getpid()}") as url:
        done = subprocess.run(
            [sys.executable, "-m", "tests.core.old_release"],
            cwd=ROOT,
            env=os.environ
            | {
                "DATABASE_URL": url,
                "DATA_DIR": str(tmp_path),
                "DJANGO_SETTINGS_MODULE": "axsupport.settings",
            },
            capture_output=True,
            text=True,
        )

    assert done.stdout.strip().endswith("carried over"), done.stderr[-3000:]
