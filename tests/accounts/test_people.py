import threading
from functools import partial

import pytest
from django.db import connection
from django.urls import reverse

from accounts.actions.organisations import save_organisation, save_partner, set_gold_default
from accounts.actions.people import (
    add_staff,
    assign,
    change_role,
    change_staff,
    deactivate,
    reactivate,
)
from accounts.enums import GoldDefault, Role
from accounts.errors import (
    AddressTaken,
    LastAdminContact,
    LastManager,
    NotForCustomers,
    NotForStaff,
    NotYourPeople,
    NotYourself,
)
from accounts.models import Invitation, Organisation, Partner, Person
from core import rls
from core.journal import entries_of
from notices.models import Notice
from tests.factories import (
    NINE,
    make_admin_contact,
    make_contact,
    make_engineer,
    make_invitation,
    make_manager,
    make_organisation,
    make_partner,
    make_tam,
)

pytestmark = pytest.mark.django_db


def test_an_admin_contact_makes_a_colleague_one_too():
    admin = make_admin_contact()
    person = make_contact(admin.organisation)

    change_role(person, role=Role.ADMIN_CONTACT, by=admin, at=NINE)

    person.refresh_from_db()
    assert person.role == Role.ADMIN_CONTACT
    assert entries_of(person).get().facts == {"before": "contact", "after": "admin_contact"}


@pytest.mark.parametrize(
    "page_action", (partial(change_role, role=Role.CONTACT), deactivate), ids=("role", "close")
)
def test_the_last_admin_contact_stays(page_action):
    manager, admin = make_manager(), make_admin_contact()
    make_admin_contact(admin.organisation, is_active=False)

    with pytest.raises(LastAdminContact, match=admin.name):
        page_action(admin, by=manager, at=NINE)

    admin.refresh_from_db()
    assert (admin.role, admin.is_active) == (Role.ADMIN_CONTACT, True)


@pytest.mark.django_db(transaction=True)
def test_two_admin_contacts_who_step_down_at_once_do_not_leave_nobody():
    first = make_admin_contact()
    second = make_admin_contact(first.organisation)
    together, results = threading.Barrier(2), []

    def step_down(person: Person) -> None:
        together.wait()
        try:
            with rls.everything():
                change_role(person, role=Role.CONTACT, by=person, at=NINE)
            results.append("down")
        except LastAdminContact:
            results.append("stays")
        connection.close()

    threads = [threading.Thread(target=step_down, args=[one]) for one in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(results) == ["down", "stays"]


def test_the_last_manager_stays():
    manager = make_manager()

    with pytest.raises(LastManager):
        change_staff(manager, role=Role.TS1, by=manager, at=NINE)


def test_nobody_closes_their_own_account():
    admin = make_admin_contact()

    with pytest.raises(NotYourself):
        deactivate(admin, by=admin, at=NINE)


@pytest.mark.parametrize("maker", (make_contact, make_admin_contact, make_engineer, make_tam))
def test_people_of_others_are_not_to_be_touched(maker):
    person, stranger = make_contact(), maker()

    for page_action in (deactivate, reactivate):
        with pytest.raises(NotYourPeople):
            page_action(person, by=stranger, at=NINE)
    with pytest.raises(NotYourPeople):
        change_role(person, role=Role.ADMIN_CONTACT, by=stranger, at=NINE)


def test_a_customers_person_never_becomes_staff_nor_staff_a_customers_person():
    manager, engineer, contact = make_manager(), make_engineer(), make_contact()

    with pytest.raises(NotForCustomers):
        change_role(contact, role=Role.MANAGER, by=manager, at=NINE)
    with pytest.raises(NotForCustomers):
        change_role(engineer, role=Role.CONTACT, by=manager, at=NINE)


def test_new_staff_are_mailed_how_to_set_their_password():
    person = add_staff(
        email="cse@axigen.example", name="Dan", role=Role.TS1, at=NINE, by=make_manager()
    )

    notice = Notice.objects.get(to=person)
    assert notice.template == "account_made"
    assert not person.has_usable_password()


@pytest.mark.parametrize(
    ("role", "with_partner"), ((Role.CONTACT, False), (Role.PARTNER, False), (Role.TS1, True))
)
def test_staff_have_a_role_of_staff_and_only_a_partners_a_partner(role, with_partner):
    with pytest.raises(NotForStaff):
        add_staff(
            email="a@b.example",
            name="A",
            role=role,
            partner=make_partner() if with_partner else None,
            at=NINE,
            by=make_manager(),
        )


def test_an_address_belongs_to_one_person_whatever_its_case():
    make_contact(email="ana@northwind.example")

    with pytest.raises(AddressTaken):
        add_staff(
            email="Ana@Northwind.example", name="A", role=Role.TS1, at=NINE, by=make_manager()
        )


def test_only_managers_change_staff_partners_and_organisations():
    tam, engineer = make_tam(), make_engineer()

    with pytest.raises(NotYourPeople):
        change_staff(engineer, name="X", by=tam, at=NINE)
    with pytest.raises(NotYourPeople):
        assign(engineer, [], by=tam, at=NINE)
    with pytest.raises(NotYourPeople):
        save_partner(Partner(name="X"), by=tam, at=NINE)
    with pytest.raises(NotYourPeople):
        save_organisation(Organisation(name="X", slug="x"), by=tam, at=NINE)


def test_assigning_replaces_whom_an_engineer_serves_and_is_written_down():
    old, new, manager = make_organisation(), make_organisation(), make_manager()
    engineer = make_engineer(old)

    assign(engineer, [new], by=manager, at=NINE)
    assign(engineer, [new], by=manager, at=NINE)

    assert list(Organisation.objects.visible_to(engineer)) == [new]
    assert entries_of(engineer).get().facts == {"before": [old.pk], "after": [new.pk]}


def test_the_admin_contact_says_when_gold_is_spent():
    organisation = make_organisation()
    admin = make_admin_contact(organisation)

    set_gold_default(organisation, value=GoldDefault.ALWAYS, by=admin, at=NINE)

    organisation.refresh_from_db()
    assert organisation.gold_default == GoldDefault.ALWAYS


# The pages.


def test_people_page_shows_colleagues_and_invitations_and_no_others(client):
    admin = make_admin_contact()
    colleague, stranger = make_contact(admin.organisation), make_contact()
    ours = make_invitation(organisation=admin.organisation, invited_by=admin)
    theirs = make_invitation()
    client.force_login(admin)

    page = client.get(reverse("accounts:people")).content.decode()

    assert [one.email in page for one in (colleague, stranger, ours, theirs)] == [
        True,
        False,
        True,
        False,
    ]


@pytest.mark.parametrize("rows", (1, 3))
def test_people_page_costs_the_same_for_any_number_of_rows(client, rows, django_assert_num_queries):
    admin = make_admin_contact()
    for _ in range(rows):
        make_contact(admin.organisation)
        make_invitation(organisation=admin.organisation, invited_by=admin)
    client.force_login(admin)
    # 2 savepoints of the test, 4 times the wall; session, person, people, invitations, their menu,
    # the banner of advisories

    with django_assert_num_queries(14):
        client.get(reverse("accounts:people"))


def test_an_ordinary_contact_has_no_people_page(client):
    client.force_login(make_contact())

    assert client.get(reverse("accounts:people")).status_code == 404
    assert client.post(reverse("accounts:invite"), {"email": "a@b.example"}).status_code == 404


def test_inviting_on_the_page_owes_a_mail(client):
    client.force_login(make_admin_contact())

    answer = client.post(
        reverse("accounts:invite"), {"email": "new@b.example", "name": "", "role": "contact"}
    )

    assert answer.status_code == 302
    assert Notice.objects.get().address == "new@b.example"


def test_a_refused_invitation_keeps_the_form_and_writes_nothing(client):
    admin = make_admin_contact(email="ana@b.example")
    client.force_login(admin)

    answer = client.post(
        reverse("accounts:invite"), {"email": "ana@b.example", "name": "", "role": "contact"}
    )

    assert answer.status_code == 409
    assert "is already one of your people" in answer.content.decode()
    assert not Invitation.objects.exists()


def test_roles_and_accounts_are_changed_on_the_page(client):
    admin = make_admin_contact()
    person = make_contact(admin.organisation)
    client.force_login(admin)

    client.post(reverse("accounts:role", args=[person.pk]), {"role": "admin_contact"})
    client.post(reverse("accounts:deactivate", args=[person.pk]))

    person.refresh_from_db()
    assert (person.role, person.is_active) == (Role.ADMIN_CONTACT, False)

    client.post(reverse("accounts:reactivate", args=[person.pk]))
    person.refresh_from_db()
    assert person.is_active


def test_the_only_admin_contact_can_not_step_down_on_the_page(client):
    admin = make_admin_contact()
    client.force_login(admin)

    answer = client.post(reverse("accounts:role", args=[admin.pk]), {"role": "contact"})

    assert answer.status_code == 409
    assert "is the only admin contact" in answer.content.decode()


def test_withdrawing_and_the_gold_default_work_on_the_page(client):
    organisation = make_organisation()
    admin = make_admin_contact(organisation)
    invitation = make_invitation(organisation=organisation, invited_by=admin)
    client.force_login(admin)

    client.post(reverse("accounts:withdraw", args=[invitation.pk]))
    client.post(reverse("accounts:gold_default"), {"gold_default": "always"})

    invitation.refresh_from_db()
    organisation.refresh_from_db()
    assert invitation.withdrawn_at is not None
    assert organisation.gold_default == GoldDefault.ALWAYS


@pytest.mark.parametrize("maker", (make_contact, make_engineer, make_tam, make_manager))
def test_everybody_writes_their_own_profile(client, maker):
    person = maker(phone="+40 1")
    client.force_login(person)
    said = {"name": "Ana", "phone": "", "timezone": "Asia/Kathmandu", "language": "ro"}

    shown = client.get(reverse("accounts:profile"))
    saved = client.post(reverse("accounts:profile"), said)

    person.refresh_from_db()
    assert shown.status_code == 200
    assert saved.status_code == 302
    assert (person.name, person.phone, person.timezone) == ("Ana", "", "Asia/Kathmandu")


def test_a_profile_has_a_real_time_zone(client):
    person = make_contact()
    client.force_login(person)

    answer = client.post(
        reverse("accounts:profile"), {"name": "A", "timezone": "Mars/Olympus", "language": "en"}
    )

    assert "Select a valid choice" in answer.content.decode()
    person.refresh_from_db()
    assert person.timezone == "Europe/Berlin"
