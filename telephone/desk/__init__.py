"""The engineers' pages of the telephone, and of filing what came by it or on another way."""

from django.contrib import admin

from core.admin import Site
from telephone.desk import call_backs, calls, filing

assert isinstance(admin.site, Site)
admin.site.add_pages(
    ("incidents/new/", filing.incident_new, "incident_new"),
    ("calls/numbers/<int:pk>/forget/", calls.number_forget, "number_forget"),
    ("calls/new/", calls.call_new, "call_new"),
    ("call-backs/", call_backs.queue, "call_backs"),
    ("call-backs/new/", call_backs.call_back_new, "call_back_new"),
    ("call-backs/<int:pk>/", call_backs.call_back, "call_back"),
    ("call-backs/<int:pk>/<slug:name>/", call_backs.page_action, "call_back_action"),
)
