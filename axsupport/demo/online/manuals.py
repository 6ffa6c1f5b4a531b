"""Three manuals of a mail server: two of pages, one of them in three versions, and a white paper."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from reportlab.pdfgen.canvas import Canvas

from accounts.enums import Role
from accounts.models import Person
from resources.actions.manuals.keeping import (
    ManualDraft,
    add_manual_version,
    publish_manual,
    save_manual,
)
from resources.enums import Audience, ManualKind

_DRAWING = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 420 90" role="img">
<rect x="5" y="25" width="110" height="40" rx="6" fill="#dbe8f4"/><text x="60" y="50" text-anchor="middle" font-family="sans-serif" font-size="14">Internet</text>
<rect x="155" y="25" width="110" height="40" rx="6" fill="#dbe8f4"/><text x="210" y="50" text-anchor="middle" font-family="sans-serif" font-size="14">Front end</text>
<rect x="305" y="25" width="110" height="40" rx="6" fill="#dbe8f4"/><text x="360" y="50" text-anchor="middle" font-family="sans-serif" font-size="14">Mail store</text>
<path d="M115 45h40M265 45h40" stroke="#0b3d63" stroke-width="2"/></svg>"""

ADMIN = {
    "index": "# Administrator's guide\n\nHow to install, secure and run the server.\n\n* [Before you install](install.html)\n* [Ports and listeners](ports.html)\n* [Certificates](security/certificates.html)\n* [Backup and restore](backup.html)\n* [Clusters](clusters.html)",
    "install": "# Before you install\n\n| Users | Memory | Processor cores |\n| --- | --- | --- |\n| up to 200 | 4 GB | 2 |\n| up to 2,000 | 16 GB | 4 |\n| up to 20,000 | 64 GB | 16 |\n\nThe mail store wants a file system of its own: a full one stops delivery and nothing else.",
    "ports": "# Ports and listeners\n\n| Port | What listens | From where |\n| --- | --- | --- |\n| 25 | SMTP | everywhere |\n| 465, 587 | SMTP of your users | everywhere |\n| 993 | IMAP over TLS | everywhere |\n| 443 | Webmail, push mail | everywhere |\n| 9443 | WebAdmin | your network alone |\n\nSee [Certificates](security/certificates.html) for what each listener shows.",
    "security/certificates": "# Certificates\n\nA listener shows one certificate for each name. Renew them a week before they end; the server reads a new file within a minute.\n\nBack to [Ports and listeners](../ports.html).",
    "backup": "# Backup and restore\n\n1. Ask for a snapshot: `axigen-backup --snapshot`.\n2. Copy the folder that it names.\n3. Let it go: `axigen-backup --release`.\n\nTry a restore on another machine each quarter: a backup that nobody restored is a hope.",
    "clusters": "# Clusters\n\n![A front end between the internet and the mail store](cluster.svg)\n\nFront ends hold no mail. Take one out of the balancer, update it, and put it back: users notice nothing.",
}
CALDAV = "# Calendars by CalDAV\n\nSwitch it on per domain under Services. Clients find it by themselves at `/.well-known/caldav`."
USER = {
    "index": "# Webmail, for users\n\n* [Rules for incoming mail](rules.html)\n* [Sharing a calendar](calendar.html)\n* [Your phone](phone.html)",
    "rules": "# Rules for incoming mail\n\nOpen Settings, then Rules. The first rule that fits is the last that is asked, unless it says go on.",
    "calendar": "# Sharing a calendar\n\nPoint at the calendar, choose Share, and name a colleague. They see it when they sign in next.",
    "phone": "# Your phone\n\nAdd an Exchange account with your address and password; the server's name is that of webmail.",
}


MARKDOWN = "md"  # what the pages are written in


def publish_manuals(ends: datetime) -> None:
    """Written by a developer, published by the manager."""
    manager = Person.objects.filter(role=Role.MANAGER).order_by("pk")[0]
    product = settings.VENDOR["product"]

    def add(draft: ManualDraft, *versions: tuple[str, int, bool, SimpleUploadedFile]) -> None:
        at = ends - timedelta(days=max(days for _, days, _, _ in versions))
        manual = save_manual(draft, by=manager, at=at)
        for version, days, is_preview, file in versions:
            at = ends - timedelta(days=days)
            one = add_manual_version(
                manual, file, version=version, is_preview=is_preview, by=manager, at=at
            )
            publish_manual(one, by=manager, at=at)

    add(
        ManualDraft(
            title="Administrator's guide",
            product=product,
            summary="Installing, securing and running the server.",
        ),
        ("10.5", 180, False, _zip({k: v for k, v in ADMIN.items() if k != "clusters"})),
        ("10.6", 177, False, _zip(ADMIN)),
        ("11.0", 44, True, _zip(ADMIN | {"caldav": CALDAV})),
    )
    add(
        ManualDraft(
            title="Webmail, for users",
            product=product,
            summary="What users ask most: rules, calendars, phones.",
            audience=Audience.EVERYBODY,
        ),
        ("10.6", 170, False, _zip(USER)),
    )
    add(
        ManualDraft(
            title="Sizing a mail store",
            product=product,
            kind=ManualKind.PAPER,
            summary="How many disks 20,000 mailboxes need, measured.",
            editions=("business",),
        ),
        ("10.6", 120, False, _paper()),
    )


def _zip(files: Mapping[str, str]) -> SimpleUploadedFile:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            archive.writestr(f"{path}.{MARKDOWN}", content)
        if "clusters" in files:
            archive.writestr("cluster.svg", _DRAWING)
    return SimpleUploadedFile("manual.zip", made.getvalue())


def _paper() -> SimpleUploadedFile:
    made = io.BytesIO()
    sheet = Canvas(made, invariant=True)
    sheet.setTitle("Sizing a mail store")
    for number, line in enumerate(
        (
            "Sizing a mail store",
            "20,000 mailboxes of 2 GB: 40 TB, of which 8 % is read in a day.",
            "Measured: 1,100 reads and 300 writes a second at nine in the morning.",
        )
    ):
        sheet.drawString(72, 760 - 24 * number, line)
    sheet.save()
    return SimpleUploadedFile("paper.pdf", made.getvalue())
