"""The columns that a list of incidents can have. How a cell looks: `templatetags/queue.py`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Column(NamedTuple):
    """`needs` names fields of the incident that only this column shows."""

    label: str
    needs: tuple[str, ...] = ()


COLUMNS: dict[str, Column] = {
    "due": Column("Answer in"),
    "number": Column("No."),
    "what": Column("Incident, last word"),
    "customer": Column("Customer"),
    "level": Column("Level"),
    "at": Column("At"),
    "priority": Column("Priority"),
    "owner": Column("Owner"),
    "state": Column("State"),
    "service": Column("Service", ("service__name",)),
    "contact": Column("Contact", ("reporter__name",)),
    "licence": Column("Licence", ("licence__key",)),
    "version": Column("Version", ("version",)),
    "received": Column("Received"),
    "active": Column("Active"),
}
FIXED = ("due", "number", "what")  # without which a row is none
USUAL = ("due", "number", "what", "customer", "level", "at", "priority", "owner", "active")


def chosen_of(columns: Iterable[str]) -> list[str]:
    """Those of them that somebody chose: without the ones that are always there."""
    return [key for key in columns if key in COLUMNS and key not in FIXED]


def needs_of(columns: Iterable[str]) -> list[str]:
    return [name for key in columns for name in COLUMNS[key].needs]
