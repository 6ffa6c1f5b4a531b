"""What the pilot project report says: plain frozen data, laid out by `pdf.pilot_report`. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from engagements.rules.modules import Change


@dataclass(frozen=True)
class HostModule:
    """A module on a host as it is now: on or off, and each setting with its value."""

    host: str
    module: str
    state: str
    values: Sequence[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class PilotReport:
    number: str
    title: str
    organisation: str
    timezone: str
    as_of: datetime
    written_by: str
    requirements: Sequence[tuple[str, str]]
    modules: Sequence[HostModule]
    untouched: Sequence[str]  # modules that the register says nothing of
    changes: Sequence[Change]

    def clock(self, at: datetime) -> str:
        local = at.astimezone(ZoneInfo(self.timezone))
        return f"{local.day} {local:%b %Y, %H:%M}"

    @property
    def texts(self) -> str:
        """Everything that is shown, for the typefaces."""
        parts = [self.title, self.organisation, self.written_by, self.number]
        parts += [text for pair in self.requirements for text in pair]
        for one in self.modules:
            parts += [one.host, one.module, one.state, *(t for pair in one.values for t in pair)]
        for change in self.changes:
            parts += [change.by, change.host, change.before, change.after, change.reason]
        return "".join(parts)
