"""The engineers' pages below /admin/: the queue, the incident, the customers, mail, journal."""

from django.contrib import admin

from core.admin import Site
from tickets.desk import (
    acting,
    alarms,
    bulk,
    calendar_changes,
    canned,
    checklists,
    composer,
    defects,
    dispatch_rules,
    drafts,
    incident,
    incident_parts,
    journal,
    organisations,
    others,
    palette,
    proof,
    queue,
    search,
    seen,
    tiers,
    watchdog,
)

assert isinstance(admin.site, Site)
admin.site.front_page = "admin:queue"
admin.site.groups = (
    (
        "Customers and people",
        (
            ("accounts.organisation", "Organisations"),
            ("accounts.person", "People"),
            ("accounts.invitation", "Invitations"),
            ("accounts.partner", "Local partners"),
            ("tickets.engineerprofile", "Engineers: room and skills"),
        ),
    ),
    (
        "What customers have",
        (
            ("entitlements.licence", "Licences"),
            ("entitlements.subscription", "Subscriptions"),
            ("entitlements.incidentpack", "Packs of Gold incidents"),
            ("entitlements.ledgerentry", "Gold incidents, entry by entry"),
            ("entitlements.order", "Orders"),
            ("entitlements.goliveproject", "GoLive projects"),
            ("entitlements.technicalcontract", "Technical contracts"),
        ),
    ),
    (
        "What the programme promises",
        (
            ("entitlements.levelversion", "Levels of support"),
            ("entitlements.calendarversion", "Working calendars"),
            ("entitlements.service", "Services"),
            ("tickets.cause", "Causes of incidents"),
            ("entitlements.coveragedecision", "Decisions on coverage"),
        ),
    ),
    ("What goes out", (("notices.notice", "Mails, calls and messages"),)),
)
admin.site.add_pages(
    ("queue/", queue.queue, "queue"),
    ("queue/bulk/", bulk.bulk, "queue_bulk"),
    ("queue/organisations/", queue.organisation_names, "organisation_names"),
    ("search/", search.search, "search"),
    ("search/suggestions/", search.search_suggestions, "search_suggestions"),
    ("incidents/<slug:number>/", incident.incident, "incident"),
    ("incidents/<slug:number>/proof/", proof.incident_proof, "incident_proof"),
    ("incidents/<slug:number>/seen/", seen.seen, "incident_seen"),
    *incident_parts.TAB_PAGES,
    ("incidents/<slug:number>/live/", incident_parts.incident_live, "incident_live"),
    ("incidents/<slug:number>/earlier/", incident_parts.incident_earlier, "incident_earlier"),
    (
        "incidents/<slug:number>/messages/<int:message>/",
        incident_parts.incident_message,
        "incident_message",
    ),
    ("incidents/<slug:number>/draft/<slug:kind>/", drafts.incident_draft, "incident_draft"),
    ("incidents/<slug:number>/others/", others.incident_others, "incident_others"),
    ("incidents/<slug:number>/<slug:name>/", acting.act, "incident_action"),
    ("canned/", canned.canned_answers, "canned_answers"),
    ("canned/new/", canned.canned_new, "canned_new"),
    ("canned/<int:pk>/", canned.canned_answer, "canned_answer"),
    ("composer/preview/", composer.composer_preview, "composer_preview"),
    ("incidents/<slug:number>/composer/sources/", composer.composer_sources, "composer_sources"),
    ("organisations/", organisations.organisations, "organisations"),
    ("organisations/<slug:slug>/", organisations.organisation, "organisation"),
    ("defects/", defects.defects, "defects"),
    ("defects/<slug:defect>/", defects.defect, "defect"),
    ("checklists/", checklists.checklists, "checklists"),
    ("dispatch/rules/", dispatch_rules.dispatch_rules, "dispatch_rules"),
    ("levels/", tiers.tier_targets, "tier_targets"),
    ("alarms/", alarms.alarm_policies, "alarm_policies"),
    ("alarms/<slug:level>/", alarms.alarm_policy, "alarm_policy"),
    ("calendars/<slug:calendar>/running/", calendar_changes.calendar_running, "calendar_running"),
    ("keys/", palette.keys, "keys"),
    ("palette/", palette.palette, "palette"),
    ("journal/", journal.journal, "journal"),
    ("watchdog/", watchdog.page, "watchdog"),
)
