"""A desk of the release before the rooms: one row of each table that moved. Run by its test."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

# The last migration of each app in that release.
RELEASE = [
    ("core", "0003_audit_differences"),
    ("notices", "0011_told_in_a_digest"),
    ("accounts", "0002_wall"),
    ("entitlements", "0011_holiday_names"),
    ("rota", "0002_swaps"),
    ("tickets", "0022_redispatch_by_alarms"),
    ("reports", "0002_wall"),
]
AT = datetime(2026, 11, 2, 9, tzinfo=UTC)


def main() -> None:
    import django  # noqa: PLC0415 -- before `setup` no model may be imported

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415

    executor = MigrationExecutor(connection)
    executor.migrate(RELEASE)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.scope', 'all', false)")
    _fill(executor.loader.project_state(RELEASE).apps)
    call_command("migrate", verbosity=0)
    _check()
    print("carried over")


def _fill(apps: Any) -> None:
    def make(label: str, **fields: Any) -> Any:
        return apps.get_model(label).objects.create(**fields)

    organisation = make("accounts.Organisation", name="Northwind", slug="northwind", created_at=AT)
    ana = make(
        "accounts.Person",
        email="ana@northwind.example",
        name="Ana",
        role="contact",
        organisation=organisation,
        joined_at=AT,
    )
    ours = {"organisation": organisation}
    service = apps.get_model("entitlements.Service").objects.get(key="troubleshooting")
    decision = make(
        "entitlements.CoverageDecision",
        **ours,
        service="troubleshooting",
        channel="portal",
        at=AT,
    )
    defect = make(
        "tickets.Defect", number="AXI-7", title="Index grows", recorded_by=ana, recorded_at=AT
    )
    incident = make(
        "tickets.Incident",
        **ours,
        number="AX-2026-000007",
        reporter=ana,
        service=service,
        decision=decision,
        channel="portal",
        subject="IMAP stops",
        defect=defect,
        received_at=AT,
    )
    call_back = make(
        "tickets.CallBack",
        **ours,
        contact=ana,
        asked_by=ana,
        through="portal",
        number="+40215550100",
        incident=incident,
        asked_at=AT,
        owed_at=AT,
        due_at=AT + timedelta(minutes=15),
        next_at=AT,
    )
    logged = {"incident": incident, "call_back": call_back, "by": ana, "logged_at": AT}
    make("tickets.Call", **ours, contact=ana, direction="out", **logged)
    make(
        "tickets.PhoneNumber", **ours, person=ana, number="+40215550100", added_by=ana, added_at=AT
    )
    raw = b"From: ana@northwind.example\r\n\r\nIt stops.\r\n"
    mail = {"raw": raw, "sha256": "0" * 64, "size": len(raw), "received_at": AT}
    make("tickets.InboundMail", **ours, incident=incident, outcome="incident", **mail)
    mailbox = make("tickets.Mailbox", name="support@imap.example/INBOX", made_at=AT)
    make("tickets.UnfetchedMail", mailbox=mailbox, uid_validity=1, uid=9, tried_at=AT)
    for key, made in (("filed", {"incident": incident}), ("asked", {"call_back": call_back})):
        make("tickets.HandledRequest", **ours, person=ana, key=key, digest="0" * 64, at=AT, **made)
    for subject in (f"tickets.incident:{incident.pk}", f"tickets.callback:{call_back.pk}"):
        make("core.JournalEntry", **ours, kind="it.happened", subject=subject, at=AT, by=ana)


def _check() -> None:
    """Everything is found by today's code, through the models in their rooms."""
    from core.journal import entries_of  # noqa: PLC0415
    from mailroom.models import InboundMail, Mailbox  # noqa: PLC0415
    from telephone.models import Call, CallBack, PhoneNumber  # noqa: PLC0415
    from tickets.models import HandledRequest, Incident  # noqa: PLC0415

    incident, call_back = Incident.objects.get(), CallBack.objects.get()
    assert incident.defect is not None
    assert (incident.defect.number, call_back.incident) == ("AXI-7", incident)
    assert Call.objects.get().call_back == call_back
    assert PhoneNumber.objects.get().number == call_back.number
    assert InboundMail.objects.get().incident == incident
    assert Mailbox.objects.get().unfetched.get().uid == 9
    made = dict(HandledRequest.objects.values_list("key", "made"))
    assert made == {
        "filed": f"tickets.incident:{incident.pk}",
        "asked": f"tickets.callback:{call_back.pk}",
    }
    for one in (incident, call_back):
        assert entries_of(one).get().kind == "it.happened"


if __name__ == "__main__":
    main()
