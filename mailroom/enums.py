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
