"""The admin site: its sign-in is the desk's own, its pages the managers' and engineers'."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import urlencode


class Site(admin.AdminSite):
    site_header = "AxSupport"
    site_title = "AxSupport"
    index_title = "Programme"

    def login(
        self, request: HttpRequest, extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        """One door for everybody, with its second factor and its limits."""
        back = request.GET.get("next", request.path)
        return redirect(f"/accounts/login/?{urlencode({'next': back})}")
