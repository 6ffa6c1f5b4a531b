"""What is left of a response time right now, as it counts: in working time (C1). Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from entitlements.rules.calendars import WorkingCalendar


@dataclass(frozen=True)
class Countdown:
    """What a page needs to count down by itself, without asking again.

    `left` is working time. `spans` are the open spans from now to the due moment, as pairs of
    POSIX seconds; empty for a clock that never stands. `stands_until` is when a clock that stands
    now goes on, aware UTC; None while it runs.
    """

    left: timedelta
    spans: tuple[tuple[int, int], ...] = ()
    stands_until: datetime | None = None

    @property
    def stands_at_times(self) -> bool:
        return bool(self.spans)

    @property
    def open_spans(self) -> str:
        """As the page's script reads them: "1764057600-1764086400 ..."."""
        return " ".join(f"{opens}-{closes}" for opens, closes in self.spans)

    @property
    def words(self) -> str:
        """As the page's script writes it: "2 d 3 h", "3 h 20 min", "less than a minute".

        A clock that stands at times is told in hours, since a day of it is none of the calendar's.
        """
        return in_words(self.left, is_worked=self.stands_at_times)


def in_words(length: timedelta, *, is_worked: bool = False) -> str:
    """ "2 d 3 h", "3 h 20 min"; `is_worked` is of a clock that stands at times, told in hours."""
    hours, minutes = divmod(int(length.total_seconds()) // 60, 60)
    if hours >= 24 and not is_worked:
        days, hours = divmod(hours, 24)
        return f"{days} d {hours} h" if hours else f"{days} d"
    if hours:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return f"{minutes} min" if minutes else "less than a minute"


def count_down(calendar: WorkingCalendar, *, due_at: datetime, at: datetime) -> Countdown:
    """How a target that is due at `due_at` stands at `at`, which is before; both aware."""
    left = calendar.worked(at, due_at)
    if calendar.is_round_the_clock or not left:
        return Countdown(left)
    segments = calendar.segments(at, due_at)
    spans = tuple((int(one.start.timestamp()), int(one.end.timestamp())) for one in segments)
    opens_at = segments[0].start
    return Countdown(left, spans, opens_at if opens_at > at else None)
