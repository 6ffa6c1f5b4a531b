from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts import factor_keys
from accounts.actions.factors import encrypt_anew
from core.errors import Refusal


class Command(BaseCommand):
    help = (
        "Encrypt the secrets of second factors under a new key. Where FACTOR_KEY names the keys,"
        " put the new one first and restart, then run this, then take the old one away."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        is_new = factor_keys.add_new_key()
        try:
            done = encrypt_anew()
        except Refusal as refusal:
            raise CommandError(str(refusal)) from None
        factor_keys.drop_old_keys()
        self.stdout.write(f"{done} encrypted anew")
        if is_new:
            self.stdout.write(f"The new key is in {factor_keys.key_file()}: back it up.")
        else:
            self.stdout.write("FACTOR_KEY may be cut down to its first key now.")
