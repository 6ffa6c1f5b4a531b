"""Which level serves a report, kept with its reasons (R2, R3)."""

from __future__ import annotations

from typing import Any

from django.db import models

from entitlements.channels import channel_choices
from entitlements.models.catalogue import LevelVersion
from entitlements.models.contracts import GoLiveProject, Licence
from entitlements.models.packs import IncidentPack
from entitlements.querysets import OwnedQuerySet
from entitlements.text.reasons import considered_in_words, remedies_in_words


class CoverageDecision(models.Model):
    """Which level serves a report, and why each other one does not (R2, R3). Never changed.

    `considered_facts` is the ordered list of `rules.resolver`, `remedy_facts` what would have
    covered it, both as codes and facts; `considered` and `remedies` say them in words. Without a
    level the incident is not covered and carries no clock.
    """

    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    licence = models.ForeignKey(Licence, models.PROTECT, null=True, related_name="+")
    project = models.ForeignKey(GoLiveProject, models.PROTECT, null=True, related_name="+")
    service = models.CharField(max_length=40)
    channel = models.CharField(max_length=10, choices=channel_choices)
    level = models.ForeignKey(LevelVersion, models.PROTECT, null=True, related_name="+")
    pack = models.ForeignKey(IncidentPack, models.PROTECT, null=True, related_name="+")
    covered_until_at = models.DateTimeField(null=True)
    gold_depleted = models.BooleanField(default=False)
    goodwill = models.BooleanField(default=False)
    considered_facts = models.JSONField(default=list, db_column="considered")
    remedy_facts = models.JSONField(default=list, db_column="remedies")
    at = models.DateTimeField(help_text="When the server received the report (R1)")

    objects = OwnedQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.level or 'not covered'} at {self.at:%F %T}"

    @property
    def considered(self) -> list[dict[str, Any]]:
        """Each entitlement with its reason as a `sentence`, in the language that is active."""
        return considered_in_words(self.considered_facts)

    @property
    def remedies(self) -> list[str]:
        """What would have covered the report, in the language that is active."""
        return remedies_in_words(self.remedy_facts)
