"""The service report of a large month: `manage.py service_report`, its seconds and its memory.

The command runs in a process of its own, with all that Django takes, from the rows to the PDF.
"""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from accounts.models import Organisation
from bench.tools.measure import print_table
from core import rls
from entitlements.enums import Channel
from entitlements.models import CoverageDecision
from tests.factories import (
    hours,
    make_contact,
    make_decision,
    make_engineer,
    make_organisation,
    make_service,
)
from tests.reports.february import START
from tickets.enums import MessageKind, State
from tickets.models import Incident, Message, ResponseTarget

SIZES = (30, 3000)
MANAGE = Path(__file__).parents[1] / "manage.py"
MONTH = timedelta(days=28)


def main() -> None:
    print_table(
        "The service report of a month, figures and PDF, by its incidents",
        ("incidents", "seconds", "of them CPU", "most memory: MB", "PDF: MB"),
        [_measured(size) for size in SIZES],
    )


def _measured(size: int) -> tuple[str, ...]:
    with rls.everything():
        organisation = make_organisation(slug=f"big-{size}", timezone="Europe/Bucharest")
        _fill(organisation, size)
    with TemporaryDirectory() as folder:
        file = Path(folder) / "report.pdf"
        asked = (organisation.slug, f"{START:%Y-%m}", "--output", str(file))
        started = perf_counter()
        command = subprocess.Popen(
            [sys.executable, str(MANAGE), "service_report", *asked], stdout=subprocess.DEVNULL
        )
        _, status, used = os.wait4(command.pid, 0)
        took = perf_counter() - started
        assert status == 0, "the command failed"
        large = file.stat().st_size / 2**20
    busy = used.ru_utime + used.ru_stime
    return (f"{size:,}", f"{took:.1f}", f"{busy:.1f}", f"{used.ru_maxrss // 1024}", f"{large:.1f}")


def _fill(organisation: Organisation, size: int) -> None:
    """Each reported, answered within two hours and solved in a day, over four weeks."""
    contact, engineer, service = make_contact(organisation), make_engineer(), make_service()
    first = make_decision(organisation)
    moments = [START + MONTH * (n / size) for n in range(size)]
    decisions = CoverageDecision.objects.bulk_create(
        CoverageDecision(
            organisation=organisation,
            service=first.service,
            channel=first.channel,
            level=first.level,
            at=at,
        )
        for at in moments
    )
    incidents = Incident.objects.bulk_create(
        Incident(
            number=f"AX-{size}-{n:06}",
            organisation=organisation,
            reporter=contact,
            service=service,
            decision=decision,
            channel=Channel.PORTAL,
            subject=f"Mail of branch {n} is deferred, and the queue grows since the update",
            state=State.SOLVED,
            received_at=decision.at,
            solved_at=decision.at + timedelta(days=1),
        )
        for n, decision in enumerate(decisions)
    )
    assert first.level is not None
    ResponseTarget.objects.bulk_create(
        ResponseTarget(
            organisation=organisation,
            incident=one,
            cycle=1,
            level=first.level,
            calendar=first.level.calendar,
            target=first.level.response_time,
            opened_at=one.received_at,
            due_at=one.received_at + hours(6),
            met_at=one.received_at + hours(2),
            met_by=engineer,
        )
        for one in incidents
    )
    Message.objects.bulk_create(
        Message(
            organisation=organisation,
            incident=one,
            author=author,
            kind=kind,
            body="Since the update.",
            sent_at=one.received_at + later,
        )
        for one in incidents
        for author, kind, later in (
            (contact, MessageKind.REPORT, timedelta(0)),
            (engineer, MessageKind.ANSWER, hours(2)),
        )
    )


if __name__ == "__main__":
    main()
