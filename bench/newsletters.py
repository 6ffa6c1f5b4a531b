"""What one issue of a newsletter costs: 20,000 readers, from "send" to the last mail handed over.

`python -m bench.newsletters`; `BENCH_READERS=2000` for fewer. The mails are handed to a mail server
of its own process on this machine, one connection each, by one worker.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from accounts.enums import Role
from accounts.models import Organisation, Person
from bench.tools.measure import print_table
from core import rls
from entitlements.enums import Edition
from entitlements.models import Licence
from notices.models import Notice
from notices.tasks import send_owed
from resources.actions.newsletters.sending import schedule
from resources.actions.newsletters.writing import IssueDraft, save_issue
from resources.models import Newsletter, NewsletterIssue
from resources.reads.newsletters.figures import figures_of
from resources.tasks import send_newsletters

READERS = int(os.environ.get("BENCH_READERS", "20000"))
EACH = 4  # people of an organisation
BODY = "## What is new\n\n" + "- A line about what was repaired, with a *word* of weight.\n" * 40
ALLOWED = 600


def main() -> None:
    port = _free_port()
    sink = [sys.executable, "-m", "aiosmtpd", "-n", "-l", f"127.0.0.1:{port}"]
    server = subprocess.Popen([*sink, "-c", "aiosmtpd.handlers.Sink"], stderr=subprocess.DEVNULL)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    try:
        _wait_for(port)
        _measure()
    finally:
        server.terminate()
        server.wait()


def _measure() -> None:
    with rls.everything():
        issue = _issue()
    gathering = _until(send_newsletters, lambda: _is_gathered(issue))
    sending = _until(send_owed, lambda: not _is_owed(issue))
    _until(send_newsletters, lambda: _state(issue) == "sent")
    figures = figures_of(issue)
    assert figures.handed_over == figures.readers >= READERS, figures
    spent = gathering + sending
    print_table(
        f"One issue, {figures.readers:,} readers, one worker (allowed: {ALLOWED} s)",
        ("what", "seconds", "ms a reader"),
        [
            ("gathered into the outbox", gathering, 1000 * gathering / figures.readers),
            ("mails handed over", sending, 1000 * sending / figures.readers),
            ("both", spent, 1000 * spent / figures.readers),
        ],
    )


def _issue() -> NewsletterIssue:
    """Readers who have it with their support, and an issue that is due."""
    at = timezone.now()
    manager = _person(f"bench-news-{at.timestamp()}@desk.example", Role.MANAGER, None)
    manager.save()
    mark = f"news-{at.timestamp():.0f}"
    organisations = Organisation.objects.bulk_create(
        Organisation(name=f"Reader {n}", slug=f"{mark}-{n}", created_at=at)
        for n in range(-(-READERS // EACH))
    )
    Licence.objects.bulk_create(
        Licence(
            organisation=one,
            key=f"{mark}-{n}",
            edition=Edition.BUSINESS,
            registered_on=at.date() - timedelta(days=30),
            made_at=at,
        )
        for n, one in enumerate(organisations)
    )
    Person.objects.bulk_create(
        _person(f"p{n}-{number}@{mark}.example", Role.CONTACT, one)
        for n, one in enumerate(organisations)
        for number in range(EACH)
    )
    newsletter = Newsletter.objects.get(slug="tips")
    draft = IssueDraft(newsletter, "Tips of the month", BODY)
    return schedule(save_issue(draft, by=manager, at=at), by=manager, at=at)


def _person(email: str, role: Role, organisation: Organisation | None) -> Person:
    person = Person(
        email=email, name="Rea Der", role=role, organisation=organisation, joined_at=timezone.now()
    )
    person.password = "!"  # nobody signs in
    return person


def _until(work: Callable[[], object], is_done: Callable[[], bool]) -> float:
    """Seconds that the runs took until it is done; asking is not counted."""
    spent = 0.0
    while True:
        began = time.perf_counter()
        work()
        spent += time.perf_counter() - began
        with rls.everything():
            if is_done():
                return spent


def _is_gathered(issue: NewsletterIssue) -> bool:
    return NewsletterIssue.objects.filter(pk=issue.pk, gathered_at__isnull=False).exists()


def _is_owed(issue: NewsletterIssue) -> bool:
    return Notice.objects.filter(key=issue.key, sent_at=None, given_up_at=None).exists()


def _state(issue: NewsletterIssue) -> str:
    return str(NewsletterIssue.objects.values_list("state", flat=True).get(pk=issue.pk))


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _wait_for(port: int) -> None:
    for _ in range(100):
        with socket.socket() as line:
            if line.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit("the mail server of the bench does not answer")


if __name__ == "__main__":
    main()
