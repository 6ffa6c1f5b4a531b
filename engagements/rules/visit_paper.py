"""What the papers of a visit say: plain frozen data, laid out by `pdf.visit`. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class DiaryLine:
    began_at: datetime
    ended_at: datetime
    what: str
    by: str

    @property
    def minutes(self) -> int:
        return round((self.ended_at - self.began_at).total_seconds() / 60)


@dataclass(frozen=True, kw_only=True)
class VisitPaper:
    """Moments are aware, shown in `timezone`. `days_left` None: the contract has no limit."""

    number: str
    title: str
    organisation: str
    place: str
    why_on_site: str
    timezone: str
    starts_at: datetime
    ends_at: datetime
    made_at: datetime
    people: Sequence[str]
    asked_by: str
    contract: str
    days: int
    days_used: int
    days_left: int | None
    diary: Sequence[DiaryLine]
    summary: str
    advice: str

    @property
    def worked(self) -> str:
        """ "5 h 30 min": the sum of the diary, without what overlaps counted twice."""
        minutes = _minutes(self.diary)
        return f"{minutes // 60} h {minutes % 60:02d} min"

    def clock(self, at: datetime) -> str:
        local = at.astimezone(ZoneInfo(self.timezone))
        return f"{local.day} {local:%b %Y, %H:%M}"

    def hours(self, line: DiaryLine) -> str:
        zone = ZoneInfo(self.timezone)
        began, ended = line.began_at.astimezone(zone), line.ended_at.astimezone(zone)
        return f"{began.day} {began:%b, %H:%M} to {ended:%H:%M}"

    @property
    def texts(self) -> str:
        """Everything that is shown, for the typefaces."""
        lines = [f"{one.what}{one.by}" for one in self.diary]
        parts = (self.number, self.title, self.organisation, self.place, self.why_on_site)
        more = (self.asked_by, self.contract, self.summary, self.advice, *self.people, *lines)
        return "".join((*parts, *more))


def _minutes(diary: Sequence[DiaryLine]) -> int:
    """Two who work at once are one hour on site."""
    total, until = 0, None
    for line in sorted(diary, key=lambda one: one.began_at):
        start = line.began_at if until is None else max(line.began_at, until)
        if line.ended_at > start:
            total += round((line.ended_at - start).total_seconds() / 60)
            until = line.ended_at
    return total
