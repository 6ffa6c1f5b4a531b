"""What it costs to decide coverage, for organisations of few and of very many licences."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from django.utils import timezone

from accounts.models import Organisation
from bench.tools.desk import add_licences
from bench.tools.measure import milliseconds, print_table, queries
from core import rls
from entitlements.actions.coverage import decide
from entitlements.coverage_summary import summary_of
from entitlements.enums import Channel

SIZES = (1, 100, 5000)


def main() -> None:
    at = timezone.now()
    with rls.everything():
        print_table(
            "Coverage: one decision, and the summary that the portal's overview shows",
            ("licences", "queries", "ms", "summary: queries", "ms"),
            [_measured(size, at) for size in SIZES],
        )


def _measured(size: int, at: datetime) -> tuple[str, int, float, int, float]:
    owner = Organisation.objects.create(name=f"{size} licences", slug=f"of-{size}", created_at=at)
    licences = add_licences([owner], at, each=size)
    deciding = partial(
        decide,
        organisation=owner,
        licence=licences[size // 2],
        project=None,
        service="troubleshooting",
        channel=Channel.PORTAL,
        use_gold=False,
        at=at,
    )
    summing = partial(summary_of, owner, at=at)
    assert deciding(save=False).level is not None
    return (
        f"{size:,}",
        queries(deciding),
        milliseconds(deciding),
        queries(summing),
        milliseconds(summing, times=3),
    )


if __name__ == "__main__":
    main()
