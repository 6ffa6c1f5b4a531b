"""What happens to a database before the first page."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clusters import migrated_database

ROOT = Path(__file__).resolve().parents[2]
# In one process, as most of the time goes into the import of the desk.
STORY = """
import sys
from pathlib import Path

from axsupport.up.prepare import main

sys.argv[1:] = ["--start-over"]
main()

from django.conf import settings
from django.utils import timezone
from core import rls
from core.models import JournalEntry

with rls.everything():
    JournalEntry.objects.create(kind="demo.begun", subject="demo", at=timezone.now())
attachment = Path(settings.MEDIA_ROOT, "attachment")
attachment.parent.mkdir(parents=True)
attachment.touch()
print("half a demo is there", flush=True)
main()
assert not attachment.exists()
print("and once more", flush=True)
main()
"""


@pytest.fixture
def surroundings(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a desk without a row, on the tests' own server."""
    name = f"prepare_{os.getpid()}"
    with migrated_database(name):
        yield os.environ | {
            "DATABASE_URL": os.environ["DATABASE_URL"].rpartition("/")[0] + f"/{name}",
            "DATA_DIR": str(tmp_path),
            "DEMO": "0",
            "DJANGO_SETTINGS_MODULE": "axsupport.settings",
        }


def run(environment: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *words], cwd=ROOT, env=environment, capture_output=True, text=True
    )


def test_half_a_demo_is_thrown_away_once_and_never_kept_for_a_whole_one(surroundings):
    done = run(surroundings, "-c", STORY)

    assert done.returncode == 0, done.stderr
    empty, _, rest = done.stdout.partition("half a demo is there")
    half, _, again = rest.partition("and once more")
    assert "starting over" in half
    assert "starting over" not in empty + again


def test_a_database_that_does_not_answer_is_one_sentence(tmp_path):
    away = {"DATABASE_URL": "postgres://x@127.0.0.1:1/x", "DATA_DIR": str(tmp_path)}

    done = run(os.environ | away, "-m", "axsupport.up.prepare")

    assert done.returncode == 2
    assert done.stderr.strip().splitlines()[-1].startswith("The database does not answer (")


def test_a_superuser_is_refused_with_one_sentence(surroundings):
    """As the role `postgres` of the tests' own cluster: nothing is migrated, nothing is started."""
    address = surroundings["DATABASE_URL"].replace("postgres://axsupport@", "postgres://postgres@")
    for command in (["-m", "axsupport.up.prepare"], ["-c", "import axsupport.wsgi"]):
        done = subprocess.run(
            [sys.executable, *command],
            cwd=ROOT,
            env=surroundings | {"DATABASE_URL": address},
            capture_output=True,
            text=True,
        )

        assert done.returncode in (1, 2), done.stderr
        said = done.stderr.strip().splitlines()[-1]
        assert "postgres walks through row-level security, since it is a superuser" in said
