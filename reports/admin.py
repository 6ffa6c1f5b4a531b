"""The account managers' pages below /admin/reports/."""

from django.contrib import admin

from core.admin import Site
from reports.views import staff

assert isinstance(admin.site, Site)
admin.site.add_pages(
    ("reports/", staff.report_list, "reports"),
    ("reports/draft/", staff.report_draft, "report_draft"),
    ("reports/<int:pk>/", staff.report_detail, "report"),
    ("reports/<int:pk>/issue/", staff.report_issue, "report_issue"),
)
