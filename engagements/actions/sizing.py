"""System planning and provisioning: computed in versions, handed over as a report (N8)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import Person
from core.journal import record
from core.text import clean, clean_block
from engagements.actions.common import worked
from engagements.actions.papers import keep_paper, letterhead
from engagements.enums import Paper
from engagements.errors import (
    AssumptionWrong,
    NotPlanned,
    PlanningHandedOver,
    ReasonMissing,
    SheetIncomplete,
)
from engagements.models import DocumentVersion, Engagement, Requirements, Sizing
from engagements.pdf import planning as pdf
from engagements.reads.catalogue import prices_now
from engagements.reads.sizing import paper_of
from engagements.rules.assumptions import AssumptionFault, checked, written
from engagements.rules.planning_list import checked_currency
from engagements.rules.planning_paper import changed, sums_of
from engagements.rules.requirements import NUMBERS
from engagements.rules.sizing import NeedsMissing


@dataclass(frozen=True, kw_only=True)
class Assumed:
    """What a version goes by; `values` by the keys of `rules.assumptions`."""

    values: Mapping[str, object]
    currency: str
    reason: str
    advice: str = ""


@dataclass(frozen=True)
class Known:
    needs: Mapping[str, object]
    assumptions: Mapping[str, str]
    currency: str


@transaction.atomic
def compute(engagement: Engagement, given: Assumed, *, by: Person, at: datetime) -> Sizing:
    """A new version, of the sheet as it is now. Nobody of the customer reads it before it is
    handed over.

    Errors: `NotAllowed`, `NotRunning`, `ReasonMissing`, `SheetIncomplete`, `AssumptionWrong`.
    """
    engagement = worked(engagement, by)
    reason = clean(given.reason)[:500]
    if not reason:
        raise ReasonMissing()
    known = _known(engagement, given)
    newest = Sizing.objects.filter(engagement=engagement).order_by("-number").first()
    made = Sizing.objects.create(
        organisation_id=engagement.organisation_id,
        engagement=engagement,
        number=newest.number + 1 if newest else 1,
        needs=known.needs,
        assumptions=known.assumptions,
        ours=changed(known.assumptions, prices_now().values),
        currency=known.currency,
        golive_on=engagement.golive_on,
        advice=clean_block(given.advice)[:20000],
        reason=reason,
        made_at=at,
        made_by=by,
    )
    facts = {"version": made.number, "reason": reason}
    record("golive.planned", engagement, at=at, by=by, rule="N8", **facts)
    return made


def _known(engagement: Engagement, given: Assumed) -> Known:
    """Checked: the sheet and the values make a planning."""
    sheet = Requirements.objects.filter(engagement=engagement).first()
    values = sheet.values if sheet else {}
    needs = {one.key: values[one.key] for one in NUMBERS if one.key in values}
    try:
        assumed = checked(given.values)
        currency = checked_currency(given.currency.strip())
        sums_of(needs, assumed)
    except AssumptionFault as fault:
        raise AssumptionWrong(why=str(fault)) from fault
    except NeedsMissing as fault:
        raise SheetIncomplete(what=", ".join(fault.names)) from fault
    return Known(needs, written(assumed), currency)


@transaction.atomic
def hand_over_planning(
    engagement: Engagement, *, note: str = "", by: Person, at: datetime
) -> DocumentVersion:
    """The newest version as a report, which the customer accepts or sends back (N5).

    Errors: `NotAllowed`, `NotRunning`, `NotPlanned`, `PlanningHandedOver`.
    """
    engagement = worked(engagement, by)
    rows = Sizing.objects.filter(engagement=engagement).select_related("made_by")
    newest = rows.select_for_update(of=("self",)).order_by("-number").first()
    if newest is None:
        raise NotPlanned()
    if newest.paper_id is not None:
        raise PlanningHandedOver(number=newest.number)
    content = pdf.render(paper_of(engagement, newest), letterhead())
    said = note or newest.reason
    version = keep_paper(engagement, Paper.PLANNING, content, by=by, at=at, note=said)
    newest.paper = version
    newest.save(update_fields=["paper"])
    return version
