"""Mailboxes that are fetched by IMAP: how the fetching stands. The mails are `InboundMail`."""

from __future__ import annotations

from django.db import models

from mailroom.querysets import MailboxQuerySet


class Mailbox(models.Model):
    """One configured folder, `user@host/folder`. It belongs to the vendor, to no customer.

    `failing_since` is when fetching stopped to work, None while it works; `last_ok_at` the last
    moment at which everything that was there had been fetched. `told_at`: the managers know.
    """

    name = models.CharField(max_length=300, unique=True)
    made_at = models.DateTimeField()
    uid_validity = models.BigIntegerField(null=True)
    last_ok_at = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=500, blank=True)
    told_at = models.DateTimeField(null=True)

    objects = MailboxQuerySet.as_manager()

    journal_name = "tickets.mailbox"

    class Meta:
        db_table = "tickets_mailbox"  # from when incidents, calls and mail were one app
        verbose_name_plural = "mailboxes"

    def __str__(self) -> str:
        return self.name


class UnfetchedMail(models.Model):
    """A mail that the server shows and does not give; forgotten once it was fetched."""

    mailbox = models.ForeignKey(Mailbox, models.CASCADE, related_name="unfetched")
    uid_validity = models.BigIntegerField()
    uid = models.BigIntegerField()
    attempts = models.PositiveSmallIntegerField(default=0)
    tried_at = models.DateTimeField()
    last_error = models.CharField(max_length=500)

    journal_name = "tickets.unfetchedmail"

    class Meta:
        db_table = "tickets_unfetchedmail"  # from when incidents, calls and mail were one app
        constraints = [
            models.UniqueConstraint(
                fields=["mailbox", "uid_validity", "uid"], name="unfetched_mail_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mailbox} {self.uid}"
