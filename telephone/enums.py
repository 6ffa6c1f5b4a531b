from django.db import models


class Direction(models.TextChoices):
    """Who rang."""

    IN = "in", "The customer called us"
    OUT = "out", "We called the customer"


class CallOutcome(models.TextChoices):
    """How a call ended. Only the first reached somebody."""

    TALKED = "talked", "We talked"
    NO_ANSWER = "no_answer", "Nobody answered"
    BUSY = "busy", "Engaged"
    WRONG_NUMBER = "wrong_number", "Wrong number"


class AskedThrough(models.TextChoices):
    """How a call-back was asked for (rule 9). All but the first two staff log."""

    PORTAL = "portal", "Web portal"
    API = "api", "API"
    EMAIL = "email", "E-mail"
    PHONE = "phone", "Telephone"
    FAX = "fax", "Fax"
    CHAT = "chat", "Chat"


class CallBackEnd(models.TextChoices):
    DONE = "done", "Called"
    FAILED = "failed", "Not reached"
    WITHDRAWN = "withdrawn", "Withdrawn"


class CallBackState(models.TextChoices):
    """Where a call-back stands; the last three are how it ended."""

    ASKED = "asked", "Asked for"
    DUE = "due", "Due"
    CALLED = "called", "Tried"
    DONE = "done", "Called"
    FAILED = "failed", "Not reached"
    WITHDRAWN = "withdrawn", "Withdrawn"
