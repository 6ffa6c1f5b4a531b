from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


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
                condition=Q(kind="audit.difference"),
                name="journal_audit_differences",
            ),
            models.Index(
                fields=["-at", "-id"],
                condition=Q(is_security=True),
                name="journal_security",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%F %T} {self.kind} {self.subject}"


# What went, for people; the kinds are those of `core.keeper_sql`.
STONES = {
    "journal.old": "Old journal entries removed",
    "journal.organisation": "Journal of a deleted organisation",
    "journal.person": "Journal entries without a person's name",
    "ledger.organisation": "Gold ledger of a deleted organisation",
    "ledger.person": "Ledger entries without a person's name",
    "mail.raw": "Original mails removed",
    "mail.suppressed": "Mails that opened nothing removed",
    "person.erased": "Person erased",
    "organisation.deleted": "Organisation deleted",
}


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

    @property
    def words(self) -> str:
        return STONES.get(self.kind, self.kind)


class SearchDocument(models.Model):
    """What search finds of one row of a kind (`core.search`), made out of it and never the truth.

    What customers may read and what only staff may are rows of their own, so that no customer's
    search can match a note; where nothing is internal, one row is for both. `text` is as people
    wrote it, for the highlights; `vector` is folded (`core.search.folding`).
    """

    kind = models.CharField(max_length=20)
    subject_id = models.BigIntegerField()
    # No constraint: a row goes when its subject does, by the way of `SearchOwed`.
    organisation = models.ForeignKey(
        "accounts.Organisation",
        models.DO_NOTHING,
        null=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    for_customers = models.BooleanField()
    for_staff = models.BooleanField()
    at = models.DateTimeField()
    text = models.TextField()
    vector = SearchVectorField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject_id", "kind", "for_staff", "for_customers"],
                name="search_document_once",
            ),
            models.CheckConstraint(
                condition=Q(for_customers=True) | Q(for_staff=True),
                name="search_document_for_somebody",
            ),
        ]
        indexes = [GinIndex(fields=["vector"], name="search_document_words")]

    def __str__(self) -> str:
        return f"{self.kind}:{self.subject_id}"


class SearchOwed(models.Model):
    """Something that has to be indexed again: the database writes a row with each change of it.

    Only ever added and removed, so that nobody waits for anybody; several may name the same.
    """

    kind = models.CharField(max_length=20)
    subject_id = models.BigIntegerField()
    owed_at = models.DateTimeField(db_default=Now())
    tries = models.PositiveSmallIntegerField(db_default=0)

    class Meta:
        # The whole table is what still waits; those that failed wait behind the others.
        indexes = [models.Index(fields=["tries", "id"], name="search_owed_next")]

    def __str__(self) -> str:
        return f"{self.kind}:{self.subject_id}"


class SearchWord(models.Model):
    """A word that some document has, folded: against these a mistyped one is mended.

    Of every organisation: nothing of it is shown unless the reader's own documents have the word.
    """

    word = models.CharField(max_length=60, unique=True)

    class Meta:
        indexes = [
            GinIndex(fields=["word"], opclasses=["gin_trgm_ops"], name="search_word_trigrams")
        ]

    def __str__(self) -> str:
        return self.word
