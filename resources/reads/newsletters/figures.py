"""What became of an issue: counted from its notices, refusals by their reason (NL4)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Q

from core import rls
from core.journal import label
from notices.models import Notice
from notices.querysets import OWED
from resources.models import NewsletterIssue


@dataclass(frozen=True)
class Figures:
    """`reasons` are those of what was refused and what came back, the most frequent first."""

    readers: int
    handed_over: int
    waiting: int
    refused: int
    came_back: int
    last_at: datetime | None
    reasons: list[tuple[str, int]]

    @property
    def percent(self) -> int:
        return 100 * (self.readers - self.waiting) // self.readers if self.readers else 0


def figures_of(issue: NewsletterIssue) -> Figures:
    """Three numbers of no customer's, so they are counted over all, whoever looks."""
    with rls.everything():
        notices = Notice.objects.filter(subject=label(issue), key=issue.key)
        counted = notices.aggregate(
            readers=Count("pk"),
            handed_over=Count("pk", filter=Q(sent_at__isnull=False)),
            waiting=Count("pk", filter=OWED),
            refused=Count("pk", filter=Q(given_up_at__isnull=False)),
            came_back=Count("pk", filter=Q(bounced_at__isnull=False)),
            last_at=Max("sent_at"),
        )
        failed = notices.filter(Q(given_up_at__isnull=False) | Q(bounced_at__isnull=False))
        said = failed.order_by().values_list("last_error").annotate(count=Count("pk"))
        reasons: Counter[str] = Counter()
        for error, count in said:
            reasons[reason_in(error)] += count
    return Figures(**counted, reasons=reasons.most_common(8))


def reason_in(error: str) -> str:
    """The reason without what differs from mail to mail: days, servers' own words."""
    if error.startswith("Not sent: this address takes no mail"):
        return f"Not tried, since the address takes no mail: {error.rpartition(', ')[2]}"
    first = error.partition(" The server said:")[0].removeprefix("Refused: ")
    first = first.removeprefix("It came back: ")
    name, colon, _ = first.partition(":")
    return name if colon and name.isidentifier() else first or "No reason was given"
