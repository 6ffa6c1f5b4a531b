"""Who took part in a training, and who gets a certificate (TR3). Pure.

What counts is the time of **all** parts that were planned: who was in each of the five parts that
have been held of ten was there for half of it, and what nobody noted was not attended.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum


class Exam(Enum):
    NONE = ""
    PASSED = "passed"
    FAILED = "failed"


@dataclass(frozen=True)
class Part:
    """A planned part of a session."""

    key: int
    starts_at: datetime
    ends_at: datetime

    @property
    def length(self) -> timedelta:
        return self.ends_at - self.starts_at


@dataclass(frozen=True)
class Attended:
    """`percent` is rounded down: 79.9 is not 80. `noted` counts the parts that somebody noted."""

    percent: int
    time: timedelta
    planned: timedelta
    noted: int
    parts: int


def attended(parts: Collection[Part], noted: Mapping[int, bool]) -> Attended:
    """`noted` says for parts, by key, whether the person was there; others are not in it."""
    planned = sum((one.length for one in parts), timedelta())
    there = sum((one.length for one in parts if noted.get(one.key)), timedelta())
    percent = int(100 * there / planned) if planned else 0
    known = sum(1 for one in parts if one.key in noted)
    return Attended(percent, there, planned, known, len(parts))


@dataclass(frozen=True)
class Verdict:
    """Whether a certificate may be issued, and the sentence that says why not."""

    is_earned: bool
    reason: str
    percent: int = 0


def earned(
    parts: Collection[Part],
    noted: Mapping[int, bool],
    *,
    needs_percent: int,
    has_exam: bool,
    exam: Exam,
    at: datetime,
) -> Verdict:
    """To be there is not to pass: where the course has an exam, it has to be passed as well."""
    was = attended(parts, noted)
    if not parts or at < max(one.ends_at for one in parts):
        return Verdict(False, "The training is not over yet.")
    if was.noted < was.parts:
        left = was.parts - was.noted
        word = "part" if left == 1 else "parts"
        return Verdict(False, f"Attendance of {left} {word} is not noted yet.")
    if was.percent < needs_percent:
        return Verdict(
            False, f"Attended {was.percent} % of what was planned; {needs_percent} % are needed."
        )
    if has_exam and exam == Exam.FAILED:
        return Verdict(False, "The exam was not passed.")
    if has_exam and exam == Exam.NONE:
        return Verdict(False, "The exam has no result yet.")
    return Verdict(True, f"Attended {was.percent} % of what was planned.", was.percent)
