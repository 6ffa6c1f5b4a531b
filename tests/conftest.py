"""What every test with a database needs: an open wall, the catalogue, folders of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import connection

from entitlements.actions import catalogue, catalogue_file
from entitlements.models import LevelVersion
from tests.factories import NINE


@pytest.fixture(autouse=True)
def every_organisation(request: pytest.FixtureRequest) -> Iterator[None]:
    """Tests that use the database see all rows; a request narrows that for its own time.

    Only in the test's own thread: other connections say for whom they work (`core.rls`).
    """
    marker = request.node.get_closest_marker("django_db")
    if marker is None:
        yield
        return
    request.getfixturevalue("transactional_db" if marker.kwargs.get("transaction") else "db")
    _open_the_wall("all", local=connection.in_atomic_block)
    _keep_the_catalogue()
    yield
    if not connection.in_atomic_block:
        _open_the_wall("", local=False)


@pytest.fixture(autouse=True)
def quick_passwords(settings: LazySettings) -> None:
    """A password hash is slow on purpose; tests keep no secrets."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def own_folders(settings: LazySettings, tmp_path: Path) -> None:
    """Attachments and mails of a test go where pytest clears them away.

    Style sheets are served as they lie in `static/`, so that no test waits for their collection.
    """
    settings.MEDIA_ROOT = str(tmp_path / "files")
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    served = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": served}
    settings.WHITENOISE_AUTOREFRESH = settings.WHITENOISE_USE_FINDERS = True


def _open_the_wall(scope: str, *, local: bool) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.scope', %s, %s)", [scope, local])


def _keep_the_catalogue() -> None:
    """A migration loads it; a test that really commits is cleaned up by emptying all tables."""
    if not LevelVersion.objects.exists():
        catalogue.load(catalogue_file.read(catalogue_file.SHIPPED.read_text()), at=NINE, by=None)
