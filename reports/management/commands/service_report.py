"""One service report as a PDF file: `service_report ORGANISATION YYYY-MM --output FILE.pdf`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Q
from django.utils import timezone

from accounts.models import Organisation
from core import rls
from core.errors import Refusal
from reports.actions.drafting import draft
from reports.actions.issuing import pdf_of
from reports.enums import ReportState
from reports.models import ServiceReport
from reports.rules.months import Month


class Command(BaseCommand):
    help = (
        "Writes the service report of an organisation (its short name or its name) and a month as"
        " a PDF: the issued one (its newest revision), or the draft as it stands."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("organisation")
        parser.add_argument("month", metavar="YYYY-MM")
        parser.add_argument("--output", required=True, type=Path, metavar="FILE.pdf")

    def handle(self, *args: Any, **options: Any) -> None:
        output: Path = options["output"]
        try:
            month = Month.parse(options["month"])
        except ValueError as error:
            raise CommandError(str(error)) from error
        try:
            with rls.everything():
                report = self._report(options["organisation"], month)
                pdf = pdf_of(report, at=timezone.now())
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        try:
            output.write_bytes(pdf)
        except OSError as error:
            raise CommandError(f"{output} can not be written: {error.strerror}.") from error
        self.stdout.write(f"{report.number or 'draft'}: {output}")

    def _report(self, name: str, month: Month) -> ServiceReport:
        found = Organisation.objects.filter(Q(slug__iexact=name) | Q(name__iexact=name)).first()
        if found is None:
            known = ", ".join(Organisation.objects.values_list("slug", flat=True)[:20])
            raise CommandError(f"There is no organisation “{name}”. There are: {known or 'none'}.")
        drafted = draft(found, month, at=timezone.now())
        of_month = ServiceReport.objects.of_month_of(drafted)
        newest = of_month.filter(state=ReportState.ISSUED).first() or drafted
        rows = ServiceReport.objects.select_related("organisation__tam", "document", "revises")
        return rows.get(pk=newest.pk)
