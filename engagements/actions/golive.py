"""GoLive: the sheet of requirements, the register of settings, the pilot report (rule 13)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import Person
from core.errors import NotAllowed
from core.journal import record
from core.text import clean, one_line
from engagements import policies
from engagements.actions.common import locked, tell_team, worked
from engagements.actions.papers import keep_paper, letterhead
from engagements.enums import Paper
from engagements.errors import NoSuchSetting, NothingChanged, ReasonMissing, RegisterEmpty
from engagements.models import DocumentVersion, Engagement, Requirements, SettingChange
from engagements.pdf import pilot_report
from engagements.reads.catalogue import modules_now
from engagements.reads.golive import pilot_of
from engagements.rules.modules import settings_of


@transaction.atomic
def fill_in(
    engagement: Engagement, values: Mapping[str, object], *, by: Person, at: datetime
) -> Requirements:
    """The sheet as the customer, or one of us, fills it in. Errors: `NotAllowed`, ..."""
    if not policies.may_speak(by, engagement):
        raise NotAllowed()
    engagement = locked(engagement)
    kept = {key: value for key, value in values.items() if value not in (None, "")}
    sheet, _ = Requirements.objects.update_or_create(
        engagement=engagement,
        defaults={
            "organisation_id": engagement.organisation_id,
            "values": kept,
            "filled_at": at,
            "filled_by": by,
        },
    )
    record("golive.requirements", engagement, at=at, by=by, rule="rule 13", filled=len(kept))
    if by.is_customer:
        said = {"author": str(by), "body": "The sheet of requirements was filled in."}
        key = f"requirements:{engagement.pk}:{at.isoformat()}"
        tell_team(engagement, "engagement_written", key=key, at=at, but=by, **said)
    return sheet


@dataclass(frozen=True, kw_only=True)
class Set:
    """A value on a host; module and setting by their keys."""

    host: str
    module: str
    setting: str
    value: str
    reason: str


@transaction.atomic
def change(engagement: Engagement, given: Set, *, by: Person, at: datetime) -> SettingChange:
    """Write down what was set, and why; what it was before is read from the register (N7).

    Errors: `NotAllowed`, `NotRunning`, `NoSuchSetting`, `ReasonMissing`, `NothingChanged`.
    """
    engagement = worked(engagement, by)
    known = settings_of(modules_now()).get((given.module, given.setting))
    host, value = one_line(given.host)[:120], one_line(given.value)[:300]
    if known is None or not host or not value:
        raise NoSuchSetting()
    reason = clean(given.reason)[:500]
    if not reason:
        raise ReasonMissing()
    module, setting = known
    of = {"engagement": engagement, "host": host, "module": module.name, "setting": setting.name}
    newest = SettingChange.objects.filter(**of).order_by("-set_at", "-pk").first()
    before = newest.after if newest else ""
    if before == value:
        raise NothingChanged(value=value)
    made = SettingChange.objects.create(
        **of,
        organisation_id=engagement.organisation_id,
        before=before,
        after=value,
        reason=reason,
        by=by,
        set_at=at,
    )
    facts = {"host": host, "module": module.name, "setting": setting.name}
    record("golive.set", engagement, at=at, by=by, rule="N7", value=value, reason=reason, **facts)
    return made


@transaction.atomic
def report_pilot(
    engagement: Engagement, *, note: str = "", by: Person, at: datetime
) -> DocumentVersion:
    """The pilot project report, made of sheet and register; a new version each time.

    Errors: `NotAllowed`, `NotRunning`, `RegisterEmpty`, `SameFile`.
    """
    engagement = worked(engagement, by)
    if not SettingChange.objects.filter(engagement=engagement).exists():
        raise RegisterEmpty()
    content = pilot_report.render(pilot_of(engagement, at=at), letterhead())
    return keep_paper(engagement, Paper.PILOT_REPORT, content, by=by, at=at, note=note)
