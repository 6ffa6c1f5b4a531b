"""All pages and records of the desk, by subject, in the words of those who look for one.

A record stands in one group, and so does each page of the rail; tests tell who forgets one.
"""

from __future__ import annotations

from core.admin import Group


def _pages(*names: str) -> tuple[str, ...]:
    """Below `admin:`; what they are called and who may open them says the rail."""
    return tuple(name if ":" in name else f"admin:{name}" for name in names)


GROUPS = (
    Group(
        "Customers and people",
        _pages("customers", "organisations", "people", "health_rules", "imports", "exports"),
        (
            ("accounts.organisation", "Organisations"),
            ("accounts.person", "People"),
            ("accounts.invitation", "Invitations"),
            ("accounts.partner", "Local partners"),
        ),
    ),
    Group(
        "What customers bought",
        _pages("coverage", "claims", "orders", "renewals", "selling_terms", "licence_keys"),
        (
            ("entitlements.licence", "Licences"),
            ("entitlements.subscription", "Subscriptions"),
            ("entitlements.incidentpack", "Packs of Gold incidents"),
            ("entitlements.ledgerentry", "Gold incidents, entry by entry"),
            ("entitlements.order", "Orders"),
            ("entitlements.technicalcontract", "Technical contracts"),
        ),
    ),
    Group(
        "What we offer and promise",
        _pages("catalogue"),
        (
            ("entitlements.levelversion", "Levels of support"),
            ("entitlements.service", "Services"),
        ),
    ),
    Group(
        "Incidents",
        _pages(
            "queue",
            "saved_views",
            "call_backs",
            "call_new",
            "defects",
            "canned_answers",
            "checklists",
            "dispatch_rules",
            "alarm_policies",
            "tier_targets",
        ),
        (
            ("tickets.cause", "Causes of incidents"),
            ("entitlements.coveragedecision", "Decisions on coverage"),
        ),
    ),
    Group(
        "Help and downloads",
        _pages(
            "articles",
            "forum",
            "missed_searches",
            "manuals",
            "releases",
            "betas",
            "resources:help",
        ),
    ),
    Group(
        "Projects",
        _pages(
            "engagements",
            "engagement_calendar",
            "roadmap",
            "audit_library",
            "engagement_lists",
            "trainings",
        ),
        (("entitlements.goliveproject", "GoLive projects"),),
    ),
    Group(
        "The team and its hours",
        _pages("rota", "figures_load"),
        (
            ("tickets.engineerprofile", "Engineers: room and skills"),
            ("entitlements.calendarversion", "Working calendars"),
        ),
    ),
    Group("Figures and reports", _pages("figures", "reports", "schedules")),
    Group(
        "Mail",
        _pages("mail_aside", "addresses", "wordings"),
        (("notices.notice", "Mails, calls and messages"),),
    ),
    Group(
        "The desk itself",
        _pages("first_steps", "security", "privacy", "journal", "watchdog"),
    ),
)
