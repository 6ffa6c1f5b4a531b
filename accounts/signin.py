"""Signing in: by e-mail address, whatever its case, and only by people who were let in."""

from __future__ import annotations

import secrets
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from accounts.actions import sessions
from accounts.actions.telling import notify_of_change
from accounts.models import Person, SignIn
from core import rls
from core.asking import address_of
from core.journal import record
from core.registries import front_pages
from core.throttle import within
from notices.outbox import notify_address

# What allauth tells of an account by mail: its template, our kind of journal entry, our words.
CHANGES = {
    "account/email/password_changed": ("password.changed", "Your password was changed"),
    "account/email/password_set": ("password.changed", "Your password was changed"),
    "account/email/password_reset": (
        "password.reset",
        "Your password was replaced by means of a link that we mailed you",
    ),
    "mfa/email/totp_activated": ("factor.added", "An authenticator app was added to your account"),
    "mfa/email/totp_deactivated": (
        "factor.removed",
        "The authenticator app was removed from your account",
    ),
    "mfa/email/webauthn_added": ("factor.added", "A passkey was added to your account"),
    "mfa/email/webauthn_removed": ("factor.removed", "A passkey was removed from your account"),
    "mfa/email/recovery_codes_generated": (
        "factor.codes",
        "New recovery codes were made for your account",
    ),
}
OTHER_CHANGE = ("factor.added", "How you sign in was changed")
LOCKED_FOR = 300  # seconds, as `ACCOUNT_RATE_LIMITS` says


class PersonBackend(AuthenticationBackend):  # type: ignore[misc]  # allauth has no types
    """Loads the person of a session; runs before the request knows for whom it works."""

    def get_user(self, user_id: Any) -> Person | None:
        with rls.everything():
            found = Person.objects.filter(pk=user_id, is_active=True).order_by()
            people = found.select_related("organisation", "partner")
            return next(iter(people.with_assignments()), None)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """What allauth asks of us. It gives no moment, so this is where its clock is read."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up by themselves: an admin contact or a manager invites."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        person = request.user
        if not isinstance(person, Person) or not person.is_staff:
            return "/"
        return reverse(front_pages[person.role]) if person.role in front_pages else "/admin/queue/"

    def format_email_subject(self, subject: str) -> str:
        return subject

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Through the outbox: no request waits for a mail server, and none fails with it.

        So an address that we know takes as long as one that we do not.
        """
        facts = {"email": email, "desk_url": settings.SITE_URL, "vendor": settings.VENDOR}
        mail: EmailMessage = self.render_mail(template_prefix, email, facts | context)
        notify_address(
            email,
            "account_mail",
            key=f"account:{secrets.token_hex(12)}",
            at=timezone.now(),
            subject=str(mail.subject),
            body=str(mail.body),
        )

    def get_reset_password_from_key_url(self, key: str) -> str:
        """By `SITE_URL`: the host that a request names is whatever whoever asks wrote there."""
        wanted = {"uidb36": "UID", "key": "KEY"}
        path = reverse("account_reset_password_from_key", kwargs=wanted)
        return f"{settings.SITE_URL}{path.replace('UID-KEY', key)}"

    def login(self, request: HttpRequest, user: Person) -> None:
        super().login(request, user)
        sessions.begin(request, user, at=timezone.now(), method=_method(request))

    def logout(self, request: HttpRequest) -> None:
        SignIn.objects.filter(pk=request.session.get(sessions.HERE, 0)).delete()
        super().logout(request)

    def send_notification_mail(
        self, template_prefix: str, user: Person, context: Any = None, email: str | None = None
    ) -> None:
        """Called by allauth at each change of a password or factor: to the journal, and mailed.

        With a new password the other sessions are over. Of an app that is set up allauth tells us
        only after the commit, when the request works for nobody any more.
        """
        at = timezone.now()
        kind, words = CHANGES.get(template_prefix, OTHER_CHANGE)
        with rls.everything():
            record(kind, user, at=at, by=user)
            notify_of_change(user, words, key=f"{kind}:{secrets.token_hex(12)}", at=at)
        if kind.startswith("password."):
            is_theirs = self.request.user == user
            here = self.request.session.get(sessions.HERE) if is_theirs else None
            sessions.forget_others(user, besides=here)

    # A lock counts per address and source: who guesses elsewhere locks nobody out.

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        known = super()._get_login_attempts_cache_key(request, **credentials)
        return f"{known}|{self.get_client_ip(request)}"

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            person = _person(credentials)
            name = f"locked:{address_of(request)}:{person.pk if person else ''}"
            if person and within(1, name, seconds=LOCKED_FOR):  # once a lock, not once a try
                record("signin.locked", person, at=timezone.now(), by=None)
            raise

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Of an address that nobody has nothing is kept: anybody could fill the journal with it."""
        person = _person(credentials)
        if person is not None:
            record("signin.failed", person, at=timezone.now(), by=None, step="password")


def _person(credentials: dict[str, Any]) -> Person | None:
    found: Person | None = Person.objects.filter(email__iexact=credentials.get("email", "")).first()
    return found


def _method(request: HttpRequest) -> str:
    """How the person proved who they are, such as "password, totp"."""
    steps = request.session.get("account_authentication_methods", [])
    return ", ".join(str(one.get("type") or one.get("method")) for one in steps)
