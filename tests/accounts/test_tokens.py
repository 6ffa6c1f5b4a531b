"""API tokens: what they open, how long, and how they end."""

import threading
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.actions.people import deactivate
from accounts.actions.tokens import LONGEST, MOST, make_api_token, revoke, revoke_all
from accounts.enums import TokenScope
from accounts.errors import TokenTooLong, TooManyTokens
from accounts.models import ApiToken
from core import rls
from core.journal import entries_of
from notices.models import Notice
from tests.factories import (
    NINE,
    PASSWORD,
    make_admin_contact,
    make_contact,
    make_engineer,
    make_manager,
    make_token,
)

pytestmark = pytest.mark.django_db
API = "/api/v1/incidents/"


def ask(client, token, method="get", url=API):
    return getattr(client, method)(url, headers={"Authorization": f"Token {token}"})


def proven(client, person):
    """Signed in, with the password given again a moment ago."""
    client.force_login(person)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


def test_a_token_opens_what_its_person_may_see_and_says_when_it_was_used(client):
    token = make_api_token(make_contact(), at=NINE)

    assert ask(client, token).status_code == 200
    assert ApiToken.objects.get().last_used_on == timezone.now().date()


def test_a_token_of_before_keeps_working_without_an_end_and_may_write(client):
    person = make_contact()
    make_token(person, token="axs_old")

    assert ask(client, "axs_old").status_code == 200
    assert ask(client, "axs_old", "post").status_code == 400  # let in, the body is empty


@pytest.mark.parametrize("method", ("post", "put", "patch", "delete"))
def test_a_token_that_may_only_read_changes_nothing(client, method):
    token = make_api_token(make_contact(), at=NINE, name="ERP", scope=TokenScope.READ)

    refused = ask(client, token, method)

    assert ask(client, token).status_code == 200
    assert refused.status_code == 403
    assert refused.json()["code"] == "read_only_token"
    assert "ERP" in refused.json()["detail"]


def test_each_token_that_opens_nothing_says_why(client):
    person, closed = make_contact(), make_contact(is_active=False)
    past = timezone.now() - timedelta(days=1)
    make_token(person, token="ended", expires_at=past)
    make_token(person, token="revoked", revoked_at=past)
    make_token(closed, token="closed")

    answers = {one: ask(client, one) for one in ("ended", "revoked", "closed", "made up")}

    assert {one.status_code for one in answers.values()} == {401}
    said = {one: answer.json()["detail"] for one, answer in answers.items()}
    day = f"{past:%-d %B %Y}"
    assert said["ended"].startswith(f"This token ended on {day}.")
    assert said["revoked"].startswith(f"This token was revoked on {day}.")
    assert said["closed"] == "The account of this token is closed."
    assert said["made up"].startswith("This token is not valid.")
    assert not ApiToken.objects.filter(last_used_on__isnull=False).exists()


def test_files_are_refused_with_the_same_words(client):
    make_token(make_contact(), token="ended", expires_at=timezone.now() - timedelta(days=1))

    answer = ask(client, "ended", url=reverse("tickets:attachment", args=[1]))

    assert answer.status_code == 401
    assert answer.content.decode().startswith("This token ended on")


def test_making_and_revoking_are_written_down_and_mailed():
    person = make_contact()
    make_api_token(person, at=NINE, name="ERP", scope=TokenScope.READ, days=30)
    token = ApiToken.objects.get()

    assert revoke(token, by=person, at=NINE)
    assert not revoke(token, by=person, at=NINE)

    kinds = [one.kind for one in entries_of(person)]
    assert kinds == ["api_token.made", "api_token.revoked"]
    words = [one.context["what"] for one in Notice.objects.filter(to=person).order_by("pk")]
    assert words == [
        "An API token was made: “ERP”, read only",
        "The API token “ERP” was revoked",
    ]
    assert token.expires_at == NINE + timedelta(days=30)


@pytest.mark.parametrize("days", (0, -1, LONGEST + 1))
def test_an_end_lies_within_a_year(days):
    with pytest.raises(TokenTooLong):
        make_api_token(make_contact(), at=NINE, days=days)


def test_nobody_has_tokens_without_number():
    person = make_contact()
    for _ in range(MOST):
        make_token(person)
    make_token(person, revoked_at=NINE)

    with pytest.raises(TooManyTokens):
        make_api_token(person, at=NINE)

    revoke_all(person, by=person, at=NINE)
    make_api_token(person, at=NINE)


@pytest.mark.django_db(transaction=True)
def test_a_token_that_is_revoked_while_it_is_used_stays_revoked(client):
    with rls.everything():
        person = make_contact()
        token = make_token(person, token="busy")
    answers: list[int] = []

    def use() -> None:
        answers.extend(ask(client, "busy").status_code for _ in range(5))
        connection.close()

    thread = threading.Thread(target=use)
    thread.start()
    with rls.everything():
        revoke(token, by=person, at=NINE)
    thread.join()

    assert set(answers) <= {200, 401}
    assert ask(client, "busy").status_code == 401
    with rls.everything():
        assert ApiToken.objects.get(pk=token.pk).revoked_at == NINE


# The pages.


@pytest.mark.parametrize("maker", (make_contact, make_engineer, make_manager))
def test_one_makes_a_token_after_the_password_and_reads_it_once(client, maker, settings):
    settings.STAFF_NEED_SECOND_FACTOR = False
    person = maker(password=PASSWORD)
    wanted = {"name": "ERP", "scope": "read", "days": "30"}
    client.force_login(person)

    before = client.post(reverse("accounts:token_new"), wanted)
    made = proven(client, person).post(reverse("accounts:token_new"), wanted)
    token = made.context["token"]
    later = client.get(reverse("accounts:tokens"))

    assert before.status_code == 302
    assert before["Location"].startswith("/accounts/reauthenticate/")
    assert ApiToken.objects.count() == 1
    assert token in made.content.decode()
    assert "no-store" in made["Cache-Control"]
    assert token not in later.content.decode()
    client.logout()
    assert ask(client, token).status_code == 200


def test_one_revokes_ones_own_and_nobody_elses(client):
    person, other = make_contact(), make_contact()
    own, foreign = make_token(person), make_token(other)
    client.force_login(person)

    done = client.post(reverse("accounts:token_revoke", args=[own.pk]))
    missing = client.post(reverse("accounts:token_revoke", args=[foreign.pk]))

    own.refresh_from_db()
    foreign.refresh_from_db()
    assert (done.status_code, missing.status_code) == (302, 404)
    assert own.revoked_at is not None
    assert foreign.revoked_at is None


def test_the_list_asks_the_same_of_one_token_and_of_three(client):
    person = make_contact()
    client.force_login(person)
    counts = []
    for more in (1, 2):
        for _ in range(more):
            make_token(person)
            make_token(person, revoked_at=NINE)
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("accounts:tokens"))
        counts.append(len(asked))

    assert counts[0] == counts[1]


# The command.


def test_the_command_prints_lists_and_revokes():
    person, out = make_contact(), StringIO()

    call_command("api_token", person.email, "--scope", "read", "--days", "7", stdout=out)
    token = ApiToken.objects.get()
    call_command("api_token", person.email, "--list", stdout=out)
    call_command("api_token", person.email, "--revoke", str(token.pk), stdout=out)

    printed, listed, revoked = out.getvalue().splitlines()
    assert printed.startswith("axs_")
    assert f"{token.pk}  command line  Read only" in listed
    assert revoked == "revoked"
    assert token.scope == TokenScope.READ


@pytest.mark.parametrize("wrong", ("999999", "x", "-1"))
def test_the_command_revokes_no_token_that_is_not_there(wrong):
    with pytest.raises(CommandError, match="has no token"):
        call_command("api_token", make_contact().email, f"--revoke={wrong}")


def test_of_a_closed_account_nothing_is_made():
    admin = make_admin_contact()
    person = make_contact(admin.organisation)
    deactivate(person, by=admin, at=NINE)

    with pytest.raises(CommandError, match="is closed"):
        call_command("api_token", person.email)
