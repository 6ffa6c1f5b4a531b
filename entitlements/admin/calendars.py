"""A version of a calendar as a year: when it opens, for all staff."""

from __future__ import annotations

from django.contrib import admin
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.http import SignedInRequest
from core.admin import Site
from entitlements import policies
from entitlements.current import working_calendar
from entitlements.models import CalendarVersion
from entitlements.rules.windows import WEEKDAYS
from entitlements.rules.year import Year, year_of
from entitlements.rules.zones import zone_of

EARLIEST, LATEST = 2000, 2100  # far beyond any promise; what lies outside is a slip


@require_safe
def year_page(request: SignedInRequest, calendar: str, version: int, year: int) -> HttpResponse:
    """Twelve months with the open time of each day. 404 outside 2000 to 2100."""
    if not EARLIEST <= year <= LATEST:
        raise Http404
    found = get_object_or_404(CalendarVersion, calendar=calendar, version=version)
    laid_out = _year(found, year)
    context = {
        "title": f"{found.name}, {year}",
        "lead": f"Version {found.version}, by the wall clocks of {found.timezone}.",
        "version": found,
        "year": laid_out,
        "before": year - 1 if year > EARLIEST else None,
        "after": year + 1 if year < LATEST else None,
        "weekdays": [day.title() for day in WEEKDAYS],
        "today": timezone.now().astimezone(zone_of(found.timezone)).date(),
        "holidays": [day for day in laid_out.days if day.is_holiday],
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
