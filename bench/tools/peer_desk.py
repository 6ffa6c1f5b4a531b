"""How django-helpdesk takes the same mails: a process of its own, on a database of its own.

`python -m` would start our bench with it, so it is run by its path, with the folder of the mails
(`*.eml`) as its argument and DATABASE_URL naming an empty database. Prints JSON: how many tickets
were made, in how many seconds. It sends its acknowledgement into memory, ours stands in the outbox.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import Any

import django
import environ
from django.conf import settings
from django.core.management import call_command
from django.urls import include, path

urlpatterns: list[Any] = []


def main(folder: Path) -> None:
    _set_up(folder)
    models, receiving = import_module("helpdesk.models"), import_module("helpdesk.email")
    queue = models.Queue.objects.create(
        title="Support",
        slug="support",
        email_address="support@axigen.example",
        allow_email_submission=True,
        enable_notifications_on_email_events=True,
    )
    logger = logging.getLogger("peer")
    mails = [path.read_text("ascii", "surrogateescape") for path in sorted(folder.glob("*.eml"))]
    started = time.perf_counter()
    for mail in mails:
        receiving.extract_email_metadata(mail, queue, logger)
    seconds = time.perf_counter() - started
    print(json.dumps({"tickets": models.Ticket.objects.count(), "seconds": seconds}))


def _set_up(folder: Path) -> None:
    logging.disable(logging.ERROR)
    settings.configure(
        DATABASES={"default": environ.Env().db("DATABASE_URL")},
        SECRET_KEY="bench",  # of a desk that lives for seconds
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "django.contrib.sites",
            "django.contrib.admin",
            "django.contrib.messages",
            "django.contrib.humanize",
            "rest_framework",
            "helpdesk",
        ],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
            }
        ],
        SITE_ID=1,
        USE_TZ=True,
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend",
        DEFAULT_FROM_EMAIL="support@axigen.example",
        MEDIA_ROOT=str(folder / "files"),  # cleared away with the mails
        ROOT_URLCONF=__name__,
        HELPDESK_TEAMS_MODE_ENABLED=False,
    )
    django.setup()
    call_command("migrate", verbosity=0)
    urlpatterns.append(path("", include("helpdesk.urls")))  # which its mails name


if __name__ == "__main__":
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)
    main(Path(sys.argv[1]))
