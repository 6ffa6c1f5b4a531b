"""The engineers' pages of the mailroom: mail kept aside, and addresses that take no mail."""

from django.contrib import admin

from core.admin import Site
from mailroom.desk import addresses, mail

assert isinstance(admin.site, Site)
admin.site.add_pages(
    ("mail/", mail.mails, "mail_aside"),
    ("mail/opened-nothing/", mail.opened_nothing, "mail_opened_nothing"),
    ("mail/<int:pk>/", mail.mail, "mail"),
    ("mail/<int:pk>/raw/", mail.raw, "mail_raw"),
    ("mail/<int:pk>/<slug:name>/", mail.decide, "mail_decide"),
    ("addresses/", addresses.addresses, "addresses"),
    ("addresses/<int:pk>/<slug:name>/", addresses.mend, "mend_address"),
)
