"""What every test needs: a clock moment, an open wall, and the catalogue."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection

from core import rls


@pytest.fixture(autouse=True)
def every_organisation(request: pytest.FixtureRequest) -> Iterator[None]:
    """Tests that use the database see all rows; a request narrows that for its own time."""
    if request.node.get_closest_marker("django_db") is None:
        yield
        return
    request.getfixturevalue(
        "transactional_db" if _transactional(request) else "db"
    )
    if connection.in_atomic_block:
        with rls.everything():
            yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.scope', 'all', false)")
    yield


def _transactional(request: pytest.FixtureRequest) -> bool:
    marker = request.node.get_closest_marker("django_db")
    return bool(marker and marker.kwargs.get("transaction"))
