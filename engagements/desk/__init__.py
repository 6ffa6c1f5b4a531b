"""The team's pages of this room, below /admin/engagements/."""

from django.contrib import admin

from core.admin import Site
from engagements.desk import audits, engagements, golive, lists, roadmap, training

assert isinstance(admin.site, Site)
admin.site.add_pages(
    ("engagements/", engagements.engagements, "engagements"),
    ("engagements/new/", engagements.engagement_new, "engagement_new"),
    ("engagements/calendar/", engagements.calendar, "engagement_calendar"),
    ("engagements/calendar.ics", engagements.calendar_file, "engagement_calendar_file"),
    ("roadmap/", roadmap.items, "roadmap"),
    ("roadmap/new/", roadmap.item_new, "roadmap_item_new"),
    ("roadmap/<int:pk>/", roadmap.item, "roadmap_item"),
    ("engagements/<slug:number>/", engagements.engagement, "engagement"),
    *golive.PAGES,
    ("engagements/<slug:number>/<slug:name>/", engagements.engagement_action, "engagement_action"),
    *audits.PAGES,
    *lists.PAGES,
    *training.PAGES,
)
