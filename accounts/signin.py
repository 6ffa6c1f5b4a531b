"""Signing in: by e-mail address, whatever its case, and only by people who were let in."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.http import HttpRequest

from accounts.models import Person
from core import rls


class PersonBackend(AuthenticationBackend):
    """Loads the person of a session; runs before the request knows for whom it works."""

    def get_user(self, user_id: Any) -> Person | None:
        with rls.everything():
            found = Person.objects.filter(pk=user_id, is_active=True)
            return found.select_related("organisation", "partner").first()


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up by themselves: an organisation's admin contact or a manager invites."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        person = request.user
        return "/admin/queue/" if isinstance(person, Person) and person.is_staff else "/"
