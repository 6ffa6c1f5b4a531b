"""The fields of incidents that people may type into a search: `customer:northwind state:open`.

Pure: how a value reads. What it means for the rows is `tickets/reads/search/conditions.py`, which
has a condition for each field here, and a test sees to that.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from core.search.words import Field, NotUnderstood, as_typed, one_of
from entitlements.channels import Channel
from entitlements.levels import Level
from tickets.enums import PRIORITY_NAMES, State, Tier
from tickets.rules.tags import tag_of

ME, NOBODY = "me", "nobody"
NO_LEVEL = "none"


@dataclass(frozen=True)
class Ago:
    """A moment that is told from now: `after:7d`."""

    span: timedelta


@dataclass(frozen=True)
class Within:
    """`due:<3d`: less than this from now, what is late included; or more (`due:>3d`)."""

    span: timedelta
    less: bool = True


@dataclass(frozen=True)
class Number:
    """Of an incident: its serial alone, or of a year."""

    serial: int
    year: int | None = None


_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_SPAN = re.compile(r"(\d{1,4})([mhdw])", re.ASCII)
_DAY = re.compile(r"([12]\d{3})(?:-(\d{1,2}))?(?:-(\d{1,2}))?", re.ASCII)
_NUMBER = re.compile(r"#?(?:AX-(?P<year>\d{4})-)?(?P<serial>\d{1,9})", re.ASCII | re.IGNORECASE)
WORDS_OF_DAYS = ("today", "yesterday")

_CHANNELS = {
    **{one.value: one.value for one in Channel},
    "mail": Channel.EMAIL.value,
    "telephone": Channel.PHONE.value,
    "call": Channel.PHONE.value,
}
_PRIORITIES = PRIORITY_NAMES | {str(one): one for one in PRIORITY_NAMES.values()}
_TIERS = {
    **{str(one.value): one.value for one in Tier},
    **{one.name.lower(): one.value for one in Tier},
}
_LEVELS = {**{one.value: one.value for one in Level}, NO_LEVEL: NO_LEVEL}
# What an incident can be; a new one is a line here and one in the conditions.
IS = ("late", "covered", "unfinished", "finished", "outside", "mine", "unassigned", "unread")
IS_FOR_CUSTOMERS = ("late", "covered", "unfinished", "finished", "outside", "mine")


def number_of(text: str) -> Number | None:
    """What 1451, #1451, AX-2026-001451 or ax-2026-1451 name; None for anything else."""
    found = _NUMBER.fullmatch(text.strip())
    if found is None or not int(found["serial"]):
        return None
    return Number(int(found["serial"]), int(found["year"]) if found["year"] else None)


def is_only_a_number(text: str) -> bool:
    """Whether it can be nothing but an incident's number: a bare 421 may be a word of a log."""
    return number_of(text) is not None and not text.strip().isdigit()


def _tag(value: str) -> str:
    if not (tag := tag_of(value)):
        raise NotUnderstood(f"tag: knows words of letters or digits, not “{value}”.")
    return tag


def _state(name: str) -> Field:
    known = {one.value: one.value for one in State}
    return Field(name, one_of(name, known), f"{name}:open or {name}:new,open")


def _number(value: str) -> Number:
    if (found := number_of(value)) is None:
        raise NotUnderstood(f"number: knows 1451, #1451 and AX-2026-001451, not “{value}”.")
    return found


def _moment(name: str) -> Field:
    """A day, month or year, which counts from its first moment; or how long ago."""

    def read(value: str) -> date | Ago | str:
        word = value.casefold()
        if word in WORDS_OF_DAYS:
            return word
        if span := _span(word):
            return Ago(span)
        if found := _DAY.fullmatch(word):
            try:
                return date(int(found[1]), int(found[2] or 1), int(found[3] or 1))
            except ValueError:
                pass
        raise NotUnderstood(
            f"{name}: knows days such as 2026-08-15, 2026-08, 2026, today, yesterday and 7d for"
            f" seven days ago, not “{value}”."
        )

    return Field(name, read, f"{name}:2026-08")


def _due(value: str) -> Within:
    word = value.casefold()
    if word == "today":
        word = "<1d"
    span = _span(word.lstrip("<>"))
    if span is None:
        raise NotUnderstood(f"due: knows <3h, <3d, >1w and today, not “{value}”.")
    return Within(span, less=not word.startswith(">"))


def _span(word: str) -> timedelta | None:
    found = _SPAN.fullmatch(word)
    return timedelta(**{_UNITS[found[2]]: int(found[1])}) if found else None


def _person(name: str, *, for_staff: bool = False) -> Field:
    def read(value: str) -> str:
        word = value.casefold()
        return word if word in (ME, NOBODY) else value

    return Field(name, read, f"{name}:me, {name}:nobody or a part of a name", for_staff)


def _fields(*found: Field) -> dict[str, Field]:
    return {one.name: one for one in found}


FIELDS = _fields(
    Field("customer", as_typed, 'customer:northwind or customer:"northwind traders"', True),
    _state("state"),
    Field("level", one_of("level", _LEVELS), "level:gold"),
    Field("tier", one_of("tier", _TIERS, shown="1, 2 and 3"), "tier:2", for_staff=True),
    Field(
        "priority",
        one_of("priority", _PRIORITIES, shown=", ".join(PRIORITY_NAMES)),
        "priority:critical",
    ),
    _person("owner", for_staff=True),
    Field("contact", as_typed, "contact:me or a part of a name"),
    _moment("after"),
    _moment("before"),
    Field("service", as_typed, "service:migration"),
    Field(
        "channel",
        one_of("channel", _CHANNELS, shown="portal, mail, phone and callback"),
        "channel:mail",
    ),
    Field("licence", as_typed, "licence:AXI-"),
    Field("version", as_typed, "version:10.6"),
    Field("defect", as_typed, "defect:AX-10412"),
    Field("cause", as_typed, "cause:configuration"),
    Field("tag", _tag, "tag:webmail", for_staff=True),
    Field("number", _number, "number:1451"),
    Field("is", one_of("is", {one: one for one in IS}), "is:late", for_staff=True),
    Field("due", _due, "due:<3d"),
)
# A customer's: what is about the vendor's own work is a plain word there.
FIELDS_FOR_CUSTOMERS = {
    **{name: one for name, one in FIELDS.items() if not one.for_staff},
    "is": Field("is", one_of("is", {one: one for one in IS_FOR_CUSTOMERS}), "is:late"),
}
