"""How engagements of a kind are planned now."""

from __future__ import annotations

from engagements.models import Engagement, PlanVersion
from engagements.rules.plan import PhaseTemplate
from engagements.rules.plans_shipped import SHIPPED

AS_DELIVERED = 0  # the version of what no manager wrote yet


def newest_template(kind: str) -> tuple[int, list[PhaseTemplate]]:
    """Version and phases: the managers' newest, else as delivered. One query."""
    found = PlanVersion.objects.filter(kind=kind).order_by("-version").first()
    if found is None:
        return AS_DELIVERED, list(SHIPPED[kind])
    return found.version, [PhaseTemplate.read(one) for one in found.phases]


def template_of(engagement: Engagement) -> list[PhaseTemplate]:
    """The very version from which its plan was laid out."""
    version = engagement.template_version
    if not version:
        return list(SHIPPED[engagement.kind])
    found = PlanVersion.objects.get(kind=engagement.kind, version=version)
    return [PhaseTemplate.read(one) for one in found.phases]
