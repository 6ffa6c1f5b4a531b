"""What licence keys look like, as managers set it (K1)."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from entitlements.rules.keys import KeyScheme


class KeySchemesVersion(models.Model):
    """The forms of the keys of every edition from some moment on. An edit makes a new version.

    `schemes` maps an edition to its `rules.keys.KeyScheme` as JSON.
    """

    version = models.PositiveIntegerField(unique=True)
    schemes = models.JSONField()
    reason = models.CharField(max_length=300)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-version"]

    def __str__(self) -> str:
        return f"Licence keys (version {self.version})"

    def read(self) -> dict[str, KeyScheme]:
        return {edition: KeyScheme.from_json(facts) for edition, facts in self.schemes.items()}
