"""Redis does not move for a minute: people file, answer and sign in as always."""

from __future__ import annotations

import secrets
import smtplib
import time

from tests.drills.desk import CUSTOMER, ENGINEER, Desk, eventually
from tests.drills.report import Line

FROZEN = 60.0
RUN = secrets.token_hex(3)  # a desk that is used again has the incidents of runs before
ALLOWED = 3.0  # seconds for each thing that somebody does
AFTER = 60.0  # seconds in which everything that is owed has to be done, once Redis moves again


def run(desk: Desk) -> list[Line]:
    api, portal, mail = Line("Redis frozen: API"), Line("... portal"), Line("... mail")
    signing, health = Line("... sign-in"), Line("... healthz, readyz")
    customer = desk.browser()
    customer.sign_in()
    first = desk.file("frozen before")
    with desk.frozen("valkey-server"):
        ends, n = time.monotonic() + FROZEN, 0
        while time.monotonic() < ends:
            n += 1
            _api(desk, api, first.json["number"], n)
            page = customer.submit("/incidents/new/", _typed(f"frozen {RUN} portal {n}"))
            portal.took(page.seconds)
            portal.check(page.status == 200, f"portal: {page.status} {page.alerts}")
            _mail(desk, mail, n)
            signed = desk.browser(ENGINEER if n % 2 else CUSTOMER).sign_in()
            signing.took(signed.seconds)
            signing.check("/login" not in signed.url, f"sign-in ended at {signed.url}")
            _health(desk, health)
    for line in (api, portal, mail, signing, health):
        line.within(ALLOWED)
    _nothing_lost(desk, api, portal, mail, n)
    return [api, portal, mail, signing, health]


def _api(desk: Desk, line: Line, number: str, n: int) -> None:
    filed = desk.file(f"frozen {RUN} api {n}", key=f"frozen-{RUN}-{n}")
    line.took(filed.seconds)
    line.check(filed.status == 201, f"filing: {filed.status} {filed.body[:60]}")
    wrote = desk.api(
        "POST", f"/api/v1/incidents/{number}/messages/", {"body": f"frozen {RUN} word {n}"}
    )
    line.took(wrote.seconds)
    line.check(wrote.status == 201, f"writing: {wrote.status} {wrote.body[:60]}")


def _mail(desk: Desk, line: Line, n: int) -> None:
    started = time.monotonic()
    with smtplib.LMTP("127.0.0.1", desk.lmtp_port, timeout=90) as server:
        server.sendmail(
            "contact@northwind.example",
            ["support@axigen.example"],
            f"From: contact@northwind.example\r\nTo: support@axigen.example\r\n"
            f"Message-ID: <frozen-{RUN}-{n}@northwind.example>\r\n"
            f"Subject: frozen {RUN} mail {n}\r\n\r\nIt hangs.\r\n".encode(),
        )
    line.took(time.monotonic() - started)


def _health(desk: Desk, line: Line) -> None:
    health, ready = desk.ask("GET", "/healthz"), desk.ask("GET", "/readyz")
    line.took(max(health.seconds, ready.seconds))
    said = health.json.get("broker") if health.status == 503 else "nothing"
    line.check(said == "failing", f"/healthz said {health.status} {health.body[:100]}")
    line.check(ready.status == 200, f"/readyz said {ready.status}: the pages do work")


def _typed(subject: str) -> dict[str, str]:
    return {"subject": subject, "body": "It hangs.", "use_gold": "no"}


def _nothing_lost(desk: Desk, api: Line, portal: Line, mail: Line, tried: int) -> None:
    """Everything acknowledged is there once, and what it owes is done soon after."""
    waiting = (
        "SELECT (SELECT count(*) FROM tickets_inboundmail WHERE handled_at IS NULL)"
        " + (SELECT count(*) FROM notices_notice WHERE sent_at IS NULL AND given_up_at IS NULL"
        " AND NOT is_collected AND next_at < now())"
    )
    seconds = eventually(lambda: desk.count(waiting) == 0, within=AFTER)
    mail.check(seconds < AFTER, f"still {desk.count(waiting)} mails and notices are owed")
    mail.said = f"all owed was done {seconds:.0f} s after"
    for line, name in ((api, "api"), (portal, "portal"), (mail, "mail")):
        found = f"FROM tickets_incident WHERE subject LIKE 'frozen {RUN} {name} %'"
        all_of_them = desk.count(f"SELECT count(*) {found}")
        once = desk.count(f"SELECT count(DISTINCT subject) {found}")
        line.lost, line.doubled = tried - once, all_of_them - once
    words = f"FROM tickets_message WHERE body LIKE 'frozen {RUN} word %'"
    wrote = desk.count(f"SELECT count(DISTINCT body) {words}")
    api.lost += tried - wrote
    api.doubled += desk.count(f"SELECT count(*) {words}") - wrote
    for line in (api, portal, mail):
        line.check(not line.lost and not line.doubled, "something was lost or doubled")
