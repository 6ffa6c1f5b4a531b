"""A GoLive project's sheet, its register, and the incidents that name the project."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

from accounts.models import Person
from engagements.models import Engagement, Requirements, SettingChange
from engagements.reads.catalogue import modules_now
from engagements.reads.golive_pages import PROJECT_PAGES
from engagements.rules.modules import Change, state_at
from engagements.rules.pilot import HostModule, PilotReport
from engagements.rules.requirements import QUESTIONS
from tickets.models import Incident

SHOWN = 30  # changes on the page, the newest
INCIDENTS = 10


def panel(engagement: Engagement, reader: Person, at: datetime) -> dict[str, Any]:
    """Four queries."""
    sheet = Requirements.objects.filter(engagement=engagement).select_related("filled_by").first()
    changes = changes_of(engagement)
    incidents = Incident.objects.visible_to(reader).filter(project=engagement.project_id)
    theirs = list(incidents.order_by("-received_at")[:INCIDENTS]) if engagement.project_id else []
    return {
        "project_pages": PROJECT_PAGES,
        "sheet": sheet,
        "answers": answers_of(sheet),
        "modules": modules_of(changes, at),
        "changes": list(reversed(changes))[:SHOWN],
        "incidents": theirs,
    }


def changes_of(engagement: Engagement) -> list[Change]:
    """The register, the oldest first."""
    rows = SettingChange.objects.filter(engagement=engagement).select_related("by")
    return [
        Change(r.set_at, str(r.by), r.host, r.module, r.setting, r.before, r.after, r.reason)
        for r in rows
    ]


def answers_of(sheet: Requirements | None) -> list[tuple[str, str]]:
    """The questions that were answered, with the unit of a number."""
    values = sheet.values if sheet else {}
    return [
        (one.name, f"{values[one.key]} {one.unit}".strip())
        for one in QUESTIONS
        if one.key in values
    ]


def modules_of(changes: list[Change], at: datetime) -> list[HostModule]:
    """By host and module, as they stood at `at`."""
    by_module: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for (host, module, setting), value in state_at(changes, at).items():
        by_module[host, module][setting] = value
    return [
        HostModule(
            host,
            module,
            values.get("State", "not said"),
            [(name, value) for name, value in sorted(values.items()) if name != "State"],
        )
        for (host, module), values in sorted(by_module.items())
    ]


def pilot_of(engagement: Engagement, *, at: datetime) -> PilotReport:
    sheet = Requirements.objects.filter(engagement=engagement).first()
    changes = changes_of(engagement)
    known = {one.module for one in changes}
    return PilotReport(
        number=engagement.number,
        title=engagement.title,
        organisation=engagement.organisation.name,
        timezone=engagement.organisation.timezone,
        as_of=at,
        written_by=str(engagement.owner or ""),
        requirements=answers_of(sheet),
        modules=modules_of(changes, at),
        untouched=[one.name for one in modules_now() if one.name not in known],
        changes=changes,
    )
