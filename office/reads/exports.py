"""What can be taken out as a table: its columns, and the rows that a person may see."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet

from accounts.models import Organisation, Person
from accounts.querysets import owned_by_visible
from core.models import JournalEntry
from entitlements.models import LedgerEntry
from tickets.models import Incident, Message, ResponseTarget

AT_ONCE = 2000  # rows read together


@dataclass(frozen=True)
class Export:
    """`columns` are heads with the fields behind them, `rows` what the person may see of it."""

    name: str
    label: str
    what: str
    icon: str
    columns: Mapping[str, str]
    rows: Callable[[Person], QuerySet[Any]]

    @property
    def heads(self) -> list[str]:
        return list(self.columns)


def _journal(person: Person) -> QuerySet[Any]:
    return owned_by_visible(JournalEntry.objects.all(), person).order_by("pk")


_INCIDENT = {"Incident": "incident__number", "Organisation": "organisation__name"}
EXPORTS: Mapping[str, Export] = {
    one.name: one
    for one in (
        Export(
            "incidents",
            "Incidents",
            "Number, customer, reporter, level, state, owner and their moments",
            "inbox",
            {
                "Number": "number",
                "Organisation": "organisation__name",
                "Reporter": "reporter__name",
                "Reporter's address": "reporter__email",
                "Licence": "licence__key",
                "Service": "service__key",
                "Level": "decision__level__level",
                "Channel": "channel",
                "Priority": "priority",
                "Subject": "subject",
                "Product": "product",
                "Version": "version",
                "State": "state",
                "Tier": "tier",
                "Owner": "owner__name",
                "Merged into": "merged_into__number",
                "Received": "received_at",
                "Solved": "solved_at",
                "Closed": "closed_at",
            },
            lambda person: Incident.objects.visible_to(person).order_by("pk"),
        ),
        Export(
            "messages",
            "Messages",
            "What was said on each incident, with notes that customers never read",
            "message-square",
            {
                **_INCIDENT,
                "Sent": "sent_at",
                "Author": "author__name",
                "Kind": "kind",
                "Channel": "channel",
                "Text": "body",
            },
            lambda person: Message.objects.visible_to(person).order_by("pk"),
        ),
        Export(
            "targets",
            "Response targets",
            "What was promised, by when, and when it was met",
            "timer",
            {
                **_INCIDENT,
                "Cycle": "cycle",
                "Level": "level__level",
                "Target": "target",
                "Opened": "opened_at",
                "Due": "due_at",
                "Met": "met_at",
                "Met by": "met_by__name",
                "Abandoned": "abandoned_at",
            },
            lambda person: ResponseTarget.objects.visible_to(person).order_by("pk"),
        ),
        Export(
            "ledger",
            "Ledger of Gold incidents",
            "Each movement of each pack",
            "star",
            {
                "Organisation": "organisation__name",
                "Licence": "pack__licence__key",
                "Pack": "pack_id",
                "At": "at",
                "Kind": "kind",
                "Quantity": "quantity",
                "Balance": "balance",
                "Incident": "incident__number",
                "Reason": "reason",
                "By": "by__name",
            },
            lambda person: LedgerEntry.objects.visible_to(person).order_by("pk"),
        ),
        Export(
            "people",
            "People",
            "Customers' people and your own, with role and organisation",
            "users",
            {
                "Name": "name",
                "Address": "email",
                "Role": "role",
                "Organisation": "organisation__name",
                "Partner": "partner__name",
                "Telephone": "phone",
                "Language": "language",
                "Time zone": "timezone",
                "Active": "is_active",
                "Joined": "joined_at",
                "Last signed in": "last_login",
            },
            lambda person: Person.objects.visible_to(person).filter(erased_at=None).order_by("pk"),
        ),
        Export(
            "journal",
            "Journal",
            "Who did what when, under which rule, with its facts",
            "scroll-text",
            {
                "At": "at",
                "Kind": "kind",
                "Subject": "subject",
                "Organisation": "organisation__name",
                "By": "by__name",
                "Rule": "rule",
                "Facts": "facts",
            },
            _journal,
        ),
    )
}


def rows_of(
    export: Export, person: Person, of: Organisation | None, after: int, *, plain: bool
) -> list[tuple[int, Sequence[Any]]]:
    """The next rows behind a key, each with its own (`core.stepping`); `plain` for spreadsheets.

    Of one organisation where it is given. Needs the person's own transaction
    (`accounts.tenancy.working_for`).
    """
    rows = export.rows(person).filter(pk__gt=after).order_by("pk")
    if of is not None:
        rows = rows.filter(organisation=of)
    found = rows.values_list("pk", *export.columns.values())[:AT_ONCE]
    return [(pk, tuple(_cell(cell) for cell in row) if plain else row) for pk, *row in found]


def _cell(cell: object) -> object:
    """What a spreadsheet has no form for, in words."""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, timedelta):
        return cell.total_seconds() / 3600  # hours
    if isinstance(cell, dict | list):
        return str(cell)
    return cell
