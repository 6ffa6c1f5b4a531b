"""Passkeys with Chromium's own virtual device, on a real server, under our real policy."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import Page, expect

from accounts.models import Person
from core import rls
from tests.browser.chromium import check_accessible, check_fits
from tests.factories import PASSWORD, make_contact, make_engineer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PICTURES = os.environ.get("PICTURES", "")


@pytest.fixture(autouse=True)
def second_factor_needed(site, settings) -> None:
    settings.STAFF_NEED_SECOND_FACTOR = True


def give_device(page: Page, *, keeps: bool = True) -> None:
    """A device with a PIN that is always right; one that keeps keys signs in by itself."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal" if keeps else "usb",
                "hasResidentKey": keeps,
                "hasUserVerification": keeps,
                "isUserVerified": keeps,
                "automaticPresenceSimulation": True,
            }
        },
    )


def sign_in(page: Page, site: str, person: Person) -> None:
    page.goto(f"{site}/accounts/login/?next=/accounts/2fa/")
    page.get_by_label("E-mail").or_(page.get_by_label("Email")).first.fill(person.email)
    page.get_by_label("Password").first.fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def add(page: Page) -> None:
    page.get_by_role("link", name="Add a passkey").click()
    if "reauthenticate" in page.url:
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Go on").click()


def look(page: Page, name: str) -> None:
    check_accessible(page)
    check_fits(page)
    if PICTURES:
        page.screenshot(path=Path(PICTURES, f"{name}.png"), full_page=True)


def test_staff_add_a_passkey_and_sign_in_with_it_alone(page: Page, site: str) -> None:
    person = make_engineer(password=PASSWORD)
    give_device(page)
    sign_in(page, site, person)
    look(page, "factors-none")
    add(page)
    look(page, "passkey-add")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    look(page, "recovery-codes")
    page.goto(f"{site}/accounts/2fa/webauthn/")
    expect(page.get_by_text("Signs you in without a password")).to_be_visible()
    look(page, "passkeys")
    page.goto(f"{site}/profile/")
    page.locator(".rail-who summary").click()
    page.get_by_role("button", name="Sign out").click()
    look(page, "signin")
    page.get_by_role("button", name="Sign in with a passkey").click()

    expect(page).to_have_url(f"{site}/admin/queue/")
    with rls.everything():
        assert Authenticator.objects.get(type="webauthn").last_used_at is not None


def test_a_security_key_is_asked_for_after_the_password(phone: Page, site: str) -> None:
    person = make_contact(password=PASSWORD)
    give_device(phone, keeps=False)
    sign_in(phone, site, person)
    add(phone)
    phone.get_by_label("Sign in with it alone").uncheck()
    phone.get_by_role("button", name="Add a passkey").click()
    expect(phone.get_by_role("heading", name="Recovery codes")).to_be_visible()
    phone.context.clear_cookies()
    sign_in(phone, site, person)
    expect(phone.get_by_role("heading", name="One more step")).to_be_visible()
    look(phone, "second-step")
    phone.get_by_role("button", name="Use my passkey").click()

    expect(phone.get_by_role("heading", name="Two-factor sign-in")).to_be_visible()
    look(phone, "factors-phone")


def test_a_browser_that_gives_no_passkey_says_so_in_words(page: Page, site: str) -> None:
    person = make_contact(password=PASSWORD)
    give_device(page, keeps=False)  # it can not do what is asked: no PIN, keeps nothing
    sign_in(page, site, person)
    add(page)
    page.get_by_role("button", name="Add a passkey").click()

    expect(page.locator("#passkey-trouble")).to_be_visible()
    look(page, "passkey-trouble")
