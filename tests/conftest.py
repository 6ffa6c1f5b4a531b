"""What every test with a database needs: an open wall, the catalogue, folders of its own."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import connection

from core import kept
from entitlements.actions import catalogue, catalogue_file
from entitlements.models import LevelVersion
from tests.factories import NINE


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What stays together in one process, and takes long, comes first: nobody waits for it alone.

    Tests that commit stay behind all others, where pytest-django has put them.

    A browser's test may fail once: the second time counts, and the first is printed as RERUN. Such
    a line is a fault to look for (most were haste that a quick user meets, too), not noise.
    """
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=1))

    def place(item: pytest.Item) -> tuple[bool, bool]:
        marker = item.get_closest_marker("django_db")
        commits = marker is not None and bool(marker.kwargs.get("transaction"))
        return commits, item.get_closest_marker("xdist_group") is None

    items.sort(key=place)


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Bytes name no test: those of an archive hold the second in which they were made, and two
    processes of xdist that read the tests in two seconds would know different ones."""
    return argname if isinstance(val, bytes) else None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test that is skipped has not passed: what it misses is a failure that says so."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"{reason}: no test is skipped; say what is missing and how to get it"
    return report


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """The tests' database is copied from one with all tables, where `tests.servers` has such."""
    connection.settings_dict["TEST"]["TEMPLATE"] = os.environ.get("TEST_TEMPLATE")


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
    kept.forget()  # what a test asks must not depend on the one before
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
def answers_go_out_at_once(settings: LazySettings) -> None:
    """Nobody takes one back, but where that is what is tested."""
    settings.UNDO_SECONDS = 0


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
