"""A thousand incidents that nobody has room for: promises, mails and notices go on as always."""

from __future__ import annotations

import re
import secrets
import smtplib
import time
from collections import Counter

from tests.drills.desk import CUSTOMER, Desk, eventually
from tests.drills.report import Line

RUN = secrets.token_hex(3)
CROWD, LATE, MAILS = 1000, 100, 20
NOTED, HANDLED, SENT, GIVEN = 20.0, 30.0, 30.0, 60.0  # seconds
LAST = 10.0  # in which those that were on their way are over
CALM = 20.0  # seconds in which nothing happens, and so nobody is woken
# Sweeps that commits wake, and how often beat looks by itself in the calm (`axsupport.celery`).
WOKEN = {
    "notices.tasks.send_owed": 5.0,
    "mailroom.tasks.handle_mails": 15.0,
    "tickets.tasks.dispatch_waiting": 5.0,
}
# In the drill's own process, as many requests would: what is measured is what comes after.
FILE = f"""
from django.utils import timezone
from accounts.models import Person
from core import rls
from core.nudges import without_haste
from entitlements.models import Licence
from tickets.actions.filing import Report, file_incident
with rls.everything():
    Person.objects.filter(role__in=("ts1", "partner")).update(is_on_duty=False)
with without_haste():
    for n in range({CROWD}):
        with rls.everything():
            who = Person.objects.select_related("organisation").get(email="{CUSTOMER}")
            licence = Licence.objects.filter(organisation=who.organisation).first()
            file_incident(
                Report(reporter=who, licence=licence, service="troubleshooting",
                    subject=f"crowd {RUN} {{n}}", body="It stands still.", use_gold=False),
                at=timezone.now(),
            )
"""
ROOM = """
from core import rls
from accounts.models import Person
from tickets.models import EngineerProfile
with rls.everything():
    for one in Person.objects.filter(role="ts1"):
        EngineerProfile.objects.update_or_create(person=one, defaults={"capacity": 5000})
    Person.objects.filter(role__in=("ts1", "partner")).update(is_on_duty=True)
"""
OURS = f"subject ~ '^crowd {RUN} [0-9]+$'"
THEIRS = f"incident_id IN (SELECT id FROM tickets_incident WHERE {OURS})"
UNTRIED = (
    f"SELECT count(*) FROM tickets_incident WHERE {OURS} AND dispatch_tried_at IS NULL"
    " AND owner_id IS NULL"
)
UNHANDLED = "SELECT count(*) FROM tickets_inboundmail WHERE handled_at IS NULL"
BREACHED = f"FROM tickets_responsetarget WHERE {THEIRS} AND breach_noted_at IS NOT NULL"
BREACHES = (
    "FROM notices_notice WHERE template LIKE 'response_target_breached%' AND made_at > now()"
    " - interval '5 minutes'"
)


def run(desk: Desk) -> list[Line]:
    crowd, breaches = Line(f"{CROWD} nobody has room for"), Line("... breaches noted")
    notices, mails = Line("... and told before the rest"), Line("... mails handled")
    calm = Line("... and nobody woken for nothing")
    desk.manage("shell", "-v", "0", "-c", FILE)
    crowd.took(eventually(lambda: not desk.count(UNTRIED), within=GIVEN))
    crowd.said = "until each was looked at"
    _breach(desk)
    _send(desk)
    mails.took(eventually(lambda: not desk.count(UNHANDLED), within=4 * HANDLED, step=0.2))
    mails.tried = MAILS
    eventually(lambda: desk.count(f"SELECT count(*) {BREACHED}") >= LATE, within=4 * NOTED)
    _noted(desk, breaches)
    _told(desk, notices)
    _calm(desk, calm)
    _given(desk, crowd)
    for line, seconds in ((breaches, NOTED), (notices, SENT), (mails, HANDLED), (crowd, GIVEN)):
        line.within(seconds)
    return [crowd, breaches, notices, mails, calm]


def _breach(desk: Desk) -> None:
    """Some promises come to their end one after the other, while a thousand wait."""
    desk.sql(
        f"""WITH chosen AS (SELECT id, row_number() OVER (ORDER BY id) AS n
            FROM tickets_responsetarget WHERE {THEIRS} AND met_at IS NULL LIMIT {LATE})
        UPDATE tickets_responsetarget AS target
            SET opened_at = now() - interval '9 hours', due_at = now() + n * interval '0.2 seconds'
            FROM chosen WHERE chosen.id = target.id"""
    )


def _send(desk: Desk) -> None:
    with smtplib.LMTP("127.0.0.1", desk.lmtp_port, timeout=30) as server:
        for n in range(MAILS):
            server.sendmail(
                CUSTOMER,
                ["support@axigen.example"],
                f"From: {CUSTOMER}\r\nTo: support@axigen.example\r\n"
                f"Message-ID: <crowd-{RUN}-{n}@northwind.example>\r\n"
                f"Subject: crowd {RUN} mail {n}\r\n\r\nIt hangs.\r\n".encode(),
            )


def _noted(desk: Desk, line: Line) -> None:
    noted, last = desk.sql(
        f"SELECT count(*), coalesce(max(extract(epoch FROM breach_noted_at - due_at)), 0)"
        f" {BREACHED}"
    )[0]
    line.tried, line.lost, line.seconds = LATE, LATE - int(noted), float(last)
    line.doubled = desk.count(
        "SELECT count(*) - count(DISTINCT subject) FROM core_journalentry WHERE kind ="
        " 'response_target.breached' AND at > now() - interval '5 minutes'"
    )
    line.check(not line.lost and not line.doubled, "a breach was lost or noted twice")


def _told(desk: Desk, line: Line) -> None:
    """A breach is mailed before all that only tells of the crowd."""
    open_ones = f"SELECT count(*) {BREACHES} AND sent_at IS NULL AND given_up_at IS NULL"
    eventually(lambda: not desk.count(f"{open_ones} AND NOT is_collected"), within=4 * SENT)
    told, last = desk.sql(
        f"SELECT count(*), coalesce(max(extract(epoch FROM sent_at - made_at)), 0) {BREACHES}"
        " AND sent_at IS NOT NULL"
    )[0]
    line.tried, line.seconds = int(told), float(last)
    line.check(line.tried > 0, "nobody was told of a breach")


def _calm(desk: Desk, line: Line) -> None:
    """All that is owed is done and a thousand wait: only beat looks."""
    owed = (
        "SELECT count(*) FROM notices_notice WHERE sent_at IS NULL AND given_up_at IS NULL"
        " AND NOT is_collected AND next_at < now()"
    )
    line.check(
        eventually(lambda: not desk.count(owed), within=4 * GIVEN) < 4 * GIVEN, "it never was calm"
    )
    time.sleep(LAST)
    before = _runs(desk)
    time.sleep(CALM)
    woken = _runs(desk) - before
    for task, every in WOKEN.items():
        line.tried += woken[task]
        allowed = CALM / every + 2
        line.check(woken[task] <= allowed, f"{task} ran {woken[task]} times, for nothing")
    line.said = f"runs in {CALM:.0f} s"


def _runs(desk: Desk) -> Counter[str]:
    """How often each sweep was asked for, as the workers' logs say."""
    found: Counter[str] = Counter()
    for log in (desk.data / "log").glob("*.log"):
        text = log.read_text(errors="replace")
        found.update(re.findall(r"Task ([\w.]+)\[[^\]]*\] received", text))
    return found


def _given(desk: Desk, line: Line) -> None:
    """Engineers come back: each incident gets one of them, once."""
    desk.manage("shell", "-v", "0", "-c", ROOM)
    waiting = f"SELECT count(*) FROM tickets_incident WHERE {OURS} AND owner_id IS NULL"
    seconds = eventually(lambda: not desk.count(waiting), within=2 * GIVEN)
    line.took(seconds)
    line.said += f"; given out in {seconds:.0f} s when they were back"
    filed = desk.count(f"SELECT count(*) FROM tickets_incident WHERE {OURS}")
    given = f"FROM tickets_dispatch WHERE {THEIRS}"
    once = desk.count(f"SELECT count(DISTINCT incident_id) {given}")
    line.tried, line.lost = CROWD, CROWD - min(filed, once)
    line.doubled = desk.count(f"SELECT count(*) {given}") - once
    line.check(not line.lost and not line.doubled, "an incident was lost or given out twice")
