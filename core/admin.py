"""The admin site: its sign-in is the desk's own, its pages the managers' and engineers'."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.http import urlencode

V = TypeVar("V", bound=Callable[..., HttpResponseBase])
Page = tuple[str, Callable[..., HttpResponseBase], str]


class Site(admin.AdminSite):
    """Django's admin, and pages of the apps' own beside its model pages.

    An app's `admin` module calls `admin.site.add_pages(...)`; each page is reached as
    `admin:<name>`, behind the door of `admin_view`. `front_page` names the one for those who
    may open no model page.
    """

    site_header = "AxSupport"
    site_title = "AxSupport"
    index_title = "Programme"
    front_page = ""

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        self._pages: list[Page] = []

    def add_pages(self, *pages: Page) -> None:
        """Each page: its route below the site, its view, its URL name."""
        self._pages.extend(pages)

    def get_urls(self) -> list[URLPattern | URLResolver]:
        pages = sorted(self._pages, key=_by_its_words)
        own = [path(route, self.admin_view(view), name=name) for route, view, name in pages]
        return [*own, *super().get_urls()]

    def admin_view(self, view: V, cacheable: bool = False) -> V:
        """Strangers are led to the sign-in; for whoever has no place here nothing exists."""
        inner = super().admin_view(view, cacheable)

        @wraps(inner)
        def door(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.user.is_authenticated and not self.has_permission(request):
                raise Http404
            if "HX-Request" in request.headers and not request.user.is_authenticated:
                # The part of a page that refreshes itself must not become a sign-in form.
                return HttpResponse(status=204, headers={"HX-Refresh": "true"})
            return inner(request, *args, **kwargs)

        return cast(V, door)

    def index(  # type: ignore[override]  # a redirect is an answer, too
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The model pages; who may open none of them is led to the front page."""
        if self.front_page and not self.get_app_list(request):
            return redirect(reverse(self.front_page))
        return super().index(request, extra_context)

    def login(
        self, request: HttpRequest, extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        """One door for everybody, with its second factor and its limits."""
        back = request.GET.get("next", request.path)
        return redirect(f"/accounts/login/?{urlencode({'next': back})}")


def _by_its_words(page: Page) -> list[bool]:
    """`incidents/new/` comes before `incidents/<slug:number>/`, whichever app adds it first."""
    return [part.startswith("<") for part in page[0].split("/")]
