"""The customer whose month it is, and beside it, in every test, a stranger with a full one."""

import pytest

from tests.factories import make_organisation
from tests.reports.full_month import make_full_month


@pytest.fixture
def customer():
    return make_organisation(name="Northwind", timezone="Europe/Bucharest")


@pytest.fixture(autouse=True)
def stranger(request):
    """A figure that forgets for whom it counts would show this month."""
    if request.node.get_closest_marker("django_db") is None:
        return None
    request.getfixturevalue("every_organisation")
    return make_full_month()
