from enum import StrEnum

from django.db import models


class MailOutcome(models.TextChoices):
    """What became of a mail that came in."""

    RECEIVED = "received", "Stored, not yet handled"
    INCIDENT = "incident", "Became an incident"
    MESSAGE = "message", "Went to its incident"
    AUTOMATIC = "automatic", "Opened nothing"
    DUPLICATE = "duplicate", "Came before"
    HELD = "held", "Kept for a human"
    UNREADABLE = "unreadable", "Could not be read, kept"
    DISMISSED = "dismissed", "Dismissed by a person"


class UnprovenMails(StrEnum):
    """What mail may do by itself whose sender nothing proves (M1): the setting UNPROVEN_MAILS."""

    TAKE = "take"  # marked, without what costs the customer anything
    ANSWER = "answer"  # a message on an incident that it may answer; nothing new
    KEEP = "keep"  # nothing: a human decides
