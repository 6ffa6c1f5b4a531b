"""The account managers' and the managers' pages below /admin/: one file a subject."""

from django.contrib import admin

from core.admin import Site
from office.desk import imports

assert isinstance(admin.site, Site)
admin.site.add_pages(*imports.PAGES)
