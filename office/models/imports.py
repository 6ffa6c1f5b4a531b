"""Tables that managers bring in: the file, its lines, and by which numbers things are known."""

from __future__ import annotations

import json

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from office.enums import BUSY, ImportState, Outcome
from office.querysets.imports import TO_UNDO, TO_WORK, TO_WRITE, WITH_LINES
from office.rules.history.systems import SYSTEMS
from office.rules.imports.kinds import KINDS, TableKind
from office.rules.imports.reading import ENCODINGS, SEPARATORS, Shape
from office.rules.imports.values import DayForm


def _history(label: str) -> TableKind:
    """How old incidents are spoken of; they have no columns."""
    return TableKind(
        "history", "old incident", f"old incidents of {label}", "history", "their number there", ()
    )


class DataImport(models.Model):
    """One file. It is tried by the very actions that bring it in, and undone as a whole.

    `heads` are the names of its columns, `mapping` says which of them is which field, by index.
    `done` of `total` lines are through in the present step. The file goes when it is brought in,
    its lines some weeks later (`lines_gone_at`); the counts stay. It is the vendor's, not a
    customer's: only managers see it.
    """

    kind = models.CharField(max_length=20)
    file = models.FileField(upload_to="imports/%Y/%m/", blank=True)
    name = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField()
    encoding = models.CharField(max_length=20, blank=True)
    separator = models.CharField(max_length=1, blank=True)
    heads = models.JSONField(default=list)
    mapping = models.JSONField(default=dict)
    day_form = models.CharField(max_length=5, blank=True)
    leaves_out_bad = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=ImportState.choices, default=ImportState.SENT)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    said = models.CharField(max_length=300, blank=True, help_text="Why it could not be read")
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    stepped_at = models.DateTimeField(help_text="When its present step began")
    applied_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    lines_gone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-begun_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=ImportState.values), name="import_known_state"
            ),
            models.CheckConstraint(condition=Q(done__lte=F("total")), name="import_progress"),
        ]
        indexes = [
            models.Index(fields=["stepped_at"], condition=TO_WORK, name="import_to_work"),
            models.Index(fields=["begun_at"], condition=WITH_LINES, name="import_with_lines"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def table(self) -> TableKind:
        return KINDS.get(self.kind) or _history(SYSTEMS[self.kind].label)

    @property
    def is_history(self) -> bool:
        """Whether it is incidents of another desk, and not a table of ours."""
        return self.kind in SYSTEMS

    @property
    def shape(self) -> Shape:
        return Shape(self.encoding, self.separator)

    @property
    def shape_words(self) -> str:
        """ "Windows-1252, semicolon"."""
        if self.shape.is_sheet:
            return "spreadsheet"
        encoding = ENCODINGS.get(self.encoding, self.encoding)
        return f"{encoding}, {SEPARATORS.get(self.separator, self.separator).lower()}"

    @property
    def days(self) -> DayForm:
        return DayForm(self.day_form)

    @property
    def is_busy(self) -> bool:
        return self.state in BUSY

    @property
    def percent(self) -> int:
        return self.done * 100 // self.total if self.total else 0

    def count(self, outcome: str) -> int:
        return int(self.counts.get(outcome, 0))

    @property
    def bad(self) -> int:
        return self.count(Outcome.BAD)

    @property
    def to_write(self) -> int:
        return self.count(Outcome.NEW) + self.count(Outcome.CHANGED)


class ImportLine(models.Model):
    """A line of the file, and what becomes of it. `number` is the file's own, counted from 1.

    `cells` is a JSON list in a text, so that an erasure blots names in it like in any text.
    `made` names what it made or changed, as the journal does; `before` is what a change wrote
    over. `stays` says why it was not taken back.
    """

    organisation = models.ForeignKey(
        "accounts.Organisation", models.CASCADE, null=True, blank=True, related_name="+"
    )
    of = models.ForeignKey(DataImport, models.CASCADE, related_name="lines", db_index=False)
    number = models.PositiveIntegerField()
    cells = models.TextField()
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    said = models.CharField(max_length=400, blank=True)
    made = models.CharField(max_length=80, blank=True)
    before = models.JSONField(default=dict)
    done_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    stays = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["of", "number"]
        constraints = [
            models.UniqueConstraint(fields=["of", "number"], name="import_line_once"),
            models.CheckConstraint(
                condition=Q(outcome__in=Outcome.values), name="import_line_known_outcome"
            ),
            models.CheckConstraint(
                condition=Q(undone_at=None) | Q(done_at__isnull=False),
                name="import_line_undone_was_done",
            ),
        ]
        indexes = [
            models.Index(fields=["of", "outcome", "number"], name="import_line_outcome"),
            models.Index(fields=["of", "number"], condition=TO_WRITE, name="import_line_to_write"),
            models.Index(fields=["of", "-number"], condition=TO_UNDO, name="import_line_to_undo"),
        ]

    def __str__(self) -> str:
        return f"line {self.number} of {self.of_id}"

    @property
    def values(self) -> list[str]:
        found: list[str] = json.loads(self.cells)
        return found

    @property
    def made_key(self) -> int:
        """The key of what it made."""
        return int(self.made.rpartition(":")[2] or 0)


class Reference(models.Model):
    """The number by which something is known in the system that it came from.

    With it a line that comes again is known again, whatever else it says. `subject` is named as
    the journal names it.
    """

    organisation = models.ForeignKey(
        "accounts.Organisation", models.CASCADE, related_name="references"
    )
    kind = models.CharField(max_length=20)
    text = models.CharField(max_length=120)
    subject = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "text"], name="reference_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.text}"

    @property
    def key(self) -> int:
        return int(self.subject.rpartition(":")[2])
