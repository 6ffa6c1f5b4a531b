"""Whether everything around the desk is as it should be."""

from __future__ import annotations

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from axsupport.operating.doctor import examine
from axsupport.operating.findings import State, worst


class Command(BaseCommand):
    help = (
        "Looks at database, walls, migrations, static files, Redis, workers, beat, mail, disk and"
        " settings, and says what helps. Changes nothing. Ends with 1 where something fails."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON object for programs")

    def handle(self, *args: Any, **options: Any) -> None:
        findings = examine()
        state = worst(findings)
        if options["json"]:
            body = {"status": state, "checks": [one.as_dict() for one in findings]}
            self.stdout.write(json.dumps(body))
        else:
            for one in findings:
                helps = f"\n{'':10}-> {one.helps}" if one.helps else ""
                self.stdout.write(f"{one.state:<8}  {one.check}: {one.says}{helps}")
        if state == State.FAILING:
            sys.exit(1)
