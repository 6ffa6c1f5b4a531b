"""Contracts and the catalogue for managers. Every write goes through `actions/`; what was sold,
spent or promised can be looked at, corrected by a new entry or version, and never edited."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.http import SignedInRequest
from accounts.models import Person
from core.admin import Site
from core.errors import Refusal
from core.model_admin import ReadOnlyAdmin
from entitlements import forms, policies
from entitlements.actions import catalogue, licences, packs, subscriptions
from entitlements.current import (
    current_calendar,
    current_calendars,
    current_level,
    current_levels,
)
from entitlements.enums import Level
from entitlements.errors import NothingChanged
from entitlements.holdings import local_day
from entitlements.matrix import matrix_of_today
from entitlements.models import (
    CalendarVersion,
    CoverageDecision,
    GoLiveProject,
    IncidentPack,
    LedgerEntry,
    LevelVersion,
    Licence,
    Service,
    Subscription,
)


def _manager(request: HttpRequest) -> Person:
    return cast(Person, request.user)


class DeedAdmin(ReadOnlyAdmin):
    """A list with an add form that calls an action; its refusal is shown on the form."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return policies.may_manage_contracts(_manager(request))

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The form's own fields when adding; every field of the row when looking."""
        if obj is None:
            return super().get_fields(request, obj)
        return [field.name for field in self.opts.concrete_fields if field.name != "id"]

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        form.refusal = getattr(request, "refusal", None)
        return form

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """A refused deed wrote nothing (its transaction is gone); the form says why."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except Refusal as refusal:
            request.refusal = refusal  # type: ignore[attr-defined]  # read again by get_form
            return super().changeform_view(request, object_id, form_url, extra_context)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        made = self.carry_out(form, at=timezone.now(), by=_manager(request))
        obj.pk = made.pk
        obj.refresh_from_db()

    def carry_out(self, form: Any, *, at: datetime, by: Person) -> Model:
        raise NotImplementedError


class LookInline(admin.TabularInline):  # type: ignore[type-arg]  # not generic at run time
    can_delete = False
    extra = 0

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class SubscriptionInline(LookInline):
    model = Subscription
    fields = ("level", "starts_on", "ends_on", "price", "currency", "bought_at", "bought_by")


class LedgerInline(LookInline):
    model = LedgerEntry
    fields = ("at", "kind", "debit", "credit", "quantity", "balance", "incident", "reason", "by")


@admin.register(Licence)
class LicenceAdmin(DeedAdmin):
    form = forms.LicenceForm
    list_display = ("key", "organisation", "product", "edition", "registered_on", "price")
    list_filter = ("edition",)
    list_select_related = ("organisation",)
    search_fields = ("key", "organisation__name")
    inlines = (SubscriptionInline,)

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return self.inlines if obj else ()

    def carry_out(self, form: Any, *, at: datetime, by: Person) -> Licence:
        given = dict(form.cleaned_data)
        organisation = given.pop("organisation")
        return licences.register_licence(organisation, at=at, by=by, **given)


@admin.register(Subscription)
class SubscriptionAdmin(DeedAdmin):
    form = forms.SubscriptionForm
    list_display = ("licence", "organisation", "level", "starts_on", "ends_on", "price", "currency")
    list_filter = ("level", "ends_on")
    list_select_related = ("licence", "organisation")
    search_fields = ("licence__key", "organisation__name")
    ordering = ("ends_on",)
    actions = ("renew",)

    def carry_out(self, form: Any, *, at: datetime, by: Person) -> Subscription:
        given = dict(form.cleaned_data)
        return subscriptions.subscribe(given.pop("licence"), at=at, by=by, **given)

    @admin.action(description="Renew for a year, without a gap", permissions=["add"])
    def renew(self, request: HttpRequest, queryset: QuerySet[Subscription]) -> None:
        for one in queryset.select_related("licence__organisation"):
            at = timezone.now()
            free_on = subscriptions.renewal_starts_on(one.licence, level=one.level)
            starts_on = free_on or local_day(at, one.licence.organisation.timezone)
            try:
                made = subscriptions.subscribe(
                    one.licence, level=one.level, starts_on=starts_on, at=at, by=_manager(request)
                )
            except Refusal as refusal:
                messages.warning(request, f"{one.licence.key}: {refusal}")
            else:
                messages.success(request, f"{one.licence.key}: {made}")


@admin.register(IncidentPack)
class IncidentPackAdmin(DeedAdmin):
    form = forms.PackForm
    list_display = ("licence", "organisation", "quantity", "available", "purchased_at", "price")
    list_select_related = ("licence", "organisation")
    search_fields = ("licence__key", "organisation__name")
    ordering = ("-purchased_at",)
    inlines = (LedgerInline,)

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return self.inlines if obj else ()

    def carry_out(self, form: Any, *, at: datetime, by: Person) -> IncidentPack:
        given = dict(form.cleaned_data)
        return packs.buy_pack(given.pop("licence"), at=at, by=by, **given)


@admin.register(LedgerEntry)
class LedgerEntryAdmin(DeedAdmin):
    """Adding one corrects a pack by hand, with a reason (ADJUST)."""

    form = forms.AdjustmentForm
    list_display = ("at", "organisation", "pack", "kind", "change", "balance", "incident", "by")
    list_filter = ("kind",)
    list_select_related = ("organisation", "pack", "incident", "by")
    search_fields = ("organisation__name", "pack__licence__key", "incident__number")
    ordering = ("-pk",)
    show_full_result_count = False

    def carry_out(self, form: Any, *, at: datetime, by: Person) -> LedgerEntry:
        return packs.adjust(at=at, by=by, **form.cleaned_data)


@admin.register(GoLiveProject)
class GoLiveProjectAdmin(DeedAdmin):
    form = forms.ProjectForm
    list_display = ("name", "organisation", "starts_on", "ends_on")
    list_select_related = ("organisation",)
    search_fields = ("name", "organisation__name")

    def carry_out(self, form: Any, *, at: datetime, by: Person) -> GoLiveProject:
        given = dict(form.cleaned_data)
        return licences.open_project(given.pop("organisation"), at=at, by=by, **given)


@admin.register(CoverageDecision)
class CoverageDecisionAdmin(ReadOnlyAdmin):
    list_display = ("at", "organisation", "licence", "service", "channel", "level", "goodwill")
    list_filter = ("goodwill", "gold_depleted", "channel")
    list_select_related = ("organisation", "licence", "level")
    search_fields = ("organisation__name", "licence__key")
    ordering = ("-pk",)
    show_full_result_count = False


class CatalogueAdmin(DeedAdmin):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return policies.may_edit_catalogue(_manager(request))


@admin.register(Service)
class ServiceAdmin(CatalogueAdmin):
    """Services have no versions: no promise is computed from their words."""

    form = forms.ServiceForm
    list_display = ("name", "key", "reportable", "position")

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return policies.may_edit_catalogue(_manager(request))

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return forms.ServiceForm.Meta.fields

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("key",) if obj else ()  # levels and incidents name it

    def carry_out(self, form: ModelForm[Service], *, at: datetime, by: Person) -> Service:
        spec = cast(forms.ServiceForm, form).spec()
        catalogue.save_service(spec, at=at, by=by)
        return Service.objects.get(key=spec.key)


class VersionAdmin(CatalogueAdmin):
    """Versions can be looked at; a change is a new version, whose form starts from another one."""

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
            key: one for found in known for key, one in forms.initial_of(found).items()
        }


@admin.register(CalendarVersion)
class CalendarVersionAdmin(VersionAdmin):
    form = forms.CalendarForm
    list_display = ("calendar", "version", "name", "timezone", "made_at", "made_by")
    list_filter = ("calendar",)
    list_select_related = ("made_by",)

    def carry_out(self, form: Any, *, at: datetime, by: Person) -> CalendarVersion:
        spec = form.spec()
        if not catalogue.save_calendar(spec, at=at, by=by).calendars:
            raise NothingChanged(what=spec.name)
        return current_calendar(spec.calendar)


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


@require_safe
def catalogue_page(request: SignedInRequest) -> HttpResponse:
    """The programme as it is promised now, for all staff; managers find the way to change it."""
    context = {
        "matrix": matrix_of_today(),
        "levels": current_levels().values(),
        "calendars": current_calendars().values(),
        "may_edit": policies.may_edit_catalogue(request.user),
        "section": "Catalogue",
    }
    return render(request, "entitlements/catalogue.html", context)


assert isinstance(admin.site, Site)
admin.site.add_pages(("catalogue/", catalogue_page, "catalogue"))
