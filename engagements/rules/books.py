"""Run books, cut-over plans and go / no-go sheets as managers write them. Pure.

Each format is read with the line that is wrong in its fault, and written as it is read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

CUSTOMER = "customer"
NO_RETURN, WAY_BACK = "no return", "way back"
_TIME = re.compile(r"^(-?)(\d{1,4}):([0-5]\d)$")
_LONGEST = 60 * 24 * 30  # minutes


class BookFault(ValueError):
    """A text that makes no book; it says which line and why."""


@dataclass(frozen=True)
class StepTemplate:
    """A step; `offset` and `minutes` are of a cut-over: minutes from its start, and how long."""

    title: str
    owner: str
    section: str = ""
    expectation: str = ""
    offset: int | None = None
    minutes: int | None = None
    is_no_return: bool = False

    @property
    def for_customer(self) -> bool:
        return self.owner.lower().startswith(CUSTOMER)


@dataclass(frozen=True)
class CutOverTemplate:
    steps: tuple[StepTemplate, ...]
    back: tuple[StepTemplate, ...]


@dataclass(frozen=True)
class SheetTemplate:
    """Criteria, and roles with whether the customer fills them."""

    criteria: tuple[str, ...]
    roles: tuple[tuple[str, bool], ...] = field(default=())


def read_run_book(text: str) -> list[StepTemplate]:
    """A line names a checklist, its steps stand below: - step | who | how one sees it."""
    section, found = "", []
    for number, line in _lines(text):
        if not line.startswith("-"):
            section = line[:120]
            continue
        parts = _parts(line[1:], number, least=2, most=3, form="- step | who | how one sees it")
        if not section:
            raise BookFault(f"Line {number}: a step stands below its checklist.")
        found.append(StepTemplate(parts[0], parts[1], section, parts[2] if parts[2:] else ""))
    if not found:
        raise BookFault("Write at least one checklist with a step.")
    return found


def read_cut_over(text: str) -> CutOverTemplate:
    """hours:minutes from the start | minutes it takes | step | who [| no return]; then
    `way back`, and below it: minutes | step | who."""
    steps: list[StepTemplate] = []
    back: list[StepTemplate] = []
    is_back = False
    for number, line in _lines(text):
        if line.lower() == WAY_BACK:
            is_back = True
        elif is_back:
            back.append(_back_step(line, number))
        else:
            steps.append(_timed_step(line, number))
    if not steps or not back:
        raise BookFault("A cut-over has steps, and a way back.")
    if sum(one.is_no_return for one in steps) != 1:
        raise BookFault("Exactly one step is the point of no return.")
    return CutOverTemplate(tuple(steps), tuple(back))


def _timed_step(line: str, number: int) -> StepTemplate:
    form = "hours:minutes | minutes | step | who | no return"
    parts = _parts(line, number, least=4, most=5, form=form)
    if parts[4:] and parts[4].lower() != NO_RETURN:
        raise BookFault(f"Line {number}: write {form}.")
    return StepTemplate(
        parts[2],
        parts[3],
        offset=_offset(parts[0], number),
        minutes=_minutes(parts[1], number),
        is_no_return=bool(parts[4:]),
    )


def _back_step(line: str, number: int) -> StepTemplate:
    parts = _parts(line, number, least=3, most=3, form="minutes | step | who")
    return StepTemplate(parts[1], parts[2], minutes=_minutes(parts[0], number))


def read_sheet(text: str) -> SheetTemplate:
    """Below `criteria` one a line, below `roles`: - role | customer or vendor."""
    criteria: list[str] = []
    roles: list[tuple[str, bool]] = []
    part = ""
    for number, line in _lines(text):
        if line.lower() in ("criteria", "roles"):
            part = line.lower()
        elif part == "criteria" and line.startswith("-"):
            criteria.append(line[1:].strip()[:200])
        elif part == "roles" and line.startswith("-"):
            name, side = _parts(line[1:], number, least=2, most=2, form="- role | customer")
            if side.lower() not in (CUSTOMER, "vendor"):
                raise BookFault(f"Line {number}: a role is the customer’s or the vendor’s.")
            roles.append((name[:120], side.lower() == CUSTOMER))
        else:
            raise BookFault(f"Line {number}: write criteria, then roles, each below after a dash.")
    if not criteria:
        raise BookFault("Write at least one criterion.")
    if {theirs for _, theirs in roles} != {True, False}:
        raise BookFault("Both sides decide: name a role of the customer and one of the vendor.")
    return SheetTemplate(tuple(criteria), tuple(roles))


def offset_said(minutes: int) -> str:
    """As `read_cut_over` reads it."""
    sign, whole = ("-" if minutes < 0 else ""), abs(minutes)
    return f"{sign}{whole // 60}:{whole % 60:02d}"


def parse_offset(text: str) -> int | None:
    found = _TIME.match(text.strip())
    if not found:
        return None
    minutes = int(found[2]) * 60 + int(found[3])
    if minutes > _LONGEST:
        return None
    return -minutes if found[1] else minutes


def _offset(text: str, number: int) -> int:
    found = parse_offset(text)
    if found is None:
        raise BookFault(f"Line {number}: “{text}” is no time such as 0:30 or -48:00.")
    return found


def _minutes(text: str, number: int) -> int:
    if not (text.isascii() and text.isdigit()) or not 0 < int(text[:6]) <= _LONGEST:
        raise BookFault(f"Line {number}: say in whole minutes how long it takes.")
    return int(text)


def _lines(text: str) -> list[tuple[int, str]]:
    found = ((number, raw.strip()) for number, raw in enumerate(text.splitlines(), 1))
    return [(number, line) for number, line in found if line]


def _parts(line: str, number: int, *, least: int, most: int, form: str) -> list[str]:
    parts = [part.strip() for part in line.split("|")]
    if not least <= len(parts) <= most or not all(parts[:least]):
        raise BookFault(f"Line {number}: write {form}.")
    limits = [200] * len(parts)
    return [part[:limit] for part, limit in zip(parts, limits, strict=True)]
