"""Who asks right now, from where: told once a request, read by whatever writes it down."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest


@dataclass(frozen=True)
class Asked:
    """The network address of whoever asks ("" where it is none), and the name of the request."""

    address: str
    request: str


_asked: ContextVar[Asked | None] = ContextVar("asked", default=None)


def asked() -> Asked | None:
    """The request that is being answered; None in a task or a command."""
    return _asked.get()


@contextmanager
def answering(address: str, request: str) -> Iterator[None]:
    before = _asked.set(Asked(address, request))
    try:
        yield
    finally:
        _asked.reset(before)


def address_of(request: HttpRequest) -> str:
    """Where the request comes from, as the proxies in front say that we trust.

    Each proxy adds whom it heard to the end of `X-Forwarded-For`. What stands before was written by
    whoever asks, and counts for nothing. "" when it is no address.
    """
    said = request.META.get("REMOTE_ADDR", "")
    proxies = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    if proxies:
        heard = [one.strip() for one in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
        said = heard[-proxies] if len(heard) >= proxies else said
    try:
        return str(ipaddress.ip_address(said))
    except ValueError:
        return ""
