"""The lists that managers keep, and the plans of each kind, with their versions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from engagements.enums import Kind, Subject
from engagements.models import CatalogueVersion, PlanVersion
from engagements.rules.catalogue import FORMATS
from engagements.rules.plan import PhaseTemplate, write_template
from engagements.rules.plans_shipped import SHIPPED

PLAN = "plan-"  # before the kind, in an address
_PLAN_HELP = (
    "A line a phase: name | start or golive | first day | last day, in working days from there.",
    "Its tasks stand below it, each after a dash; (customer) at the end makes it the customer’s.",
)
Version = CatalogueVersion | PlanVersion
V = TypeVar("V", CatalogueVersion, PlanVersion)


@dataclass(frozen=True)
class KeptList:
    """`newest` is None for what no manager wrote yet."""

    key: str
    name: str
    newest: Version | None


def kept_lists() -> tuple[list[KeptList], list[KeptList]]:
    """The lists of GoLive projects, and the plans. Two queries."""
    written: dict[str, Version] = {
        one.subject: one
        for one in CatalogueVersion.objects.order_by("subject", "-version")
        .distinct("subject")
        .select_related("made_by")
    }
    planned: dict[str, Version] = {
        one.kind: one
        for one in PlanVersion.objects.order_by("kind", "-version")
        .distinct("kind")
        .select_related("made_by")
    }
    return (
        [KeptList(one.value, one.label, written.get(one)) for one in Subject],
        [KeptList(f"{PLAN}{one.value}", one.label, planned.get(one)) for one in Kind],
    )


@dataclass(frozen=True)
class ListPage:
    key: str
    name: str
    help: Sequence[str]
    text: str  # of the version that is shown
    shown: Version | None  # None: as delivered
    versions: Sequence[Version]  # the newest first

    @property
    def is_newest(self) -> bool:
        return not self.versions or self.shown == self.versions[0]


def list_page(key: str, number: int | None) -> ListPage | None:
    """Version `number`, else the newest; None for a key that does not exist. One query."""
    if key in Subject.values:
        subject = Subject(key)
        rows = CatalogueVersion.objects.filter(subject=subject).select_related("made_by")
        found = list(rows.order_by("-version"))
        shown = _chosen(found, number)
        text = shown.text if shown else FORMATS[subject].delivered()
        return ListPage(key, subject.label, FORMATS[subject].help, text, shown, found)
    kind = key.removeprefix(PLAN)
    if not key.startswith(PLAN) or kind not in Kind.values:
        return None
    plans = PlanVersion.objects.filter(kind=kind).select_related("made_by")
    versions = list(plans.order_by("-version"))
    plan = _chosen(versions, number)
    phases = [PhaseTemplate.read(one) for one in plan.phases] if plan else SHIPPED[kind]
    name = f"Plan: {Kind(kind).label}"
    return ListPage(key, name, _PLAN_HELP, write_template(phases), plan, versions)


def _chosen(versions: Sequence[V], number: int | None) -> V | None:
    if number == 0:
        return None
    return next((one for one in versions if number in (None, one.version)), None)
