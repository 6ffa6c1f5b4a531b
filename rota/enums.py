from django.db.models import TextChoices


class SwapState(TextChoices):
    """What became of an engineer's asking a colleague to take a shift."""

    OPEN = "open", "Waits for an answer"
    AGREED = "agreed", "Agreed"
    DECLINED = "declined", "Declined"
    WITHDRAWN = "withdrawn", "Withdrawn"
