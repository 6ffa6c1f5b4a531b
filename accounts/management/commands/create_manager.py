from __future__ import annotations

import sys
from argparse import ArgumentParser
from getpass import getpass
from typing import Any

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.actions.people import add_staff
from accounts.enums import Role
from accounts.models import Person
from core import rls
from core.errors import Refusal

_GIVEN_LATER = {"password", "joined_at", "role"}


class Command(BaseCommand):
    help = "Make the first support manager of an installation, who lets everybody else in."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="", help="as customers and colleagues read it")
        parser.add_argument("--timezone", default="Europe/Berlin", help="an IANA name")
        parser.add_argument(
            "--password-stdin", action="store_true", help="read the password from standard input"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        person = Person(
            email=options["email"],
            name=options["name"] or options["email"].partition("@")[0],
            timezone=options["timezone"],
        )
        try:
            person.clean_fields(exclude=_GIVEN_LATER)
            password = _password(from_stdin=options["password_stdin"])
            password_validation.validate_password(password, person)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        try:
            with rls.everything():
                add_staff(
                    email=person.email,
                    name=person.name,
                    role=Role.MANAGER,
                    timezone=person.timezone,
                    password=password,
                    is_lead=True,
                    at=timezone.now(),
                    by=None,
                )
        except Refusal as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(f"{person.email} may sign in now, and is asked for a second factor then.")


def _password(*, from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\n")
    first = getpass("Password: ")
    if first != getpass("Again: "):
        raise CommandError("The two passwords differ. Nothing was made.")
    return first
