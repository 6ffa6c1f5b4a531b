import io
import re
import sys

import pytest
from django.core.management import CommandError, call_command

from accounts.enums import Role
from accounts.models import ApiToken, Person
from tests.factories import PASSWORD, make_contact

pytestmark = pytest.mark.django_db


@pytest.fixture
def typed(monkeypatch):
    """What stands on standard input."""

    def type_in(text: str) -> None:
        monkeypatch.setattr(sys, "stdin", io.StringIO(text))

    return type_in


def test_api_token_prints_a_token_that_works(client, capsys):
    make_contact(email="ana@northwind.example")

    call_command("api_token", "Ana@northwind.example")

    token = capsys.readouterr().out.strip()
    assert re.fullmatch(r"axs_[\w-]{43}", token)
    answer = client.get("/api/v1/incidents/", headers={"Authorization": f"Token {token}"})
    assert answer.status_code == 200
    assert ApiToken.objects.get().last_used_on is not None


@pytest.mark.parametrize(
    ("email", "sentence"),
    (
        ("nobody@b.example", "Nobody here has the address nobody@b.example."),
        ("gone@b.example", "The account of gone@b.example is closed"),
    ),
)
def test_api_token_of_somebody_unknown_is_refused_with_a_sentence(email, sentence):
    make_contact(email="gone@b.example", is_active=False)

    with pytest.raises(CommandError, match=sentence):
        call_command("api_token", email)

    assert not ApiToken.objects.exists()


def test_create_manager_makes_somebody_who_may_do_everything(typed, capsys):
    typed(PASSWORD + "\n")

    call_command("create_manager", "boss@axigen.example", "--name", "Bo", "--password-stdin")

    person = Person.objects.get()
    assert (person.role, person.name, person.is_lead) == (Role.MANAGER, "Bo", True)
    assert person.check_password(PASSWORD)
    assert "may sign in now" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "password", "sentence"),
    (
        (["boss@axigen.example"], "short", "too short"),
        (["no address"], PASSWORD, "valid email"),
        (["boss@axigen.example", "--timezone", "Mars/One"], PASSWORD, "no IANA time zone"),
        (["taken@axigen.example"], PASSWORD, "already an account"),
    ),
)
def test_create_manager_refuses_what_can_not_be(typed, arguments, password, sentence):
    make_contact(email="taken@axigen.example")
    typed(password + "\n")

    with pytest.raises(CommandError, match=sentence):
        call_command("create_manager", *arguments, "--password-stdin")

    assert not Person.objects.filter(role=Role.MANAGER).exists()
