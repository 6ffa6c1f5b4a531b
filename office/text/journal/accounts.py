"""What is written about customers."""

from __future__ import annotations

from core.kinds import Day, EntryWords, Kind, LookUp


class AccountNoted(Kind, key="account.noted", icon="message-square"):
    """The words stay in the note: whoever is erased is blotted out of them there."""

    note: int
    next_step: str
    next_on: Day | None

    def said(self, name: LookUp) -> EntryWords | str:
        if self.next_on is None:
            return "Account note written"
        return EntryWords(
            "Account note written", f"Next step by {self.next_on}.", "message-square", "warm"
        )


class AccountStepDone(
    Kind, key="account.step_done", text="Next step done", icon="circle-check", tone="green"
):
    note: int


class ReviewPlanned(Kind, key="account.review_planned", icon="calendar-clock"):
    before: Day | None
    after: Day

    def said(self, name: LookUp) -> str:
        return f"Review planned for {self.after}"


class HealthRulesChanged(
    Kind, key="health_rules.changed", text="Health score: weights and scales changed", tone="warm"
):
    version: int
    before: dict[str, object]
    after: dict[str, object]
