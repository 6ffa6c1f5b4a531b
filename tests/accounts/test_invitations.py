import threading
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.actions.invitations import accept, invite, withdraw
from accounts.enums import Role
from accounts.errors import (
    AddressTaken,
    AlreadyAColleague,
    AlreadyInvited,
    InvitationOver,
    NameWithLink,
    NoAddress,
    NotForCustomers,
    NotYourPeople,
    OurOwnAddress,
    TooManyInvitations,
)
from accounts.models import Invitation, Person
from core import rls
from core.models import JournalEntry
from notices.models import Notice
from notices.sending.delivery import send_one
from tests.factories import (
    NINE,
    PASSWORD,
    days,
    make_admin_contact,
    make_contact,
    make_engineer,
    make_invitation,
    make_manager,
    make_organisation,
)

pytestmark = pytest.mark.django_db


def token_of(notice: Notice) -> str:
    return str(notice.context["accept_url"]).rstrip("/").rpartition("/")[2]


def invited(**fields: Any) -> tuple[Invitation, str]:
    """An invitation with its token, as the mail holds it."""
    admin: Any = fields.pop("by", None) or make_admin_contact()
    said: dict[str, Any] = {"email": "new@northwind.example", "by": admin, "at": NINE}
    invitation = invite(admin.organisation, **said | fields)
    return invitation, token_of(Notice.objects.get(key=f"invitation:{invitation.pk}"))


def test_invited_person_comes_in_with_the_link_and_belongs_to_the_organisation():
    admin = make_admin_contact(make_organisation(timezone="Europe/Athens", language="el"))
    invitation, token = invited(by=admin, role=Role.ADMIN_CONTACT)

    person = accept(token, name=" Ελένη ", password=PASSWORD, at=NINE + days(13))

    assert (person.name, person.role) == ("Ελένη", Role.ADMIN_CONTACT)
    assert person.organisation == admin.organisation
    assert (person.timezone, person.language) == ("Europe/Athens", "el")
    assert person.check_password(PASSWORD)
    invitation.refresh_from_db()
    assert invitation.accepted_at == NINE + days(13)
    entries = JournalEntry.objects.filter(subject__startswith="accounts.").order_by("pk")
    assert [entry.kind for entry in entries] == ["invitation.made", "invitation.accepted"]


def test_mail_goes_to_the_address_with_the_link_and_the_day_it_ends():
    admin = make_admin_contact(make_organisation(timezone="Europe/London"), name="Ana Pop")
    _, token = invited(by=admin, name="Ian")

    send_one(Notice.objects.get().pk, at=NINE)

    (sent,) = mail.outbox
    assert sent.to == ["new@northwind.example"]
    assert f"/invitations/{token}/" in sent.body
    assert "Monday 16 March 2026, 09:00 (Europe/London)" in sent.body
    assert "Ana Pop" in sent.subject


def test_the_link_is_kept_nowhere_once_it_was_sent():
    invitation, token = invited()

    send_one(Notice.objects.get().pk, at=NINE)

    assert Notice.objects.get().context == {}
    assert token not in str(Invitation.objects.filter(pk=invitation.pk).values().get())


def test_a_link_works_once():
    _, token = invited()
    accept(token, name="Ion", password=PASSWORD, at=NINE)

    with pytest.raises(InvitationOver):
        accept(token, name="Ion", password=PASSWORD, at=NINE)


@pytest.mark.parametrize(
    ("after", "works"), ((timedelta(days=14, seconds=-1), True), (days(14), False))
)
def test_a_link_works_for_fourteen_days(after, works):
    _, token = invited()

    try:
        accept(token, name="Ion", password=PASSWORD, at=NINE + after)
    except InvitationOver:
        assert not works
    else:
        assert works


def test_a_withdrawn_link_does_not_work():
    invitation, token = invited()
    withdraw(invitation, by=invitation.invited_by, at=NINE)

    with pytest.raises(InvitationOver):
        accept(token, name="Ion", password=PASSWORD, at=NINE)
    with pytest.raises(InvitationOver):
        withdraw(invitation, by=invitation.invited_by, at=NINE)


def test_an_invented_link_does_not_work():
    with pytest.raises(InvitationOver):
        accept("invented", name="Ion", password=PASSWORD, at=NINE)


def test_an_address_has_one_open_invitation_whatever_its_case():
    invitation, _ = invited()

    with pytest.raises(AlreadyInvited):
        invited(by=invitation.invited_by, email="NEW@northwind.example")


def test_an_expired_invitation_makes_way_for_a_new_one():
    invitation, old_token = invited()

    _, token = invited(by=invitation.invited_by, at=NINE + days(15))

    assert accept(token, name="Ion", password=PASSWORD, at=NINE + days(16))
    assert old_token != token


def test_a_colleague_is_not_invited_again():
    admin = make_admin_contact()
    make_contact(admin.organisation, email="ion@northwind.example")

    with pytest.raises(AlreadyAColleague):
        invited(by=admin, email="Ion@Northwind.example")


def test_an_address_that_has_an_account_elsewhere_is_refused_when_it_is_sent(client):
    make_contact(email="ion@fabrikam.example")
    admin = make_admin_contact()
    client.force_login(admin)

    answer = client.post(
        reverse("accounts:invite"), {"email": "Ion@fabrikam.example", "role": "contact"}
    )

    assert answer.status_code == 409
    assert "already an account" in answer.content.decode()
    assert not Invitation.objects.exists()
    assert not Notice.objects.exists()


def test_an_account_that_was_made_meanwhile_is_refused_at_the_link():
    _, token = invited(email="ion@fabrikam.example")
    make_contact(email="ion@fabrikam.example")

    with pytest.raises(AddressTaken):
        accept(token, name="Ion", password=PASSWORD, at=NINE)


def test_an_organisation_sends_so_many_a_day(settings):
    settings.INVITATIONS_A_DAY = 2
    admin = make_admin_contact()
    for n in range(2):
        invited(by=admin, email=f"n{n}@northwind.example")

    with pytest.raises(TooManyInvitations):
        invited(by=admin)

    invited(by=admin, at=NINE + days(1.01))


def test_tries_that_are_refused_count_too(client, settings):
    cache.clear()
    settings.INVITATIONS_A_DAY = 2
    make_contact(email="ion@fabrikam.example")
    client.force_login(make_admin_contact())
    asked = {"email": "ion@fabrikam.example", "role": "contact"}

    answers = [client.post(reverse("accounts:invite"), asked).status_code for _ in range(5)]

    assert answers == [409] * 4 + [429]


@pytest.mark.parametrize(
    "name",
    (
        "Win at https://evil.example",
        "evil.example",
        "Ana <a href=x>",
        "ana@evil.example",
        "See www.evil",
        "Ana\nevil.com click",
    ),
)
def test_a_name_that_holds_a_link_is_refused(name):
    with pytest.raises(NameWithLink):
        invited(name=name)
    _, token = invited(email="other@northwind.example")
    with pytest.raises(NameWithLink):
        accept(token, name=name, password=PASSWORD, at=NINE)


@pytest.mark.parametrize(
    "name", ("Dr. J.R.R. Tolkien, Jr.", "Ελένη", "Ana-Maria O'Neill", "Bo / IT")
)
def test_names_as_people_have_them_are_taken(name):
    invitation, _ = invited(name=f" {name}\n")

    assert invitation.name == name


@pytest.mark.parametrize(
    "email", ("", "x", "a@b", "a b@c.example", "a@c.example\nBcc: d@e.example")
)
def test_what_is_no_address_is_refused(email):
    with pytest.raises(NoAddress):
        invited(email=email)


def test_the_desk_itself_is_not_invited(settings):
    settings.SUPPORT_ADDRESSES = ["support@axigen.example"]

    with pytest.raises(OurOwnAddress):
        invited(email="Support+AX-1.x@axigen.example")


@pytest.mark.parametrize("maker", (make_contact, make_admin_contact, make_engineer))
def test_only_its_admin_contact_and_managers_invite_to_an_organisation(maker):
    with pytest.raises(NotYourPeople):
        invite(make_organisation(), email="a@b.example", by=maker(), at=NINE)


def test_a_manager_invites_anywhere():
    assert invite(make_organisation(), email="a@b.example", by=make_manager(), at=NINE)


def test_nobody_is_invited_to_be_staff():
    organisation = make_organisation()
    admin = make_admin_contact(organisation)

    with pytest.raises(NotForCustomers):
        invite(organisation, email="a@b.example", role=Role.MANAGER, by=admin, at=NINE)


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_make_one_person():
    _, token = invited()
    together, results = threading.Barrier(2), []

    def click() -> None:
        together.wait()
        try:
            accept(token, name="Ion", password=PASSWORD, at=NINE)
            results.append("in")
        except InvitationOver:
            results.append("over")
        connection.close()

    threads = [threading.Thread(target=click) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(results) == ["in", "over"]
    with rls.everything():
        assert Person.objects.filter(email="new@northwind.example").count() == 1


def test_the_page_of_a_link_lets_its_owner_in(client):
    _, token = invited(name="Ion", at=timezone.now())
    url = reverse("accounts:accept", args=[token])

    shown = client.get(url)
    weak = client.post(url, {"name": "Ion", "password": "short"})
    done = client.post(url, {"name": "Ion Pop", "password": PASSWORD}, follow=True)

    assert b"new@northwind.example" in shown.content
    assert "too short" in weak.content.decode()
    assert done.redirect_chain == [("/", 302)]
    assert done.context["user"].email == "new@northwind.example"


def test_the_page_of_an_old_link_says_what_helps(client):
    make_invitation()

    answer = client.get(reverse("accounts:accept", args=["x" * 43]))

    assert answer.status_code == 410
    assert "Ask for a new one" in answer.content.decode()
