"""The team's pages of this room, below /admin/engagements/."""

from django.contrib import admin

from core.admin import Site

assert isinstance(admin.site, Site)
admin.site.add_pages()
