from django.db import models


class Way(models.TextChoices):
    """How a notice reaches its person."""

    MAIL = "mail", "Mail"
    CALL = "call", "Call"
