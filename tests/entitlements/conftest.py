"""The shipped catalogue for every test here, also after a test that emptied the tables."""

from __future__ import annotations

import pytest

from entitlements.actions import catalogue, catalogue_file
from entitlements.models import LevelVersion
from tests.factories import NINE


@pytest.fixture(autouse=True)
def programme(request: pytest.FixtureRequest, every_organisation: None) -> None:
    if request.node.get_closest_marker("django_db") and not LevelVersion.objects.exists():
        shipped = catalogue_file.read(catalogue_file.SHIPPED.read_text(encoding="utf-8"))
        catalogue.load(shipped, at=NINE, by=None)
