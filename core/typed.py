"""What people typed comes back when it can not be taken now: a session that ended, a page too old.

The page shows the text and sends it again, under a token that is valid now. Only for what came from
our own pages: a stranger's page must not put words into somebody's form.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.views.csrf import csrf_failure as plain_failure

TOO_OLD = "This page was open for so long that it is no longer valid. Nothing was sent yet."
SIGNED_OUT = "You were signed out in the meantime. Nothing was sent yet."


class TypedMiddleware:
    """A form that meets the sign-in instead of its view comes back with what was typed.

    For parts of pages (htmx) the whole page goes to the sign-in, not the part of it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated or not _leads_to_sign_in(response):
            return response
        if typed(request):
            return _shown_again(request, SIGNED_OUT, sign_in=True)
        if request.headers.get("HX-Request"):
            here = urlsplit(request.headers.get("HX-Current-URL", ""))
            back = here.path + (f"?{here.query}" if here.query else "")
            where = f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': back or '/'})}"
            return HttpResponse(status=204, headers={"HX-Redirect": where})
        return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's view for a form without a valid token (`CSRF_FAILURE_VIEW`)."""
    if typed(request):
        return _shown_again(request, TOO_OLD, sign_in=False)
    return plain_failure(request, reason=reason)


def typed(request: HttpRequest) -> list[tuple[str, str]]:
    """The fields of a form of ours, to be sent again; none with a password, none of a stranger's.

    Without the token, which is given anew.
    """
    if request.method != "POST" or not _is_from_us(request):
        return []
    if any("password" in name for name in request.POST):
        return []
    fields = [(name, str(one)) for name, some in request.POST.lists() for one in some]
    return [(name, value) for name, value in fields if name != "csrfmiddlewaretoken"]


def _is_from_us(request: HttpRequest) -> bool:
    said = request.headers.get("Origin") or request.headers.get("Referer", "")
    return urlsplit(said).netloc == request.get_host()


def _leads_to_sign_in(response: HttpResponse) -> bool:
    where = urlsplit(response.headers.get("Location", "")).path
    doors = (resolve_url(settings.LOGIN_URL), resolve_url("admin:login"))
    return response.status_code == 302 and where in doors


def _shown_again(request: HttpRequest, why: str, *, sign_in: bool) -> HttpResponse:
    """403, and for a part of a page in the place of the whole page, which htmx would not show."""
    is_part = bool(request.headers.get("HX-Request"))
    facts = {
        "why": why,
        "typed": typed(request),
        "sign_in": resolve_url(settings.LOGIN_URL) if sign_in else "",
        "had_files": bool(request.FILES),
        "action": request.get_full_path(),
    }
    response = render(request, "typed_again.html", facts, status=200 if is_part else 403)
    if is_part:
        response["HX-Retarget"], response["HX-Reswap"] = "body", "innerHTML"
    response["Cache-Control"] = "no-store"
    return response
