"""Whom the team's forms offer: as the policy says of each, in one query; the action takes them."""

from datetime import date

import pytest

from accounts.enums import VENDOR_ROLES, Role
from accounts.models import Person
from engagements import policies
from engagements.actions import planning
from engagements.enums import State
from engagements.forms.spine import ours
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def engagement():
    organisation, other = make.make_organisation(), make.make_organisation()
    make.make_tam(organisation)
    make.make_tam(other)
    make.make_tam()
    for serves in ((), (organisation,), (other,), (organisation, other)):
        make.make_engineer(*serves)
    for role in (Role.TS2, Role.TS3, Role.MANAGER):
        make.make_engineer(role=role)
    make.make_engineer(is_active=False)
    make.make_contact(organisation)
    make.make_partner_engineer()
    return make.make_engagement(organisation, state=State.REQUESTED)


def test_who_may_join_is_offered_in_one_query(engagement, django_assert_num_queries):
    staff = Person.objects.active().filter(role__in=VENDOR_ROLES)
    may = {one.pk for one in staff if policies.may_join(one, engagement)}

    with django_assert_num_queries(1):
        offered = [one.pk for one in ours(engagement)]

    assert len(offered) == len(set(offered))
    assert set(offered) == may
    assert 0 < len(may) < staff.count()


def test_each_who_is_offered_may_answer_for_it(engagement):
    owner = next(one for one in ours(engagement) if one.role == Role.TS2)
    days = {"starts_on": date(2026, 3, 9), "golive_on": date(2026, 12, 1)}
    by = engagement.organisation.tam

    planning.take_up(engagement, owner=owner, **days, by=by, at=make.NINE)

    engagement.refresh_from_db()
    assert (engagement.owner, engagement.state) == (owner, State.RUNNING)
