from django.db import models


class Way(models.TextChoices):
    """How a notice reaches its person."""

    MAIL = "mail", "Mail"
    CALL = "call", "Call"


class Cleared(models.TextChoices):
    """How it became known that an address takes mail again."""

    SAID = "said", "Somebody said so"
    WROTE = "wrote", "A mail came from it"
    CORRECTED = "corrected", "The address was corrected"
    DELIVERED = "delivered", "A mail was delivered to it"


class Wish(models.TextChoices):
    """How a person wants to be told of a group of notices."""

    NOW = "now", "At once"
    DIGEST = "digest", "In one mail a day"
    OFF = "off", "Not at all"
