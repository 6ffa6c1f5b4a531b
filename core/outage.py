"""What people and programs read while the database or the disk is away: come back soon.

Django calls `server_error` for every exception that nobody caught, in a view or before one. Most
are bugs, 500. Some are outages, which pass: 503, with `Retry-After`, and calm.
"""

from __future__ import annotations

import errno
import sys
from dataclasses import dataclass

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.template.loader import render_to_string
from django.views.defaults import server_error as bug

from core.typed import typed

logger = structlog.get_logger(__name__)

NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})
# PostgreSQL's codes: a lock that was held too long or by two in a ring, a statement that was
# stopped, a disk without room; what begins with the others is a server that goes or is gone.
CODES_GONE = ("08", "53", "57P", "58", "25P03")


@dataclass(frozen=True)
class Outage:
    """`code` for programs, `text` for people, `seconds` after which to try again."""

    code: str
    text: str
    seconds: int


AWAY = Outage(
    "away",
    "The desk can not reach its database just now. Nothing that was confirmed is lost."
    " Try again in a minute.",
    15,
)
FULL = Outage(
    "disk_full",
    "The desk has no room to store anything just now. Nothing that was confirmed is lost."
    " Try again in a few minutes.",
    60,
)
BUSY = Outage(
    "busy",
    "Somebody is changing the same thing at this moment. Nothing was saved. Try again.",
    3,
)
SLOW = Outage("slow", "This took too long and was given up. Nothing was saved. Try again.", 15)
_OF_CODE = {"55P03": BUSY, "40P01": BUSY, "57014": SLOW, "53100": FULL}


def outage_of(error: BaseException | None) -> Outage | None:
    """Which outage an exception comes from, looking at its causes; None for a bug."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        if found := _outage(error):
            return found
        error = error.__cause__ or error.__context__
    return None


def server_error(request: HttpRequest) -> HttpResponseBase:
    """The answer to an exception that nobody caught."""
    error = sys.exc_info()[1]
    outage = outage_of(error)
    if outage is None:
        return bug(request)
    logger.error("request not served", outage=outage.code, error=str(error)[:300])
    return answer(request, outage)


def answer(request: HttpRequest, outage: Outage) -> HttpResponse:
    """503: JSON for the API and for whoever does not take pages, else a page of its own."""
    is_api = request.path.startswith("/api/") or not request.accepts("text/html")
    response: HttpResponse
    if is_api:
        response = JsonResponse({"code": outage.code, "detail": outage.text}, status=503)
    else:
        facts = {
            "outage": outage,
            "vendor": settings.VENDOR,
            "typed": typed(request),
            "token": request.POST.get("csrfmiddlewaretoken", ""),
        }
        response = HttpResponse(render_to_string("outage.html", facts), status=503)
    response["Retry-After"] = str(outage.seconds)
    response["Cache-Control"] = "no-store"
    return response


def _outage(error: BaseException) -> Outage | None:
    if isinstance(error, OSError) and error.errno in NO_ROOM:
        return FULL
    if isinstance(error, InterfaceError):
        return AWAY
    if not isinstance(error, OperationalError):
        return None
    code = getattr(error.__cause__, "pgcode", None) or ""
    if code in _OF_CODE:
        return _OF_CODE[code]
    return AWAY if not code or code.startswith(CODES_GONE) else None
