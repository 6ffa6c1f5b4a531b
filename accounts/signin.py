"""Signing in: by e-mail address, whatever its case, and only by people who were let in."""

from __future__ import annotations

import secrets
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import Person
from core import rls
from notices.actions import tell_address


class PersonBackend(AuthenticationBackend):  # type: ignore[misc]  # allauth has no types
    """Loads the person of a session; runs before the request knows for whom it works."""

    def get_user(self, user_id: Any) -> Person | None:
        with rls.everything():
            found = Person.objects.filter(pk=user_id, is_active=True)
            person: Person | None = found.select_related("organisation", "partner").first()
            return person


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Nobody signs up by themselves: an organisation's admin contact or a manager invites."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        person = request.user
        return "/admin/queue/" if isinstance(person, Person) and person.is_staff else "/"

    def format_email_subject(self, subject: str) -> str:
        return subject

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Through the outbox: no request waits for a mail server, and none fails with it.

        So an address that we know takes as long as one that we do not.
        """
        facts = {"email": email, "desk_url": settings.SITE_URL, "vendor": settings.VENDOR}
        mail: EmailMessage = self.render_mail(template_prefix, email, facts | context)
        tell_address(
            email,
            "account_mail",
            key=f"account:{secrets.token_hex(12)}",
            at=timezone.now(),  # noqa: TID251 -- called by allauth's views, which give no moment
            subject=str(mail.subject),
            body=str(mail.body),
        )
