"""The known defects of the API: for the vendor's people, changed by those who keep the list."""

from __future__ import annotations

import pytest

from accounts.enums import Role
from resources.models import Defect
from tests.factories import (
    make_contact,
    make_defect,
    make_engineer,
    make_incident,
    make_partner_engineer,
)
from tests.tickets.api.client import client_of
from tickets.models import Incident

pytestmark = pytest.mark.django_db

URL = "/api/v1/defects/"


@pytest.fixture
def developer():
    return client_of(make_engineer(role=Role.TS3, email="dev@axsupport.example"))


@pytest.mark.parametrize("how_many", (1, 3))
def test_the_list_counts_what_the_reader_sees_in_one_query(django_assert_max_num_queries, how_many):
    for _ in range(how_many):
        defect = make_defect()
        make_incident(defect=defect)
    api = client_of(make_engineer())
    api.get(URL)

    with django_assert_max_num_queries(9):
        answered = api.get(URL, {"state": "known"}).json()

    assert [one["incidents"] for one in answered["results"]] == [1] * how_many
    assert api.get(URL, {"state": "fixed"}).json()["results"] == []


def test_ts3_records_describes_fixes_and_opens_one_again(developer):
    said = {"number": "ax-777", "title": "Index grows", "workaround": "Compact it."}
    made = developer.post(URL, said, format="json")
    again = developer.post(URL, said, format="json")
    changed = developer.patch(f"{URL}AX-777/", {"state": "under_way"}, format="json")
    nothing = developer.post(f"{URL}AX-777/fix/", {}, format="json")
    fixed = developer.post(f"{URL}AX-777/fix/", {"build": "10.6.9"}, format="json")
    reopened = developer.post(f"{URL}AX-777/reopen/", {"reason": "On ZFS"}, format="json")

    assert (made.status_code, made.json()["workaround"]) == (201, "Compact it.")
    assert (again.status_code, again.json()["code"]) == (409, "defect_recorded")
    assert (changed.json()["state"], changed.json()["title"]) == ("under_way", "Index grows")
    assert nothing.status_code == 400
    assert (fixed.json()["state"], fixed.json()["fixed_in"]) == ("fixed", "10.6.9")
    assert (reopened.json()["state"], reopened.json()["fixed_at"]) == ("known", None)
    assert developer.patch(f"{URL}AX-777/", {"state": "fixed"}, format="json").status_code == 400
    assert developer.post(URL, {"number": "?", "title": "x"}, format="json").status_code == 400


def test_ts1_reads_and_changes_nothing_and_others_do_not_see_it():
    defect = make_defect(number="AX-12")
    ts1 = client_of(make_engineer())
    assert ts1.get(f"{URL}AX-12/").json()["title"] == defect.title
    assert ts1.patch(f"{URL}AX-12/", {"title": "x"}, format="json").status_code == 403
    assert ts1.post(URL, {"number": "AX-13", "title": "x"}, format="json").status_code == 403
    for stranger in (make_contact(), make_partner_engineer()):
        api = client_of(stranger)
        assert api.get(URL).json()["results"] == []
        for url, name in (("", "patch"), ("fix/", "post"), ("reopen/", "post")):
            asked = getattr(api, name)(f"{URL}AX-12/{url}", {"title": "x"}, format="json")
            assert asked.status_code == 404
    assert Defect.objects.get().title == defect.title
    assert not Incident.objects.exists()
