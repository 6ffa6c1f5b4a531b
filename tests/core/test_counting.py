"""Counting stops where nobody needs the number any more."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Person
from core.counting import Counted, count_up_to
from tests.factories import make_engineer

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("people", "said"), ((0, "0"), (2, "2"), (3, "3"), (4, "3+"), (6, "3+")))
def test_few_are_counted_and_many_are_more_than_so_many(people, said):
    for n in range(people):
        make_engineer(name=f"Engineer {n}")

    found = count_up_to(3, {"them": Person.objects.filter(name__startswith="Engineer")})

    assert str(found["them"]) == said
    assert bool(found["them"]) == (people > 0)


def test_all_numbers_come_in_one_statement_and_nothing_of_nothing():
    make_engineer()
    people = Person.objects.all()

    with CaptureQueriesContext(connection) as asked:
        found = count_up_to(9, {"all": people, "none": people.none()})

    assert found == {"all": Counted(1), "none": Counted(0)}
    assert len(asked) == 1
    assert count_up_to(9, {}) == {}
