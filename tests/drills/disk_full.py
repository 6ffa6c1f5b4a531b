"""The disk is full for a minute, then free: nothing acknowledged is lost, no file is left over."""

from __future__ import annotations

import hashlib
import secrets
import smtplib
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.drills.desk import Answer, Desk, eventually
from tests.drills.report import Line

RUN = secrets.token_hex(3)
SIZE = "900m"  # of the disk in memory; a first start asks for 600 MB
FULL, BACK = 60.0, 60.0
FILE = secrets.token_bytes(300_000)
PIECE = b"\0" * 65536


def run(folder: Path) -> list[Line]:
    """On a desk of its own, all of whose data is on a small disk in memory."""
    with _small_disk(folder) as disk:
        desk = Desk(disk)
        try:
            desk.wait()
            return _full(desk, disk)
        finally:
            desk.close()


def _full(desk: Desk, disk: Path) -> list[Line]:
    filing, mail = Line("disk full 60 s: reports with files"), Line("... LMTP")
    taken: list[str] = []
    mails: list[str] = []
    before = set(_files(desk))  # releases, manuals, letters: other rows name those
    for n in range(1, 6):  # acknowledged before, and looked for afterwards
        _report(desk, filing, n, taken)
        _mail(desk, mail, n, mails)
    n = len(taken)
    with _filled(disk):
        ends = time.monotonic() + FULL
        while time.monotonic() < ends:
            n += 1
            _report(desk, filing, n, taken)
            _mail(desk, mail, n, mails)
            time.sleep(0.3)
    refused = n - len(taken)
    filing.check(refused > 0 and len(mails) >= 5, "the disk was never full, or always")
    filing.said = f"{refused} reports refused meanwhile"
    back = eventually(lambda: _works(desk, filing, taken), within=BACK)
    filing.check(back < BACK, "it did not come back by itself")
    filing.said += f", all works {back:.0f} s after"
    filing.seconds = back
    _look(desk, filing, mail, taken, mails)
    _look_at_files(desk, filing, before)
    for line in (filing, mail):
        line.check(not line.lost and not line.doubled, "something was lost or doubled")
    return [filing, mail]


def _report(desk: Desk, line: Line, n: int, taken: list[str]) -> Answer:
    answer = _file_with_file(desk, f"full {RUN} {n}")
    line.tried += 1
    if answer.taken:
        taken.append(answer.json["number"])
    else:
        line.check(answer.status in (0, 503), f"a report was answered {answer.status}")
    return answer


def _works(desk: Desk, line: Line, taken: list[str]) -> bool:
    healthy = desk.ask("GET", "/healthz", patience=10).status == 200
    return healthy and _report(desk, line, 10_000 + len(taken), taken).taken


def _file_with_file(desk: Desk, subject: str) -> Answer:
    """A report over the API with one file of 300 kB."""
    asked = {
        "licence": desk.licence,
        "service": "troubleshooting",
        "priority": "3",
        "subject": subject,
        "body": "The disk is full.",
    }
    edge = secrets.token_hex(8)
    parts = [
        f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in asked.items()
    ]
    parts.append(
        f'--{edge}\r\nContent-Disposition: form-data; name="files"; filename="log.bin"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n".encode()
        + FILE
        + f"\r\n--{edge}--\r\n".encode()
    )
    headers = {
        "Authorization": f"Token {desk.token}",
        "Content-Type": f"multipart/form-data; boundary={edge}",
        "Idempotency-Key": subject,
    }
    return desk.ask("POST", "/api/v1/incidents/", b"".join(parts), headers, patience=30)


def _mail(desk: Desk, line: Line, n: int, mails: list[str]) -> None:
    name = f"full-{RUN}-{n}@northwind.example"
    line.tried += 1
    try:
        with smtplib.LMTP("127.0.0.1", desk.lmtp_port, timeout=30) as server:
            server.sendmail(
                "contact@northwind.example",
                ["support@axigen.example"],
                f"From: contact@northwind.example\r\nTo: support@axigen.example\r\n"
                f"Message-ID: <{name}>\r\nSubject: full {RUN} mail {n}\r\n\r\n".encode()
                + b"It hangs. " * 2000,
            )
        mails.append(name)
    except (OSError, smtplib.SMTPException):
        return  # not acknowledged: the mail server tries again


def _look(desk: Desk, filing: Line, mail: Line, taken: list[str], mails: list[str]) -> None:
    """What was acknowledged is there, once."""
    waiting = "SELECT count(*) FROM tickets_inboundmail WHERE handled_at IS NULL"
    eventually(lambda: desk.count(waiting) == 0, within=60)
    numbers = {row[0] for row in desk.sql("SELECT number FROM tickets_incident")}
    filing.lost = len(set(taken) - numbers)
    subjects = desk.sql(f"SELECT subject FROM tickets_incident WHERE subject LIKE 'full {RUN} %'")
    filing.doubled = len(subjects) - len(set(subjects))
    stored = [row[0] for row in desk.sql("SELECT message_id FROM tickets_inboundmail")]
    mail.lost = sum(not any(name in one for one in stored) for name in mails)
    mail.doubled = len(stored) - len(set(stored))


def _look_at_files(desk: Desk, line: Line, before: set[str]) -> None:
    """Each attachment has its bytes, and nothing was left without a row."""
    named, there = dict(desk.sql("SELECT file, sha256 FROM tickets_attachment")), _files(desk)
    orphans = set(there) - set(named) - before
    line.check(not orphans, f"{len(orphans)} files without a row")
    whole = sum(_digest(there.get(name)) == digest for name, digest in named.items())
    line.lost += len(named) - whole


def _files(desk: Desk) -> dict[str, Path]:
    """By name, all files of rows."""
    root = desk.data / "files"
    return {str(one.relative_to(root)): one for one in root.rglob("*") if one.is_file()}


def _digest(file: Path | None) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest() if file else ""


@contextmanager
def _small_disk(folder: Path) -> Iterator[Path]:
    """A tmpfs; raises CalledProcessError where mounting is not allowed."""
    disk = folder / "small"
    disk.mkdir()
    options = ["-t", "tmpfs", "-o", f"size={SIZE},mode=0700", "axsupport-drill", str(disk)]
    subprocess.run(["mount", *options], check=True)
    try:
        yield disk
    finally:
        subprocess.run(["umount", "--lazy", str(disk)], check=True)


@contextmanager
def _filled(disk: Path) -> Iterator[None]:
    """No byte is free meanwhile: what the others give back is taken at once."""
    stop, ballast = threading.Event(), disk / "ballast"

    def fill() -> None:
        with ballast.open("ab", buffering=0) as file:
            while not stop.is_set():
                try:
                    file.write(PIECE)
                except OSError:
                    stop.wait(0.05)

    filler = threading.Thread(target=fill)
    filler.start()
    eventually(lambda: _free(disk) < 200_000, within=30, step=0.1)
    try:
        yield
    finally:
        stop.set()
        filler.join()
        ballast.unlink()


def _free(disk: Path) -> int:
    found = subprocess.run(
        ["df", "--output=avail", "-B1", str(disk)], capture_output=True, text=True, check=True
    )
    return int(found.stdout.split()[-1])
