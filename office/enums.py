"""The members of each kind of the office."""

from django.db import models


class ImportState(models.TextChoices):
    """Where an import stands; while it is one of `BUSY`, a worker has it."""

    SENT = "sent", "To be mapped"
    CHECKING = "checking", "Being tried"
    CHECKED = "checked", "Tried"
    APPLYING = "applying", "Being brought in"
    APPLIED = "applied", "Brought in"
    UNDOING = "undoing", "Being taken back"
    UNDONE = "undone", "Taken back"
    REFUSED = "refused", "Could not be read"
    HALTED = "halted", "Halted by an error"


class Outcome(models.TextChoices):
    """What becomes of a line."""

    NEW = "new", "New"
    CHANGED = "changed", "Changed"
    SAME = "same", "There already"
    BAD = "bad", "Not taken"


BUSY = (ImportState.CHECKING, ImportState.APPLYING, ImportState.UNDOING)
WRITES = (Outcome.NEW, Outcome.CHANGED)


class Mood(models.TextChoices):
    """How a customer fares, as the health score says it in one word."""

    WELL = "well", "Well"
    WATCH = "watch", "To watch"
    ILL = "ill", "In danger"
    UNKNOWN = "", "Nothing to measure"
