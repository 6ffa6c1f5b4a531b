"""What TS2 of the demo wants to find in a hand-over, and what TS2 and TS3 say while they work."""

from __future__ import annotations

from datetime import datetime

from accounts.enums import Role
from accounts.models import Person
from entitlements.models import Service
from tickets.actions.ladder.checklists import set_checklists

CHECKLISTS = {
    "troubleshooting": (
        "Log of the service at level 5, from before it began",
        "Configuration exported, passwords taken out",
        "Tried with one mailbox of a fresh domain",
        "Known defects of the version searched",
    ),
    "migration": (
        "Report of the migration tool, with the first error",
        "Sizes and counts of the three largest mailboxes",
        "One mailbox migrated by hand, with the result",
    ),
    "configuration": (
        "Configuration exported, passwords taken out",
        "What changed since it worked",
    ),
}

LOOKED_AT = {
    Role.TS2: (
        "Built the customer's storage on our bench ({version}, {count} mailboxes). It shows after"
        " the second failover, not after the first.",
        "Their log shows the lock at 03:11, two seconds before the first timeout on {host}. I run"
        " the same load tonight with the trace on.",
        "Not the network: the capture of {host} is clean. I look at the index next.",
    ),
    Role.TS3: (
        "Found it: the index is written before the lock is taken. A build with the order changed is"
        " on its way to testing.",
        "The thread dump of {host} shows 128 workers behind one mutex. I cut the section in two and"
        " measure again.",
    ),
}

ASKED = {
    Role.TS2: "this is our testing team. We see the same here now. Could you keep the trace of"
    " {host} running over the next night? It tells us which of two paths it takes.",
    Role.TS3: "this is development. A build with a fix is being tested; it comes to you as"
    " {version}-h2 once it has run for a night.",
}


def set_lists(at: datetime) -> None:
    """By the manager, on the first day of the story."""
    manager = Person.objects.filter(role=Role.MANAGER).order_by("pk")[0]
    keys = Service.objects.filter(key__in=CHECKLISTS).values_list("key", "pk")
    set_checklists({pk: CHECKLISTS[key] for key, pk in keys}, by=manager, at=at)
