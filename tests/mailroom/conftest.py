"""Whom the tests of the mails hear from."""

import pytest

from tests.factories import make_contact
from tests.mailroom.arriving import ANA
from tests.mailroom.making import FILTER
from tests.tickets.desk import covered


@pytest.fixture
def ana():
    """A contact with Premium at nine."""
    return make_contact(covered().organisation, email=ANA)


@pytest.fixture
def filtered(settings):
    """A mail filter stands in front of the desk, and the operator named it."""
    settings.MAIL_AUTHSERV_IDS = frozenset({FILTER})
