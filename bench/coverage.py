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
from entitlements.enums import Channel
from entitlements.reads.availability import ways_of
from entitlements.reads.coverage_summary import licences_of, summary_of

SIZES = (1, 100, 5000)
PAGE = 25


def main() -> None:
    at = timezone.now()
    with rls.everything():
        print_table(
            "Coverage: one decision, a page of 25 licences, how the vendor can be reached now",
            ("licences", "queries", "ms", "a page: queries", "ms", "ways: queries", "ms"),
            [_measured(size, at) for size in SIZES],
        )


def _measured(size: int, at: datetime) -> tuple[str, int, float, int, float, int, float]:
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
    page = licences_of(owner)[:PAGE]
    summing = partial(summary_of, owner, at=at, licences=page)
    reaching = partial(ways_of, owner, at=at)
    assert deciding(save=False).level is not None
    return (
        f"{size:,}",
        queries(deciding),
        milliseconds(deciding),
        queries(summing),
        milliseconds(summing),
        queries(reaching),
        milliseconds(reaching),
    )


if __name__ == "__main__":
    main()
