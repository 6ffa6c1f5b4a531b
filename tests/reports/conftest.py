"""The customer whose month it is."""

import pytest

from tests.factories import make_organisation


@pytest.fixture
def customer():
    return make_organisation(name="Northwind", timezone="Europe/Bucharest")
