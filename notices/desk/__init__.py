"""The pages of the words that the desk writes, and of what it told one on its pages."""

from django.contrib import admin

from core.admin import Site
from notices.desk import bell, wording

assert isinstance(admin.site, Site)
admin.site.add_pages(
    ("notifications/", bell.notifications, "notifications"),
    ("notifications/read/", bell.notifications_read, "notifications_read"),
    ("wording/", wording.wordings, "wordings"),
    ("wording/<slug:kind>/", wording.wording, "wording"),
    ("wording/<slug:kind>/preview/", wording.preview, "wording_preview"),
    ("wording/<slug:kind>/test/", wording.test, "wording_test"),
    ("wording/<slug:kind>/as-delivered/", wording.reset, "wording_reset"),
)
