"""What mails cost: stored, read and handled, and those that somebody made to hurt."""

from __future__ import annotations

import base64
import email
import email.policy
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from email.message import EmailMessage
from pathlib import Path
from typing import TypeVar

from django.conf import settings
from django.db import connection
from django.utils import timezone

from bench.tools.desk import open_desk
from bench.tools.measure import print_table
from core import rls
from mailroom.actions.intake import handle, store
from mailroom.models import InboundMail
from mailroom.text.reading import read_mail

T = TypeVar("T")

MANY = 300
MB = 1024 * 1024
PEER = "peer_desk"
READ = """
import sys
from mailroom.text.reading import read_mail
def most():  # of this process alone: what getrusage tells begins with its parent's
    return int(open("/proc/self/status").read().split("VmHWM:")[1].split()[0])
raw = open(sys.argv[1], "rb").read()
before = most()
read_mail(raw)
print(most() - before)
"""


def main() -> None:
    at = timezone.now()
    settings.MAILS_AN_HOUR = MANY + 10
    with rls.everything():
        desk = open_desk(at, organisations=20)
        senders = [one.email for one in desk.contacts[:20]]
    mails = [_letter(senders[n % len(senders)], n) for n in range(MANY)]
    _usual(mails)
    _hostile(senders[0])


def _usual(mails: Sequence[bytes]) -> None:
    stored: list[int] = []

    def keep(raw: bytes) -> None:
        with rls.everything():
            stored.append(store(raw, at=timezone.now()).pk)

    def take(pk: int) -> None:
        with rls.everything():
            handle(pk, at=timezone.now())

    plain = _rate(_parse, mails)
    rows = [
        ("parsed by Python's email alone", plain, 1.0),
        ("read (text, quotation, files, automatic?)", *_against(plain, _rate(read_mail, mails))),
        ("stored", *_against(plain, _rate(keep, mails))),
        (
            "handled: an incident, its clock, the acknowledgement",
            *_against(plain, _rate(take, stored)),
        ),
    ]
    rows.append(("django-helpdesk: a ticket, the acknowledgement", *_against(plain, _peers(mails))))
    made = InboundMail.objects.filter(outcome="incident")
    with rls.everything():
        assert made.count() == len(mails)
    size = sum(map(len, mails)) / len(mails) / 1024
    columns = (f"{len(mails)} mails of {size:.0f} kB, one worker", "a second", "times as long")
    print_table("Mails a second", columns, rows)


def _hostile(sender: str) -> None:
    cases = {
        "5,001 links": _html(sender, "<a href='http://x.example/'>x</a> " * 5001),
        "200 levels of parts": _nested(sender, 200),
        "200 levels of HTML": _html(sender, "<div>" * 200 + "x" + "</div>" * 200),
        "a line of 1 MB": _plain(sender, "x" * MB),
        "50 MB of attachment": _file(sender, 36 * MB),  # in base64
    }
    rows = []
    for name, raw in cases.items():
        started = time.perf_counter()
        with rls.everything():
            mail = store(raw, at=timezone.now())
        kept = time.perf_counter()
        with rls.everything():
            done = handle(mail.pk, at=timezone.now())
        ended = time.perf_counter()
        size = f"{len(raw) / MB:.1f} MB"
        rows.append((name, size, kept - started, ended - kept, _memory(raw), done.outcome))
    columns = ("a mail with", "size", "s stored", "s handled", "MB to read it", "became")
    print_table("Mails made to hurt", columns, rows)
    largest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"\n  The largest this process was: {largest} MB")


def _peers(mails: Sequence[bytes]) -> float:
    """How many of them django-helpdesk makes tickets of, a second, in a process of its own."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {PEER}")
        cursor.execute(f"CREATE DATABASE {PEER}")
    server, _, _ours = os.environ["DATABASE_URL"].rpartition("/")
    with tempfile.TemporaryDirectory() as folder:
        for number, raw in enumerate(mails):
            (Path(folder) / f"{number:05}.eml").write_bytes(raw)
        script = Path(__file__).parent / "tools" / "peer_desk.py"
        done = subprocess.run(
            [sys.executable, script, folder],
            env={**os.environ, "DATABASE_URL": f"{server}/{PEER}"},
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["tickets"] == len(mails)
    return len(mails) / float(found["seconds"])


def _rate(work: Callable[[T], object], things: Sequence[T]) -> float:
    started = time.perf_counter()
    for one in things:
        work(one)
    return len(things) / (time.perf_counter() - started)


def _against(plain: float, rate: float) -> tuple[float, float]:
    return rate, plain / rate


def _parse(raw: bytes) -> None:
    for part in email.message_from_bytes(raw, policy=email.policy.default).walk():
        if not part.is_multipart():
            part.get_content()


def _memory(raw: bytes) -> float:
    """MB that reading it takes on top of the mail itself, in a fresh process."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(raw)
        file.flush()
        command = [sys.executable, "-c", READ, file.name]
        done = subprocess.run(
            command, cwd=Path(__file__).parents[1], check=True, capture_output=True, text=True
        )
    return int(done.stdout) / 1024


def _head(sender: str, n: object) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"] = sender, "support@axigen.example"
    mail["Subject"], mail["Message-ID"] = f"Letter {n}", f"<{abs(hash(n))}@bench.example>"
    return mail


def _letter(sender: str, n: int) -> bytes:
    """Text, the same as HTML, every third with a log of 40 kB."""
    mail = _head(sender, n)
    text = "IMAP stops answering since this morning.\nSee below.\n" * 10
    mail.set_content(text)
    mail.add_alternative(f"<p>{text}</p>" * 3, subtype="html")
    if n % 3 == 0:
        mail.add_attachment(b"refused\n" * 5000, maintype="text", subtype="x-log", filename="a.log")
    return mail.as_bytes()


def _plain(sender: str, text: str) -> bytes:
    return f"From: {sender}\r\nSubject: A line\r\nMessage-ID: <line@x>\r\n\r\n{text}\r\n".encode()


def _html(sender: str, content: str) -> bytes:
    mail = _head(sender, content[:9])
    mail.set_content(f"<html><body>{content}</body></html>", subtype="html")
    return mail.as_bytes()


def _nested(sender: str, levels: int) -> bytes:
    inner = "Content-Type: text/plain\r\n\r\nDeep down\r\n"
    for n in range(levels):
        kind = f'Content-Type: multipart/mixed; boundary="b{n}"'
        inner = f"{kind}\r\n\r\n--b{n}\r\n{inner}\r\n--b{n}--\r\n"
    return f"From: {sender}\r\nSubject: Deep\r\nMessage-ID: <deep@x>\r\n{inner}".encode()


def _file(sender: str, size: int) -> bytes:
    head = (
        f"From: {sender}\r\nSubject: A dump\r\nMessage-ID: <file@x>\r\n"
        'Content-Type: application/octet-stream; name="core.dump"\r\n'
        "Content-Transfer-Encoding: base64\r\n\r\n"
    )
    return head.encode() + base64.encodebytes(bytes(size))


if __name__ == "__main__":
    main()
