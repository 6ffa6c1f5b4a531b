"""The managers' figures."""

from __future__ import annotations

from core.kinds import Amount, Day, Kind, LookUp


class FiguresPutRight(Kind, key="figures.put_right", icon="refresh-cw"):
    days: int
    first: Day
    last: Day

    def said(self, name: LookUp) -> str:
        return f"Managers’ figures of {self.days} days put right, {self.first} to {self.last}"


class PaceSet(Kind, key="pace.set", icon="gauge"):
    before: Amount | None
    after: Amount

    def said(self, name: LookUp) -> str:
        was = f", {self.before} before" if self.before else ""
        return f"Answers of an hour of duty set to {self.after}{was}"
