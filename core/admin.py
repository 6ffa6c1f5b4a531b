"""The admin site: its sign-in is the desk's own, its pages the managers' and engineers'."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar, cast

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.http import urlencode
from django.utils.text import slugify

from core.export import export_rows

V = TypeVar("V", bound=Callable[..., HttpResponseBase])
Page = tuple[str, Callable[..., HttpResponseBase], str]


@dataclass(frozen=True)
class Group:
    """Of the index: a subject's pages, by URL name, and its records with what they are called."""

    title: str
    pages: tuple[str, ...] = ()
    records: tuple[tuple[str, str], ...] = ()


class Site(admin.AdminSite):
    """Django's admin, and pages of the apps' own beside its model pages.

    An app's `admin` module calls `admin.site.add_pages(...)`; each page is reached as
    `admin:<name>`, behind the door of `admin_view`. `front_page` names the one for those who
    may open no model page.
    """

    site_header = "AxSupport"
    site_title = "AxSupport"
    index_title = "All pages and records"
    front_page = ""
    # The index as people think.
    groups: tuple[Group, ...] = ()

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        self.add_action(export_rows, "export_rows")
        # Who took which rows out is kept in the journal, by an app that knows people.
        self.note_export: Callable[[Any, str], None] | None = None
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
        """All there is, by subject; who may open no record is led to the front page."""
        found = self.get_app_list(request)
        if self.front_page and not found:
            return redirect(reverse(self.front_page))
        by_title = {one["name"]: one for one in found}
        groups = [
            by_title.pop(one.title, _group(one.title, [])) | {"pages": one.pages}
            for one in self.groups
        ]
        groups += by_title.values()
        return super().index(request, {"groups": groups, **(extra_context or {})})

    def get_app_list(
        self, request: HttpRequest, app_label: str | None = None
    ) -> list[dict[str, Any]]:
        """The records that this person may open, in `groups`; what is in none comes last."""
        apps: list[dict[str, Any]] = super().get_app_list(request, app_label)
        if app_label is not None or not self.groups:
            return apps
        found = {one["model"]._meta.label_lower: one for app in apps for one in app["models"]}
        grouped = []
        for group in self.groups:
            named = [(label, name) for label, name in group.records if label in found]
            grouped.append(
                _group(group.title, [found.pop(label) | {"name": name} for label, name in named])
            )
        rest = sorted(found.values(), key=lambda one: str(one["name"]))
        return [one for one in (*grouped, _group("Everything else", rest)) if one["models"]]

    def login(
        self, request: HttpRequest, extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        """One door for everybody, with its second factor and its limits."""
        back = request.GET.get("next", request.path)
        return redirect(f"/accounts/login/?{urlencode({'next': back})}")


def _group(title: str, models: list[dict[str, Any]]) -> dict[str, Any]:
    """As Django's own templates show an app."""
    return {
        "name": title,
        "app_label": slugify(title),
        "app_url": f"{reverse('admin:index')}#{slugify(title)}",
        "has_module_perms": True,
        "models": models,
    }


def _by_its_words(page: Page) -> list[bool]:
    """`incidents/new/` comes before `incidents/<slug:number>/`, whichever app adds it first."""
    return [part.startswith("<") for part in page[0].split("/")]
