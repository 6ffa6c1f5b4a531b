import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from accounts.actions.organisations import save_organisation
from accounts.enums import Role
from accounts.errors import NoSuchCountry
from accounts.models import Invitation, Organisation, Partner, Person
from core.journal import entries_of
from core.models import JournalEntry
from notices.models import Notice
from tests.factories import (
    NINE,
    make_contact,
    make_engineer,
    make_invitation,
    make_manager,
    make_notice,
    make_organisation,
    make_partner,
    make_partner_engineer,
    make_tam,
)

pytestmark = pytest.mark.django_db
MODELS = (
    "accounts_person",
    "accounts_partner",
    "accounts_organisation",
    "accounts_invitation",
    "notices_notice",
)


@pytest.fixture
def manager(client, settings):
    settings.STAFF_NEED_SECOND_FACTOR = False
    person = make_manager()
    client.force_login(person)
    return person


def saved(client, url, **fields):
    """The answer to a form; its errors fail the test."""
    answer = client.post(url, fields)
    assert answer.status_code == 302, answer.context and answer.context["errors"]
    return answer


STAFF = {"timezone": "Europe/Berlin", "language": "en", "phone": "", "is_on_duty": "on"}


@pytest.mark.parametrize("model", MODELS)
def test_lists_open_for_managers(client, manager, model):
    make_notice(last_error="refused", attempts=1)
    make_invitation()
    make_partner()

    assert client.get(reverse(f"admin:{model}_changelist")).status_code == 200


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("maker", (make_tam, make_engineer, make_partner_engineer))
def test_lists_stay_shut_for_other_staff(client, settings, model, maker):
    settings.STAFF_NEED_SECOND_FACTOR = False
    client.force_login(maker())

    assert client.get(reverse(f"admin:{model}_changelist")).status_code == 403


def test_a_manager_adds_a_colleague_with_whom_they_serve(client, manager):
    organisation = make_organisation()
    url = reverse("admin:accounts_person_add")

    page = client.get(url)
    saved(
        client,
        url,
        email="dan@axigen.example",
        name="Dan",
        role="ts1",
        partner="",
        serves=[organisation.pk],
        **STAFF,
    )

    person = Person.objects.get(email="dan@axigen.example")
    assert page.status_code == 200
    assert list(person.serves.all()) == [organisation]
    assert [one.kind for one in entries_of(person)] == ["person.added", "person.assigned"]
    assert Notice.objects.get(to=person).template == "account_made"


def test_a_manager_changes_a_colleague(client, manager):
    person = make_engineer(make_organisation(), email="dan@axigen.example")
    url = reverse("admin:accounts_person_change", args=[person.pk])

    page = client.get(url)
    saved(
        client, url, email=person.email, name="Dan", role="ts2", partner="", is_lead="on", **STAFF
    )

    person.refresh_from_db()
    assert page.status_code == 200
    assert (person.name, person.role, person.is_lead) == ("Dan", Role.TS2, True)
    assert not person.assignments.exists()


def test_of_a_customers_person_a_manager_changes_only_the_role(client, manager):
    person = make_contact()
    url = reverse("admin:accounts_person_change", args=[person.pk])

    page = client.get(url)
    saved(client, url, role="admin_contact", email="other@evil.example", name="Other")

    person.refresh_from_db()
    assert page.status_code == 200
    assert person.role == Role.ADMIN_CONTACT
    assert person.email != "other@evil.example"


def test_a_partner_engineer_without_partner_is_refused_with_a_sentence(client, manager):
    answer = client.post(
        reverse("admin:accounts_person_add"),
        {"email": "p@b.example", "name": "P", "role": "partner", "partner": ""} | STAFF,
    )

    assert answer.status_code in (200, 400)
    assert not Person.objects.filter(email="p@b.example").exists()


def test_accounts_are_closed_and_opened_from_the_list(client, manager):
    person = make_contact()
    url = reverse("admin:accounts_person_changelist")

    client.post(
        url, {"action": "close", "sure": "yes", "_selected_action": [person.pk, manager.pk]}
    )
    person.refresh_from_db()
    manager.refresh_from_db()
    closed = (person.is_active, manager.is_active)
    client.post(url, {"action": "open_again", "_selected_action": [person.pk]})
    person.refresh_from_db()

    assert closed == (False, True)
    assert person.is_active


def test_nobody_deletes_people_or_organisations(client, manager):
    person = make_contact()

    gone = [
        client.post(reverse("admin:accounts_person_delete", args=[person.pk])),
        client.post(reverse("admin:accounts_organisation_delete", args=[person.organisation_id])),
    ]

    assert [one.status_code for one in gone] == [403, 403]


def test_a_manager_makes_and_changes_organisations_and_partners(client, manager):
    saved(client, reverse("admin:accounts_partner_add"), name="Lapland IT", language="fi")
    partner = Partner.objects.get()
    said = {
        "name": "Northwind",
        "slug": "northwind",
        "country": "FI",
        "language": "fi",
        "timezone": "Europe/Helsinki",
        "partner": partner.pk,
        "tam": "",
        "gold_default": "ask",
        "shares": "all",
    }
    saved(client, reverse("admin:accounts_organisation_add"), **said)
    organisation = Organisation.objects.get()
    url = reverse("admin:accounts_organisation_change", args=[organisation.pk])
    saved(client, url, **said | {"gold_default": "always"})

    organisation.refresh_from_db()
    assert (organisation.partner, organisation.gold_default) == (partner, "always")
    assert [one.kind for one in entries_of(organisation)] == [
        "organisation.made",
        "organisation.changed",
    ]
    assert JournalEntry.objects.filter(kind="partner.made", by=manager).exists()


def test_another_time_zone_asks_before_it_moves_the_end_of_contracts(client, manager):
    organisation = make_organisation(timezone="Europe/Helsinki", country="FI")
    url = reverse("admin:accounts_organisation_change", args=[organisation.pk])
    said = {
        "name": organisation.name,
        "slug": organisation.slug,
        "country": "FI",
        "language": "en",
        "timezone": "Europe/Berlin",
        "partner": "",
        "tam": "",
        "gold_default": organisation.gold_default,
        "shares": organisation.shares,
    }

    asked = client.post(url, said)
    assert "would end 1 hour later" in asked.content.decode()
    organisation.refresh_from_db()
    assert organisation.timezone == "Europe/Helsinki"

    saved(client, url, **said | {"timezone": "Europe/Bucharest"})  # the same clocks: nothing moves
    saved(client, url, **said | {"moves_ends": "on"})
    organisation.refresh_from_db()
    assert organisation.timezone == "Europe/Berlin"


def test_a_country_is_a_country(client, manager):
    organisation = make_organisation()
    url = reverse("admin:accounts_organisation_change", args=[organisation.pk])
    refused = client.post(url, {"name": "N", "country": "ZZ", "timezone": "UTC"})
    assert "Select a valid choice" in refused.content.decode()

    organisation.country = "ZZ"
    with pytest.raises(NoSuchCountry):
        save_organisation(organisation, by=manager, at=NINE)


def test_a_manager_invites_the_first_person_of_an_organisation(client, manager):
    organisation = make_organisation()

    saved(
        client,
        reverse("admin:accounts_invitation_add"),
        organisation=organisation.pk,
        email="ana@b.example",
        name="Ana",
        role="admin_contact",
    )

    assert Invitation.objects.get().organisation == organisation
    assert Notice.objects.get().address == "ana@b.example"


def test_invitations_are_withdrawn_from_the_list(client, manager):
    invitation = make_invitation()

    client.post(
        reverse("admin:accounts_invitation_changelist"),
        {"action": "withdraw", "_selected_action": [invitation.pk]},
    )

    invitation.refresh_from_db()
    assert invitation.withdrawn_at is not None


def test_given_up_notices_are_tried_again_from_the_list(client, manager):
    given_up = make_notice(given_up_at=NINE, attempts=10, last_error="refused")
    sent = make_notice(sent_at=NINE)

    answer = client.post(
        reverse("admin:notices_notice_changelist"),
        {"action": "try_again", "_selected_action": [given_up.pk, sent.pk]},
    )

    given_up.refresh_from_db()
    assert given_up.given_up_at is None
    said = " ".join(str(one) for one in get_messages(answer.wsgi_request))
    assert "1 will be tried again now." in said


@pytest.mark.parametrize("standing", ("failing", "given_up", "owed", "sent"))
def test_notices_are_narrowed_by_how_they_stand(client, manager, standing):
    make_notice(last_error="refused", attempts=1)
    make_notice(sent_at=NINE)

    url = reverse("admin:notices_notice_changelist")

    assert client.get(url, {"standing": standing}).status_code == 200


@pytest.mark.parametrize("maker", (make_manager, make_tam, make_engineer))
def test_staff_look_people_up(client, settings, maker):
    settings.STAFF_NEED_SECOND_FACTOR = False
    colleague = make_engineer(name="Dan Ionescu")
    client.force_login(maker())

    found = client.get(reverse("admin:people"), {"q": "ionescu"}).content.decode()

    assert colleague.email in found


def test_a_tam_finds_only_the_people_of_their_organisations(client, settings):
    settings.STAFF_NEED_SECOND_FACTOR = False
    our_organisation = make_organisation()
    ours, theirs = make_contact(our_organisation), make_contact()
    client.force_login(make_tam(our_organisation))

    page = client.get(reverse("admin:people")).content.decode()

    assert (ours.email in page, theirs.email in page) == (True, False)


@pytest.mark.parametrize("rows", (1, 3))
def test_people_list_costs_the_same_for_any_number_of_rows(
    client, manager, rows, django_assert_num_queries
):
    for _ in range(rows):
        make_contact()

    with django_assert_num_queries(11):
        client.get(reverse("admin:people"))
