"""The account managers' pages below /admin/reports/."""

from django.contrib import admin

from core.admin import Site
from reports.desk import pages

assert isinstance(admin.site, Site)
admin.site.add_pages(
    ("reports/", pages.report_list, "reports"),
    ("reports/draft/", pages.report_draft, "report_draft"),
    ("reports/issue/", pages.report_issue_several, "report_issue_several"),
    ("reports/<int:pk>/", pages.report_detail, "report"),
    ("reports/<int:pk>/issue/", pages.report_issue, "report_issue"),
    ("reports/<int:pk>/revise/", pages.report_revise, "report_revise"),
)
