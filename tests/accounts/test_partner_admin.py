"""Local partners on their admin pages: whom they serve, who works there, what is journaled."""

import pytest
from django.urls import reverse

from accounts.models import Organisation, Partner
from core.journal import entries_of
from tests.factories import (
    make_engineer,
    make_manager,
    make_organisation,
    make_partner,
    make_partner_engineer,
)
from tests.tickets.staff_pages import asks

pytestmark = pytest.mark.django_db

PEOPLE = {"people-TOTAL_FORMS": 0, "people-INITIAL_FORMS": 0}
LIST = "admin:accounts_partner_changelist"


@pytest.fixture
def manager(client):
    person = make_manager()
    client.force_login(person)
    return person


def change_page(partner) -> str:
    return reverse("admin:accounts_partner_change", args=[partner.pk])


def saved(client, partner, *served, name="Lapland IT"):
    said = {"name": name, "language": "fi", "organisations": [one.pk for one in served]}
    answer = client.post(change_page(partner), said | PEOPLE)
    assert answer.status_code == 302, answer.context and answer.context["errors"]


def served_by(partner) -> set[Organisation]:
    return set(Organisation.objects.filter(partner=partner))


def moves(organisation):
    found = entries_of(organisation).filter(kind="organisation.partner")
    return [(one.facts["before"], one.facts["after"]) for one in found]


def test_a_manager_makes_a_partner_with_its_organisations(client, manager):
    first, second = make_organisation(), make_organisation()

    client.post(
        reverse("admin:accounts_partner_add"),
        {"name": "Lapland IT", "language": "fi", "organisations": [first.pk, second.pk]},
    )

    partner = Partner.objects.get()
    assert served_by(partner) == {first, second}
    assert moves(first) == [(None, partner.pk)]
    assert [one.kind for one in entries_of(partner)] == ["partner.made"]


def test_what_is_left_out_goes_back_and_what_is_taken_from_another_moves(client, manager):
    partner, other = make_partner(), make_partner()
    leaves, stays = make_organisation(partner=partner), make_organisation(partner=partner)
    comes = make_organisation(partner=other)

    saved(client, partner, stays, comes)
    saved(client, partner, stays, comes)

    assert (served_by(partner), served_by(other)) == ({stays, comes}, set())
    assert moves(leaves) == [(partner.pk, None)]
    assert moves(stays) == []
    assert moves(comes) == [(other.pk, partner.pk)]


def test_the_page_shows_its_people_and_leads_to_inviting_one(client, manager):
    partner = make_partner(language="fi")
    make_partner_engineer(partner, name="Aino Virtanen")
    make_partner_engineer(name="Of somebody else")
    make_organisation(partner=partner, name="Contoso")

    body = client.get(change_page(partner)).content.decode()

    assert "Aino Virtanen" in body
    assert "Of somebody else" not in body
    assert f"/admin/accounts/person/add/?role=partner&amp;partner={partner.pk}" in body
    assert "Contoso" in body


def test_the_invitation_is_filled_in_with_role_and_partner(client, manager):
    partner = make_partner(language="fi")

    url = reverse("admin:accounts_person_add")
    body = client.get(f"{url}?role=partner&partner={partner.pk}&language=fi").content.decode()

    for chosen in ('value="partner" selected', f'value="{partner.pk}" selected'):
        assert chosen in body


@pytest.mark.parametrize("rows", (1, 3))
def test_the_list_costs_the_same_for_any_number_of_partners(client, manager, rows):
    for _ in range(rows):
        partner = make_partner()
        make_organisation(partner=partner)
        make_partner_engineer(partner)
        make_partner_engineer(partner, is_active=False)

    with asks(6):
        body = client.get(reverse(LIST)).content.decode()

    assert body.count('<td class="field-served">1</td>') == rows
    assert body.count('<td class="field-engineers">1</td>') == rows


@pytest.mark.parametrize("make", (make_engineer, make_partner_engineer))
def test_nobody_else_changes_partners(client, make):
    partner, organisation = make_partner(), make_organisation()
    client.force_login(make())

    said = {"name": "Mine", "language": "fi", "organisations": [organisation.pk]}
    answer = client.post(change_page(partner), said | PEOPLE)

    assert answer.status_code == 403
    assert served_by(partner) == set()
