from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.actions.tokens import make_api_token
from accounts.models import Person
from core import rls


class Command(BaseCommand):
    help = "Print a new API token of one person. It can be read only now."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="command line", help="what the token is for")

    def handle(self, *args: Any, **options: Any) -> None:
        with rls.everything():
            person = Person.objects.filter(email__iexact=options["email"]).first()
            if person is None:
                raise CommandError(f"Nobody here has the address {options['email']}.")
            if not person.is_active:
                raise CommandError(f"The account of {person.email} is closed; open it again first.")
            token = make_api_token(person, at=timezone.now(), name=options["name"])
        self.stdout.write(token)
