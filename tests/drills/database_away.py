"""The database is away for a minute: everybody reads so calmly, and it goes on by itself."""

from __future__ import annotations

import os
import secrets
import signal
import smtplib
import time
from pathlib import Path

from tests.drills.desk import Desk, eventually
from tests.drills.report import Line

RUN = secrets.token_hex(3)
AWAY = 60.0
ANSWERED, BACK = 3.0, 10.0  # seconds for an answer meanwhile, and until all works again
SOCKET = ".s.PGSQL.5432"


def run(desk: Desk) -> list[Line]:
    api, pages, mail = Line("database away 60 s: API"), Line("... pages"), Line("... LMTP")
    customer = desk.browser()
    customer.sign_in()
    socket = next((desk.data / "run").glob(f"**/{SOCKET}"))
    aside = socket.with_name("away")
    socket.rename(aside)
    try:
        ends, n = time.monotonic() + AWAY, 0
        _throw_out(desk)
        while time.monotonic() < ends:
            n += 1
            _api(desk, api, n)
            page = customer.get("/incidents/")
            pages.took(page.seconds)
            calm = page.status == 503 and "Not just now" in page.text
            pages.check(calm, f"a page was {page.status} {page.alerts}")
            _mail(desk, mail, n, expected=451)
            live, ready = desk.ask("GET", "/livez").status, desk.ask("GET", "/readyz").status
            pages.check((live, ready) == (200, 503), f"/livez, /readyz said {live}, {ready}")
            time.sleep(0.5)
    finally:
        aside.rename(socket)
    back = desk.back_within(BACK)
    api.said = f"back {back:.1f} s after"
    api.check(back < BACK, "not back in time")
    for line in (api, pages, mail):
        line.within(ANSWERED)
    _all_works(desk, mail)
    return [api, pages, mail]


def _throw_out(desk: Desk) -> None:
    """End every connection of the desk, as a server does that goes down."""
    postmaster = (desk.data / "pg" / "postmaster.pid").read_text().split()[0]
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = (folder / "stat").read_text().rpartition(")")[2].split()[1]
            line = (folder / "cmdline").read_bytes()
        except OSError:
            continue
        if parent == postmaster and line.startswith(b"postgres: axsupport"):
            os.kill(int(folder.name), signal.SIGTERM)


def _api(desk: Desk, line: Line, n: int) -> None:
    answer = desk.file(f"away {RUN} {n}", key=f"away-{RUN}-{n}")
    line.took(answer.seconds)
    is_json = answer.header("Content-Type").startswith("application/json")
    calm = answer.status == 503 and is_json and answer.header("Retry-After")
    line.check(bool(calm), f"the API said {answer.status} {answer.body[:60]}")


def _mail(desk: Desk, line: Line, n: int, *, expected: int) -> None:
    started, code = time.monotonic(), 250
    try:
        with smtplib.LMTP("127.0.0.1", desk.lmtp_port, timeout=30) as server:
            server.sendmail(
                "contact@northwind.example",
                ["support@axigen.example"],
                f"From: contact@northwind.example\r\nTo: support@axigen.example\r\n"
                f"Message-ID: <away-{RUN}-{n}@northwind.example>\r\n"
                f"Subject: away {RUN} mail {n}\r\n\r\nIt hangs.\r\n".encode(),
            )
    except smtplib.SMTPResponseException as error:
        code = error.smtp_code
    except smtplib.SMTPRecipientsRefused as error:
        code = next(iter(error.recipients.values()))[0]
    line.took(time.monotonic() - started)
    line.check(code == expected, f"LMTP said {code}, expected was {expected}")


def _all_works(desk: Desk, mail: Line) -> None:
    """The same again, which is taken now, and handled by workers that found their way back."""
    _mail(desk, mail, 0, expected=250)
    filed = desk.file(f"away {RUN} after", key=f"away-{RUN}-after")
    mail.check(filed.status == 201, f"filing afterwards: {filed.status}")
    found = f"SELECT count(*) FROM tickets_incident WHERE subject LIKE 'away {RUN} %'"
    seconds = eventually(lambda: desk.count(found) == 2, within=40)
    count = desk.count(found)
    mail.lost, mail.doubled = max(2 - count, 0), max(count - 2, 0)
    mail.check(count == 2, f"{count} incidents instead of 2")
    mail.said = f"a mail became an incident {seconds:.0f} s after"
