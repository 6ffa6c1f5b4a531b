"""What allauth asks of us about second factors."""

from __future__ import annotations

import ipaddress
from typing import Any
from urllib.parse import urlsplit

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings

from accounts import factor_keys
from accounts.models import Person


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """Secrets are kept encrypted; passkeys belong to the desk's own address."""

    def encrypt(self, text: str) -> str:
        return factor_keys.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return factor_keys.decrypt(encrypted_text)

    def get_totp_issuer(self) -> str:
        return f"{settings.VENDOR['name']} {settings.VENDOR['desk']}"

    def generate_authenticator_name(self, user: Person, type: Any) -> str:
        count = Authenticator.objects.filter(user=user, type=type).count()
        return "Passkey" if not count else f"Passkey {count + 1}"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """By `SITE_URL`; a desk that has only a number for an address goes by what was asked."""
        host = urlsplit(settings.SITE_URL).hostname or ""
        if _is_number(host):
            host = context.request.get_host().partition(":")[0]
        return {"id": host, "name": str(settings.VENDOR["desk"])}


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
