"""Every sweep of the beat table once, here and now."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand

from axsupport.celery import app


class Command(BaseCommand):
    help = (
        "Runs every sweep of the beat table once, without Celery, and prints what each did as one"
        " JSON line. Safe at any time, also while workers run."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        app.loader.import_default_modules()
        done = {name: app.tasks[entry["task"]]() for name, entry in app.conf.beat_schedule.items()}
        self.stdout.write(json.dumps(done))
