"""How the mailboxes stand, for Prometheus."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.db import Error
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from mailroom.models import Mailbox


def configured_mailboxes() -> list[Mailbox]:
    """The mailboxes that the settings name, as they stand; no query where there is none."""
    names = [account.name for account in settings.IMAP_ACCOUNTS]
    return list(Mailbox.objects.filter(name__in=names).order_by("name")) if names else []


class MailboxFigures(Collector):
    """At each scrape, from the rows. A mailbox never fetched counts from when it was configured."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        try:
            found = configured_mailboxes()
        except Error:  # `/healthz` says that the database is away; the other figures are given
            return
        fetched = GaugeMetricFamily(
            "axsupport_mailbox_last_fetched_timestamp_seconds",
            "When everything in a mailbox had been fetched last",
            labels=["mailbox"],
        )
        failing = GaugeMetricFamily(
            "axsupport_mailbox_failing", "Whether fetching fails now", labels=["mailbox"]
        )
        for one in found:
            fetched.add_metric([one.name], (one.last_ok_at or one.made_at).timestamp())
            failing.add_metric([one.name], float(one.failing_since is not None))
        if found:
            yield fetched
            yield failing
