"""The engineers' pages below /admin/: the queue, the incident, the customers, mail, journal."""

from django.contrib import admin

from core.admin import Site
from tickets.admin import (
    acting,
    addresses,
    alarms,
    calendar_changes,
    call_backs,
    calls,
    checklists,
    defects,
    dispatch_rules,
    engineers,  # noqa: F401 -- registers itself
    filing,
    incident,
    journal,
    mail,
    organisations,
    proof,
    queue,
    tiers,
    watchdog,
)

assert isinstance(admin.site, Site)
admin.site.front_page = "admin:queue"
admin.site.add_pages(
    ("queue/", queue.queue, "queue"),
    ("incidents/new/", filing.incident_new, "incident_new"),
    ("incidents/<slug:number>/", incident.incident, "incident"),
    ("incidents/<slug:number>/proof/", proof.incident_proof, "incident_proof"),
    ("incidents/<slug:number>/<slug:name>/", acting.act, "incident_deed"),
    ("calls/numbers/<int:pk>/forget/", calls.number_forget, "number_forget"),
    ("calls/new/", calls.call_new, "call_new"),
    ("call-backs/", call_backs.queue, "call_backs"),
    ("call-backs/new/", call_backs.call_back_new, "call_back_new"),
    ("call-backs/<int:pk>/", call_backs.call_back, "call_back"),
    ("call-backs/<int:pk>/<slug:name>/", call_backs.deed, "call_back_deed"),
    ("organisations/", organisations.organisations, "organisations"),
    ("organisations/<slug:slug>/", organisations.organisation, "organisation"),
    ("mail/", mail.mails, "mail_aside"),
    ("mail/<int:pk>/", mail.mail, "mail"),
    ("mail/<int:pk>/raw/", mail.raw, "mail_raw"),
    ("mail/<int:pk>/<slug:name>/", mail.decide, "mail_decide"),
    ("addresses/", addresses.addresses, "addresses"),
    ("addresses/<int:pk>/<slug:name>/", addresses.mend, "mend_address"),
    ("defects/", defects.defects, "defects"),
    ("defects/<slug:defect>/", defects.defect, "defect"),
    ("checklists/", checklists.checklists, "checklists"),
    ("dispatch/rules/", dispatch_rules.dispatch_rules, "dispatch_rules"),
    ("levels/", tiers.tier_targets, "tier_targets"),
    ("alarms/", alarms.alarm_policies, "alarm_policies"),
    ("alarms/<slug:level>/", alarms.alarm_policy, "alarm_policy"),
    ("calendars/<slug:calendar>/running/", calendar_changes.calendar_running, "calendar_running"),
    ("journal/", journal.journal, "journal"),
    ("watchdog/", watchdog.page, "watchdog"),
)
