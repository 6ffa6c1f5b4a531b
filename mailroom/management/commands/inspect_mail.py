"""`manage.py inspect_mail`: how a mail is read, without touching the database."""

import json
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from mailroom.text.automatic import Automatic
from mailroom.text.reading import ReadMail, read_mail
from mailroom.text.text import clean, decode

# The addresses of the desks that the mails of the acceptance cases were written to.
EXAMPLE_ADDRESSES = (
    "desk@example.org",
    "info@example.de",
    "service@example.de",
    "someguy@discourse.org",
)


class Command(BaseCommand):
    """Write how each file is read to one JSON file; its keys are those of `make acceptance`."""

    help = "Say how mails are read, as JSON, without touching the database."
    requires_system_checks = []  # Django's own declaration is a list

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare `--json OUT.json [--own ADDRESS]... FILES...`."""
        parser.add_argument("files", nargs="+", type=Path, metavar="FILES")
        parser.add_argument("--json", required=True, type=Path, metavar="OUT.json")
        parser.add_argument(
            "--own",
            action="append",
            metavar="ADDRESS",
            help="an address that counts as ours; may be repeated "
            f"(without it: {', '.join(EXAMPLE_ADDRESSES)})",
        )

    def handle(self, **options: Any) -> None:
        """Read the files; one that can not be opened gets an `error` and stops nothing."""
        own = tuple(options["own"] or EXAMPLE_ADDRESSES)
        results = {_key(path): _inspected(path, own) for path in options["files"]}
        with options["json"].open("w", encoding="utf-8") as out:
            json.dump(results, out, ensure_ascii=False, indent=1)
        unreadable = sum(1 for result in results.values() if result["error"])
        self.stdout.write(f"{len(results)} read, {unreadable} with an error")


def _key(path: Path) -> str:
    """The path from the folder `raw` on, where the case index has it so; else as given."""
    parts = path.absolute().parts
    if "raw" in parts:
        return Path(*parts[len(parts) - 1 - parts[::-1].index("raw") :]).as_posix()
    return path.as_posix()


def _inspected(path: Path, own: tuple[str, ...]) -> dict[str, Any]:
    start = time.perf_counter()
    try:
        read = read_mail(path.read_bytes(), own_addresses=own)
    except OSError as error:
        return {"error": f"{type(error).__name__}: {error.strerror}"}
    return _reported(read) | {"seconds": round(time.perf_counter() - start, 4), "error": None}


def _reported(read: ReadMail) -> dict[str, Any]:
    return {
        "message_id": read.message_id,
        "from": read.from_address,
        "from_name": read.from_name,
        "reply_to": read.reply_to,
        "to": list(read.to),
        "cc": list(read.cc),
        "subject": read.subject,
        "date": read.date.isoformat() if read.date else None,
        "body_text": read.body_text,
        "body_html_rendered": read.body_html,
        "reply_text": read.reply_text,
        "elided": read.elided,
        "embedded_email": read.embedded_email,
        "before_embedded": read.before_embedded,
        "signature": read.signature,
        "attachments": _attachments(read),
        "auto_reply": read.automatic in (Automatic.AUTO_REPLY, Automatic.BOUNCE),
        "automatic": read.automatic,
        "bounce": read.bounce,
        "bounced": list(read.bounced),
        "threads_to": read.threads_to or None,
        "autoresponded": read.may_be_answered,
        # What intake does with it: an automatic mail reopens nothing, an answer may; nobody
        # becomes a contact by writing.
        "reopened": read.automatic is None and bool(read.threads_to),
        "new_contacts": 0,
        "dedup_id": read.dedup_id,
        "problems": list(read.problems),
    }


def _attachments(read: ReadMail) -> list[dict[str, Any]]:
    return [
        {
            "name": attachment.name,
            "size": attachment.size,
            "content_type": attachment.content_type,
            "content_id": attachment.content_id,
            "inline": attachment.inline,
        }
        | _shown(attachment.content_type, attachment.content)
        for attachment in read.attachments
    ]


def _shown(content_type: str, content: bytes) -> dict[str, str]:
    """The text of a small attachment that is text."""
    if not content_type.startswith(("text/", "message/")) or len(content) > 200_000:
        return {}
    return {"text": clean(decode(content, None))}
