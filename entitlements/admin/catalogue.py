"""The programme: services, calendars and levels, changed by a new version (R4)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, cast

from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.http import SignedInRequest
from accounts.models import Person
from core.admin import Site
from core.model_admin import ReadOnlyAdmin
from entitlements import policies
from entitlements.actions import catalogue
from entitlements.admin.action_pages import ActionAdmin, manager_of
from entitlements.enums import Level
from entitlements.errors import NothingChanged
from entitlements.forms import admin as forms
from entitlements.models import (
    CoverageDecision,
    LevelVersion,
    Service,
)
from entitlements.reads.current import current_calendars, current_level, current_levels
from entitlements.reads.matrix import matrix_of_today


class CatalogueAdmin(ActionAdmin):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return policies.may_edit_catalogue(manager_of(request))


@admin.register(Service)
class ServiceAdmin(CatalogueAdmin):
    """Services have no versions: no promise is computed from their words."""

    form = forms.ServiceForm
    list_display = ("name", "key", "reportable", "position")

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return policies.may_edit_catalogue(manager_of(request))

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return forms.ServiceForm.Meta.fields

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("key",) if obj else ()  # levels and incidents name it

    def carry_out(self, form: ModelForm[Service], *, at: datetime, by: Person) -> Service:
        spec = cast(forms.ServiceForm, form).spec()
        catalogue.save_service(spec, at=at, by=by)
        return Service.objects.get(key=spec.key)


class VersionAdmin(CatalogueAdmin):
    """Versions can be looked at; a change is a new version, whose form starts from another one.

    `initial_of` is what its form shows of that one.
    """

    initial_of: Callable[[Any], dict[str, Any]] = staticmethod(forms.initial_of)

    change_form_template = "entitlements/admin/version.html"
    ordering = ("-made_at", "-pk")

    def get_changeform_initial_data(self, request: HttpRequest) -> Any:
        given = request.GET.get("from", "")
        known = (
            self.get_queryset(request).filter(pk=given)
            if given.isascii() and given.isdigit()
            else ()
        )
        initial = super().get_changeform_initial_data(request)
        return initial | {
            key: one for found in known for key, one in self.initial_of(found).items()
        }


@admin.register(LevelVersion)
class LevelVersionAdmin(VersionAdmin):
    form = forms.LevelForm
    list_display = ("level", "version", "response_time", "calendar", "made_at", "made_by")
    list_filter = ("level",)
    list_select_related = ("calendar", "made_by")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return super().get_fields(request, obj) if obj else list(forms.LevelForm.base_fields)

    def carry_out(self, form: Any, *, at: datetime, by: Person) -> LevelVersion:
        spec = form.spec()
        if not catalogue.save_level(spec, at=at, by=by).levels:
            raise NothingChanged(what=Level(spec.level).label)
        return current_level(spec.level)


@admin.register(CoverageDecision)
class CoverageDecisionAdmin(ReadOnlyAdmin):
    list_display = ("at", "organisation", "licence", "service", "channel", "level", "goodwill")
    list_filter = ("goodwill", "gold_depleted", "channel")
    list_select_related = ("organisation", "licence", "level")
    search_fields = ("organisation__name", "licence__key")
    ordering = ("-pk",)
    show_full_result_count = False


@require_safe
def catalogue_page(request: SignedInRequest) -> HttpResponse:
    """The programme as it is promised now, for all staff; managers find the way to change it."""
    context = {
        "matrix": matrix_of_today(),
        "levels": current_levels().values(),
        "calendars": current_calendars().values(),
        "this_year": timezone.now().year,
        "may_edit": policies.may_edit_catalogue(request.user),
        "section": "Catalogue",
    }
    return render(request, "entitlements/catalogue.html", context)


assert isinstance(admin.site, Site)
admin.site.add_pages(("catalogue/", catalogue_page, "catalogue"))
