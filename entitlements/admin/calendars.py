"""Calendars: edited by a new version, and seen as a year, day by day, by all staff."""

from __future__ import annotations

from copy import copy
from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.defaultfilters import linebreaksbr
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.http import SignedInRequest
from accounts.models import Person
from core.admin import Site
from entitlements import policies
from entitlements.actions import catalogue
from entitlements.admin.catalogue import VersionAdmin
from entitlements.errors import NothingChanged
from entitlements.forms.calendars import FILL, HOLIDAYS_OF, CalendarForm, initial_of
from entitlements.models import CalendarVersion
from entitlements.reads.current import current_calendar, working_calendar
from entitlements.rules import calendar_text
from entitlements.rules.windows import FIRST_YEAR, LAST_YEAR, WEEKDAYS
from entitlements.rules.year import Year, year_of
from entitlements.rules.zones import zone_of


@admin.register(CalendarVersion)
class CalendarVersionAdmin(VersionAdmin):
    """ "Fill in" shows the public holidays of a country on the form before anything is saved."""

    form = CalendarForm
    add_form_template = "entitlements/admin/calendar.html"
    list_display = ("calendar", "version", "name", "timezone", "made_at", "made_by")
    list_filter = ("calendar",)
    list_select_related = ("made_by",)
    initial_of = staticmethod(initial_of)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is not None:
            return super().get_fieldsets(request, obj)
        words = "Joined with the holidays above when you fill in or save. The names are in English."
        return (
            (None, {"fields": CalendarForm.Meta.fields}),
            ("Public holidays", {"fields": HOLIDAYS_OF, "description": words}),
        )

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return (*CalendarForm.Meta.fields, *HOLIDAYS_OF)
        shown = ("hours_shown", "holidays_shown", "overrides_shown")
        return ("calendar", "version", "name", "timezone", *shown, "made_at", "made_by")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.get_fields(request, obj) if obj else ()

    def get_changeform_initial_data(self, request: HttpRequest) -> Any:
        year = timezone.now().year
        initial = {"first_year": year, "last_year": year + 2}
        initial |= super().get_changeform_initial_data(request)
        return initial | getattr(request, "filled", {})

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        if object_id is None and request.method == "POST" and FILL in request.POST:
            return self._fill(request, form_url, extra_context)
        more = (extra_context or {}) | {"this_year": timezone.now().year}
        return super().changeform_view(request, object_id, form_url, more)

    def _fill(self, request: HttpRequest, form_url: str, extra: dict[str, Any] | None) -> Any:
        """The form again, with the public holidays among the holidays; saves nothing."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        filled = CalendarForm(request.POST).filled()
        if filled is None:  # the form is shown with what is wrong in it
            return super().changeform_view(request, None, form_url, extra)
        messages.info(request, "The public holidays are filled in. Look at them, then save.")
        shown: Any = copy(request)
        shown.filled, shown.method = filled, "GET"
        return super().changeform_view(shown, None, form_url, extra)

    @admin.display(description="Hours")
    def hours_shown(self, version: CalendarVersion) -> str:
        return linebreaksbr(calendar_text.hours_in_lines(version.hours))

    @admin.display(description="Holidays")
    def holidays_shown(self, version: CalendarVersion) -> str:
        return linebreaksbr(
            calendar_text.holidays_in_lines(initial_of(version)["holidays"]) or "none"
        )

    @admin.display(description="Days with other hours")
    def overrides_shown(self, version: CalendarVersion) -> str:
        return linebreaksbr(calendar_text.overrides_in_lines(version.overrides) or "none")

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Then what a later version would change for the answers that run (R4)."""
        answer = super().response_add(request, obj, post_url_continue)
        if obj.version == 1 or "_addanother" in request.POST or "_continue" in request.POST:
            return answer
        return redirect("admin:calendar_running", obj.calendar)

    def carry_out(self, form: Any, *, at: datetime, by: Person) -> CalendarVersion:
        spec = form.spec()
        if not catalogue.save_calendar(spec, at=at, by=by).calendars:
            raise NothingChanged(what=spec.name)
        return current_calendar(spec.calendar)


@require_safe
def year_page(request: SignedInRequest, calendar: str, version: int, year: int) -> HttpResponse:
    """Twelve months with the open time of each day. 404 outside 2000 to 2100."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Http404
    found = get_object_or_404(CalendarVersion, calendar=calendar, version=version)
    laid_out = _year(found, year)
    context = {
        "title": f"{found.name}, {year}",
        "lead": f"Version {found.version}, by the wall clocks of {found.timezone}.",
        "version": found,
        "year": laid_out,
        "before": year - 1 if year > FIRST_YEAR else None,
        "after": year + 1 if year < LAST_YEAR else None,
        "weekdays": [day.title() for day in WEEKDAYS],
        "today": timezone.now().astimezone(zone_of(found.timezone)).date(),
        "holidays": [
            (day, found.holiday_names.get(day.on.isoformat(), ""))
            for day in laid_out.days
            if day.is_holiday
        ],
        "overrides": [day for day in laid_out.days if day.is_override],
        "changes": [(day, one) for day in laid_out.days for one in day.changes],
        "may_edit": policies.may_edit_catalogue(request.user),
        "section": "Catalogue",
    }
    return render(request, "entitlements/calendar_year.html", context)


def _year(version: CalendarVersion, number: int) -> Year:
    return year_of(
        working_calendar(version),
        number,
        hours=version.hours,
        holidays=version.holidays,
        overrides=version.overrides,
    )


assert isinstance(admin.site, Site)
admin.site.add_pages(
    ("calendars/<slug:calendar>/<int:version>/<int:year>/", year_page, "calendar_year")
)
