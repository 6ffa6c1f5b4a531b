"""An owner gives an incident back to the queue; and many at once never overfill an engineer."""

from functools import partial

import pytest
from django.urls import reverse

from core import rls
from core.errors import NotAllowed
from tests.at_once import at_once
from tests.factories import NINE, hours, make_engineer, make_manager, make_profile
from tests.tickets.desk import covered, filed, journal, told
from tickets.actions.dispatch.dispatching import dispatch
from tickets.actions.dispatch.ownership import release
from tickets.errors import AlreadyFinished, EmptyText, NobodyElse
from tickets.models import Incident

pytestmark = pytest.mark.django_db

WHY = "I leave for the airport."


def give_back(incident, by, **fields):
    return release(incident, by=by, at=NINE + hours(1), **{"reason": WHY} | fields)


def test_it_goes_to_another_who_is_told_why():
    ana, bob = make_engineer(name="Ana"), make_engineer(name="Bob")
    incident = filed(covered())
    had, gets = (ana, bob) if incident.owner == ana else (bob, ana)

    released = give_back(incident, had)

    assert released.owner == gets
    assert gets.email in told(incident, "incident_assigned")
    assert WHY in incident.dispatches.latest("pk").reason
    assert "incident.released" in journal(incident)
    assert incident.targets.get().due_at == NINE + hours(6)


def test_where_nobody_else_fits_it_stays_and_says_so():
    ana = make_engineer()
    incident = filed(covered())

    with pytest.raises(NobodyElse):
        give_back(incident, ana)

    assert Incident.objects.get().owner == ana
    assert "incident.released" not in journal(incident)


def test_what_can_not_be_given_back_is_refused():
    ana, other = make_engineer(), make_engineer(is_on_duty=False)
    incident = filed(covered())

    with pytest.raises(NotAllowed):
        give_back(incident, other)
    with pytest.raises(EmptyText):
        give_back(incident, ana, reason=" ")
    Incident.objects.update(state="solved", solved_at=NINE)
    with pytest.raises(AlreadyFinished):
        give_back(incident, make_manager())


def test_it_is_given_back_on_the_page(client):
    ana, bob = make_engineer(), make_engineer()
    incident = filed(covered())
    client.force_login(incident.owner)
    page_action = reverse("admin:incident_action", args=[incident.number, "release"])

    client.post(page_action, {"key": "k", "reason": WHY})

    assert {Incident.objects.get().owner, incident.owner} == {ana, bob}


def _dispatch(pks: list[int], number: int) -> None:
    with rls.everything():
        dispatch(Incident.objects.get(pk=pks[number]), at=NINE)


@pytest.mark.django_db(transaction=True)
def test_many_at_once_never_fill_an_engineer_beyond_their_room():
    with rls.everything():
        licence = covered()
        waiting = [filed(licence).pk for _ in range(6)]
        ana, bob = make_engineer(), make_engineer()
        for one in (ana, bob):
            make_profile(one, capacity=2)

    at_once(partial(_dispatch, waiting), workers=6)

    with rls.everything():
        loads = [Incident.objects.filter(owner=one).count() for one in (ana, bob)]
    assert loads == [2, 2]
