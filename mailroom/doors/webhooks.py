"""Mails that a provider hands in by HTTP: django-anymail's views, behind a door of ours.

anymail checks the provider's signature and reads its form of a mail; it then sends a Django signal.
The house has no signals for writes, since nobody who reads an action sees who listens. This one is
the library's only way to hand over a mail, it has this one receiver, and all that it does is to
call `store` like every other door. So it is with what providers report of mails that we sent.
"""

from __future__ import annotations

from collections.abc import Callable
from email import policy
from typing import Any

import structlog
from anymail import urls
from anymail.signals import inbound, tracking
from anymail.utils import get_request_basic_auth
from django.conf import settings
from django.dispatch import receiver
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.csrf import csrf_exempt

from core import rls
from mailroom.actions.deliveries import note_report
from mailroom.actions.intake import store
from mailroom.actions.limits import keep_beginning
from mailroom.text.envelope import with_envelope

logger = structlog.get_logger(__name__)


@receiver(inbound)
def keep_inbound(sender: type, event: Any, esp_name: str, **more: Any) -> None:
    """Store the mail in the request's transaction; the provider hears "taken" after its commit.

    What is raised becomes a 500, after which providers try again.
    """
    message = event.message
    raw = with_envelope(
        _bytes_of(message),
        sender=message.envelope_sender or "",
        recipients=[message.envelope_recipient] if message.envelope_recipient else [],
    )
    with rls.everything():
        if len(raw) > settings.MAIL_MAX_BYTES:
            where = f"with {esp_name}"
            keep_beginning(raw, size=len(raw), at=timezone.now(), where=where)
        else:
            store(raw, at=timezone.now())


@receiver(tracking)
def note_tracking(sender: type, event: Any, esp_name: str, **more: Any) -> None:
    """What became of a mail of ours, in the request's transaction; told twice, it is noted once."""
    said = " ".join(str(one) for one in (event.mta_response, event.description) if one)
    with rls.everything():
        note_report(
            event.event_type,
            provider_id=str(event.message_id or ""),
            recipient=str(event.recipient or ""),
            said=said,
            event=f"{esp_name}:{event.event_id or event.message_id}",
            at=event.timestamp or timezone.now(),
        )


def _bytes_of(message: Any) -> bytes:
    """The mail, its headers as they came; a mail that Python can not write strictly, loosely."""
    strict = message.policy.clone(refold_source="none", cte_type="8bit", linesep="\r\n")
    try:
        return bytes(message.as_bytes(policy=strict))
    except (ValueError, LookupError, AttributeError, TypeError) as error:
        logger.warning("mail of a provider written loosely", error=repr(error))
        return bytes(message.as_bytes(policy=policy.compat32.clone(cte_type="8bit")))


def guarded(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The view for whoever knows WEBHOOK_SECRET ("user:password"); without one there is no door.

    Asked before anymail, which lets everybody in where nothing is configured.
    """

    @csrf_exempt
    def door(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        secret = settings.ANYMAIL.get("WEBHOOK_SECRET", "")
        if not secret:
            raise Http404
        if not constant_time_compare(get_request_basic_auth(request) or "", secret):
            return HttpResponse("Wrong user or password.", status=403, content_type="text/plain")
        return view(request, *args, **kwargs)

    return door


def urlpatterns() -> list[URLPattern]:
    """anymail's own addresses, each behind the door."""
    return [
        URLPattern(one.pattern, guarded(one.callback), one.default_args, one.name)
        for one in urls.urlpatterns
    ]
