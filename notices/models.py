from django.conf import settings
from django.db import models
from django.db.models import Q

# What the outbox sweep still has to send. The partial index is built on the same Q.
OWED = Q(sent_at=None) & Q(given_up_at=None)


class Notice(models.Model):
    """One message we owe one person. The outbox: written with the fact, sent after it, once.

    `subject` names what the notice is about as `app.model:pk`, so that an incident's page can
    show its failures. `next_at` is when the next attempt may be made; each failure moves it on.
    """

    key = models.CharField(max_length=120)
    to = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    organisation = models.ForeignKey(
        "accounts.Organisation", models.CASCADE, null=True, related_name="+"
    )
    subject = models.CharField(max_length=80, blank=True)
    template = models.CharField(max_length=60)
    context = models.JSONField(default=dict)
    headers = models.JSONField(default=dict, help_text="Message-ID, References and the like")
    made_at = models.DateTimeField()
    next_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=500, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    given_up_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "to"], name="notice_told_once"),
            models.CheckConstraint(
                condition=Q(sent_at=None) | Q(given_up_at=None), name="notice_sent_or_given_up"
            ),
        ]
        indexes = [
            models.Index(fields=["next_at"], condition=OWED, name="notice_owed"),
            models.Index(fields=["subject"], name="notice_of_a_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.key} to {self.to_id}"
