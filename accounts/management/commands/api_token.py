from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.actions.tokens import make_api_token, revoke, revoke_all
from accounts.authentication import why_not
from accounts.enums import TokenScope
from accounts.models import ApiToken, Person
from core import rls
from core.errors import Refusal


class Command(BaseCommand):
    help = "Print a new API token of one person, which can be read only now; list or revoke theirs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="command line", help="what the token is for")
        parser.add_argument("--scope", choices=TokenScope.values, default=TokenScope.WRITE.value)
        parser.add_argument(
            "--days", type=int, help="how long it works; without it there is no end"
        )
        other = parser.add_mutually_exclusive_group()
        other.add_argument("--list", action="store_true", help="list the person's tokens instead")
        other.add_argument("--revoke", metavar="NUMBER", help="end one of the list, or `all`")

    def handle(self, *args: Any, **options: Any) -> None:
        with rls.everything():
            person = Person.objects.filter(email__iexact=options["email"]).first()
            if person is None:
                raise CommandError(f"Nobody here has the address {options['email']}.")
            if options["list"]:
                self._list(person)
            elif options["revoke"]:
                self._revoke(person, options["revoke"])
            else:
                self._make(person, options)

    def _make(self, person: Person, options: dict[str, Any]) -> None:
        if not person.is_active:
            raise CommandError(f"The account of {person.email} is closed; open it again first.")
        wanted = {key: options[key] for key in ("name", "scope", "days")}
        try:
            self.stdout.write(make_api_token(person, at=timezone.now(), **wanted))
        except Refusal as refusal:
            raise CommandError(str(refusal)) from None

    def _list(self, person: Person) -> None:
        now = timezone.now()
        for token in person.api_tokens.select_related("person").order_by("pk"):
            self.stdout.write(
                f"{token.pk}  {token.name}  {token.get_scope_display()}"
                f"  made {token.created_at:%F}  last used {token.last_used_on or 'never'}"
                f"  {_state(token, why_not(token, at=now))}"
            )

    def _revoke(self, person: Person, which: str) -> None:
        now = timezone.now()
        if which == "all":
            self.stdout.write(f"{revoke_all(person, by=None, at=now)} revoked")
            return
        found = person.api_tokens.filter(pk=int(which)) if which.isdecimal() else None
        token = found.select_related("person").first() if found is not None else None
        if token is None:
            raise CommandError(f"{person.email} has no token {which}. See --list.")
        self.stdout.write("revoked" if revoke(token, by=None, at=now) else "was revoked already")


def _state(token: ApiToken, refused: str) -> str:
    if refused:
        return refused
    return f"works until {token.expires_at:%F}" if token.expires_at else "works, without an end"
