"""Four workers at one mail of the day: one is made, with everything in it."""

from functools import partial

import pytest

from core import rls
from notices.digests.daily import send_digest
from notices.models import Notice
from tests.at_once import at_once
from tests.factories import NINE, hours, make_choices, make_engineer, make_notice

pytestmark = pytest.mark.django_db(transaction=True)


def _send(person: int, number: int) -> int:
    with rls.everything():
        return send_digest(person, at=NINE + hours(24))


def test_one_of_four_workers_makes_it():
    engineer = make_engineer()
    make_choices(engineer, wishes={"customer_wrote": "digest"})
    for _ in range(20):
        make_notice(
            to=engineer, template="incident_customer_wrote", is_collected=True, next_at=NINE
        )

    told = at_once(partial(_send, engineer.pk), 4)

    assert sorted(told) == [0, 0, 0, 20]
    digest = Notice.objects.get(template="digest")
    assert digest.context["count"] == digest.tells.count() == 20
