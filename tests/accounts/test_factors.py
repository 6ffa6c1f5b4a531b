"""Second factors: kept encrypted under a key that can be replaced, reset for who lost theirs."""

import json
from functools import partial

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from cryptography.fernet import Fernet
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts import factor_keys
from accounts.actions.factors import encrypt_anew, reset
from accounts.errors import FactorKeyMissing, NoFactor, NotYourPeople, NotYourself
from core.journal import entries_of
from core.models import JournalEntry
from notices.models import Notice
from tests.accounts.test_sessions import browser, is_in
from tests.accounts.test_signin import code_of, sign_in
from tests.accounts.test_tokens import proven
from tests.factories import (
    NINE,
    PASSWORD,
    make_admin_contact,
    make_contact,
    make_engineer,
    make_manager,
    make_tam,
)

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("cache")]
SECRET = "JBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def _own_key(settings, tmp_path) -> None:
    settings.DATA_DIR, settings.FACTOR_KEY = tmp_path, ""
    settings.STAFF_NEED_SECOND_FACTOR = False
    cache.clear()


def with_app(person):
    """The person with an app whose secret is `SECRET`, and recovery codes."""
    TOTP.activate(person, SECRET)
    RecoveryCodes.activate(person)
    return person


def kept() -> str:
    return json.dumps(list(Authenticator.objects.order_by("pk").values_list("data", flat=True)))


def passes(client, person) -> bool:
    """Whether the password and the app's code let in."""
    cache.clear()  # a code works once within its half minute
    step = sign_in(client, person.email)
    client.post(step["Location"], {"code": code_of(SECRET)})
    return is_in(client)


def test_secrets_are_kept_encrypted_and_still_let_in(client):
    person = with_app(make_contact(password=PASSWORD))

    assert SECRET not in kept()
    assert kept().count(factor_keys.MARK) == 2
    assert passes(client, person)
    assert factor_keys.key_file().stat().st_mode & 0o077 == 0


def test_a_secret_of_before_lets_in_and_is_encrypted_by_the_rotation(client):
    person = make_contact(password=PASSWORD)
    Authenticator.objects.create(user=person, type="totp", data={"secret": SECRET})
    codes = {"migrated_codes": ["one", "two"]}
    Authenticator.objects.create(user=person, type="recovery_codes", data=codes)

    before = passes(client, person)
    done = encrypt_anew()

    assert before
    assert done == 2
    assert encrypt_anew() == 0
    assert not any(one in kept() for one in (SECRET, "one", "two"))
    assert passes(client, person)


def test_the_key_is_replaced_while_everything_goes_on(client, capsys):
    person = with_app(make_contact(password=PASSWORD))
    before, data = factor_keys.key_file().read_text(), kept()

    call_command("rotate_factor_key")

    after = factor_keys.key_file().read_text()
    assert "2 encrypted anew" in capsys.readouterr().out
    assert before.strip() not in after
    assert len(after.split()) == 1
    assert kept() != data
    assert passes(client, person)


def test_keys_of_the_environment_are_rotated_by_putting_a_new_one_first(settings, client):
    old, new = (Fernet.generate_key().decode() for _ in range(2))
    settings.FACTOR_KEY = old
    person = with_app(make_contact(password=PASSWORD))

    settings.FACTOR_KEY = f"{new},{old}"
    between = passes(client, person)
    call_command("rotate_factor_key")
    settings.FACTOR_KEY = new

    assert between
    assert passes(client, person)
    assert not factor_keys.key_file().exists()


def test_without_the_right_key_it_says_what_is_missing_and_lets_nobody_in(settings, client):
    person = with_app(make_contact(password=PASSWORD))
    settings.FACTOR_KEY = Fernet.generate_key().decode()

    step = sign_in(client, person.email)
    answer = client.post(step["Location"], {"code": code_of(SECRET)})

    assert answer.status_code == 503
    assert b"factor_key" in answer.content
    assert not is_in(client)
    with pytest.raises(CommandError, match="factor_key"):
        call_command("rotate_factor_key")


def test_a_text_that_is_no_key_is_said_so():
    with pytest.raises(FactorKeyMissing):
        factor_keys.decrypt(f"{factor_keys.MARK}nonsense")


# Reset.


def test_a_lost_factor_is_reset_written_down_and_told(client):
    manager, person = make_manager(), with_app(make_engineer(password=PASSWORD))
    inside = browser(make_engineer(password=PASSWORD))
    here = client
    here.force_login(person)

    reset(person, by=manager, at=NINE)

    assert not Authenticator.objects.filter(user=person).exists()
    entry = entries_of(person).get(kind="factor.reset")
    assert (entry.by, entry.is_security) == (manager, True)
    told = Notice.objects.filter(to=person).order_by("pk").first()
    assert told.context["what"] == f"Your second factor was reset by {manager}"
    assert (is_in(here), is_in(inside)) == (False, True)
    assert sign_in(here, person.email)["Location"] == "/admin/queue/"


@pytest.mark.parametrize("maker", (make_contact, make_admin_contact, make_engineer, make_tam))
def test_strangers_reset_nothing(maker):
    person = with_app(make_contact())

    with pytest.raises(NotYourPeople):
        reset(person, by=maker(), at=NINE)

    assert Authenticator.objects.count() == 2


def test_ones_own_is_removed_on_ones_own_page():
    manager = with_app(make_manager())

    with pytest.raises(NotYourself):
        reset(manager, by=manager, at=NINE)


def test_there_must_be_one():
    with pytest.raises(NoFactor):
        reset(make_contact(), by=make_manager(), at=NINE)


def test_an_admin_contact_resets_a_colleagues_after_their_own_password(client):
    admin = make_admin_contact(password=PASSWORD)
    person = with_app(make_contact(admin.organisation))
    url = reverse("accounts:reset_factor", args=[person.pk])
    client.force_login(admin)

    asked = client.post(url)
    page = client.get(reverse("accounts:people")).content.decode()
    done = proven(client, admin).post(url)

    assert asked["Location"].startswith("/accounts/reauthenticate/")
    assert "Reset the second factor" in page
    assert done.status_code == 302
    assert not Authenticator.objects.exists()


def test_a_manager_resets_and_signs_out_in_the_list_of_people(client):
    person = with_app(make_engineer())
    client.force_login(make_manager())
    act = partial(client.post, reverse("admin:accounts_person_changelist"))

    act({"action": "reset_factor", "_selected_action": [person.pk]})
    act({"action": "sign_out", "_selected_action": [person.pk]})

    assert not Authenticator.objects.exists()
    kinds = set(JournalEntry.objects.filter(is_security=True).values_list("kind", flat=True))
    assert {"factor.reset", "sessions.ended"} <= kinds


def test_a_wrong_code_is_written_down(client):
    person = with_app(make_contact(password=PASSWORD))

    step = sign_in(client, person.email)
    client.post(step["Location"], {"code": "000000"})

    entry = JournalEntry.objects.get(kind="signin.failed")
    assert (entry.subject, entry.facts["step"]) == (f"accounts.person:{person.pk}", "code")


BAD_PASSKEYS = (
    "",
    "null",
    "[]",
    '"x"',
    "{}",
    '{"response": null}',
    '{"response": {"userHandle": 7}}',
    '{"id": "x", "rawId": "x", "type": "public-key", "response": {}}',
    '{"id": "x", "response": {"userHandle": "AAAA", "clientDataJSON": "%%"}}',
    "[" * 100_000,
    '{"a":' * 5_000 + "1" + "}" * 5_000,
    '{"id": "\\ud800"}',
    "not json",
)


@pytest.mark.parametrize("credential", BAD_PASSKEYS)
def test_what_is_no_passkey_opens_nothing_and_breaks_nothing(client, credential):
    person = make_contact(password=PASSWORD)
    proven(client, person)
    client.get("/accounts/2fa/webauthn/add/")
    said = {"credential": credential, "name": "Mine"}

    added = client.post("/accounts/2fa/webauthn/add/", said)
    again = client.post("/accounts/2fa/webauthn/reauthenticate/", said)
    client.logout()
    client.get("/accounts/2fa/webauthn/login/", headers={"Accept": "application/json"})
    signed_in = client.post("/accounts/2fa/webauthn/login/", said)

    assert {one.status_code for one in (added, again, signed_in)} <= {200, 302}
    assert not Authenticator.objects.exists()
    assert not is_in(client)
