from django.conf import settings
from django.db import models


class JournalEntry(models.Model):
    """One thing that happened, written in the transaction that made it happen (A1).

    Append-only: the database refuses UPDATE and DELETE. `organisation` is empty for things that
    concern the vendor alone, such as a new version of a calendar.
    """

    at = models.DateTimeField()
    kind = models.CharField(max_length=60)
    subject = models.CharField(max_length=80)
    organisation = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, null=True, related_name="+"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    rule = models.CharField(max_length=40, blank=True)
    facts = models.JSONField(default=dict)
    # Of a kind that is about safety (`core.security`), with the address of whoever asked.
    is_security = models.BooleanField(default=False)

    class Meta:
        verbose_name_plural = "journal entries"
        indexes = [
            models.Index(fields=["subject", "at"], name="journal_of_a_subject"),
            models.Index(fields=["-at"], name="journal_newest_first"),
            models.Index(
                fields=["at"],
                condition=models.Q(kind="audit.difference"),
                name="journal_audit_differences",
            ),
            models.Index(
                fields=["-at", "-id"],
                condition=models.Q(is_security=True),
                name="journal_security",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%F %T} {self.kind} {self.subject}"


class Tombstone(models.Model):
    """What stood here: so many rows of a kind, of these days, removed or anonymised (F2).

    Written by the database's function alone (`core.keeper`), never changed. `digest` is of what
    went, `chain` of this row and the one before, so that none can be taken out unnoticed.
    """

    at = models.DateTimeField()
    kind = models.CharField(max_length=40)
    count = models.PositiveIntegerField()
    oldest = models.DateField(null=True)
    newest = models.DateField(null=True)
    about = models.CharField(max_length=80, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    digest = models.CharField(max_length=64)
    chain = models.CharField(max_length=64)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.count} of {self.kind}, {self.at:%F %T}"
