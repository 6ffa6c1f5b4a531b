"""The account managers' and the managers' pages below /admin/: one file a subject."""

from django.contrib import admin

from core.admin import Site
from office.desk import account, customers, exports, figures, first_steps, imports, schedules

assert isinstance(admin.site, Site)
admin.site.add_pages(*imports.PAGES)
admin.site.add_pages(*exports.PAGES)
admin.site.add_pages(*figures.PAGES)
admin.site.add_pages(*first_steps.PAGES)
admin.site.add_pages(*schedules.PAGES)
admin.site.add_pages(
    ("customers/", customers.customers, "customers"),
    ("customers/health/", customers.health_rules, "health_rules"),
    ("customers/steps/<int:pk>/done/", account.account_step, "account_step"),
    ("customers/<slug:slug>/", account.account, "account"),
    ("customers/<slug:slug>/deck/", account.account_deck, "account_deck"),
    ("customers/<slug:slug>/note/", account.account_note, "account_note"),
    ("customers/<slug:slug>/review/", account.account_review, "account_review"),
)
