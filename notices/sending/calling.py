"""Placing a call of somebody's telephone: what a back-end is, and the two that come along.

A call is a notice (`Notice.way`): owed with the fact, placed by the worker after the commit, again
after a failure. A back-end is a class with `place(call)`, named by the setting `CALL_BACKEND`. It
returns once whoever rings has taken the call over, and raises `CallFailed` when they did not. The
same `Call.key` may come twice when a worker dies at the wrong moment: ring once for it.
"""

from __future__ import annotations

import http.client
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Protocol
from urllib.error import URLError
from urllib.request import HTTPRedirectHandler, Request, build_opener

import phonenumbers
import structlog
from django.conf import settings
from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from accounts.models import Person

logger = structlog.get_logger(__name__)


class CallFailed(Exception):
    """Whoever should ring did not take the call over; why, in words."""


@dataclass(frozen=True)
class Call:
    """`number` is E.164, `text` what is to be said, `url` the page for who picks up."""

    key: str
    number: str
    name: str
    text: str
    url: str


class Backend(Protocol):
    def place(self, call: Call) -> None:
        """Have the number rung. Raises `CallFailed`."""


class LogBackend:
    """Writes the call into the log, for a desk whose log is watched, and for trying it out."""

    def place(self, call: Call) -> None:
        logger.warning("call", **asdict(call))


class WebhookBackend:
    """Posts the call as JSON to `CALL_WEBHOOK_URL`: a telephone provider's or one's own bridge.

    With `Authorization: Bearer` where `CALL_WEBHOOK_TOKEN` is set, and the key as
    `Idempotency-Key`. Any answer but 2xx within `CALL_WEBHOOK_SECONDS` is a failure; redirections
    are not followed, since the token would travel along.
    """

    def place(self, call: Call) -> None:
        headers = {"Content-Type": "application/json", "Idempotency-Key": call.key}
        if settings.CALL_WEBHOOK_TOKEN:
            headers["Authorization"] = f"Bearer {settings.CALL_WEBHOOK_TOKEN}"
        body = json.dumps(asdict(call)).encode()
        request = Request(settings.CALL_WEBHOOK_URL, body, headers, method="POST")
        try:
            with build_opener(_NoRedirect).open(request, timeout=settings.CALL_WEBHOOK_SECONDS):
                pass
        except (URLError, OSError, http.client.HTTPException) as error:
            raise CallFailed(f"The telephone bridge did not take the call: {error}") from error


class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *args: object, **kwargs: object) -> None:
        return None


def number_of(person: Person) -> str:
    """The telephone of `person` as E.164; "" for none that can be rung.

    It must be written with its country's prefix, and fit a range of that country.
    """
    try:
        parsed = phonenumbers.parse(person.phone, None)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_valid_number(parsed):
        return ""
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def place(call: Call) -> None:
    """Have the setting's back-end ring. Raises `CallFailed`."""
    if not call.number:
        raise CallFailed("There is no telephone number that can be called. Correct the profile.")
    backend: Backend = import_string(settings.CALL_BACKEND)()
    backend.place(call)
