"""Capacity over five years, in three cases of growth, from the sheet and what is assumed (N8).

Pure. Year 0 is the go-live, year 5 the end of the fifth year. Formulas and where they are from:
input and output are those of Microsoft's and the Cyrus list's sizing (messages a day and their
size), cores and memory those of BlueMind's table of units.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, log2

from engagements.rules.assumptions import Values

YEARS = 5
MONTHS = 12 * YEARS
_CORES = ((200, 2), (1000, 4), (2000, 6), (3000, 8), (6000, 12))  # up to so many units of a node
_MEMORY = ((1000, 24), (2500, 32), (5000, 48), (10000, 64))  # GB
_MOST_MEMORY = 96
_KB_IN_GB = 1024 * 1024
_NEEDED = (
    ("users", "users"),
    ("messages", "messages a day and user"),
    ("size", "size of a message"),
    ("quota", "quota of a mailbox"),
)


class NeedsMissing(ValueError):
    """What the sheet does not say yet; `names` are its questions."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(", ".join(names))
        self.names = names


@dataclass(frozen=True, kw_only=True)
class Needs:
    """The sheet's numbers: KB, MB, percent a year."""

    users: float
    messages: float
    size: float
    quota: float
    concurrent: float
    growth: float

    @classmethod
    def read(cls, sheet: Mapping[str, object], values: Values) -> Needs:
        """What the sheet is silent on may be assumed, but not users and volumes."""
        found = {key: _number(sheet.get(key)) for key in ("concurrent", "growth", *dict(_NEEDED))}
        missing = [name for key, name in _NEEDED if not found[key]]
        if missing:
            raise NeedsMissing(missing)
        users = found["users"] or 0
        active = users * float(values["active"]) / 100
        growth = found["growth"]
        return cls(
            users=users,
            messages=found["messages"] or 0,
            size=found["size"] or 0,
            quota=found["quota"] or 0,
            concurrent=found["concurrent"] or active,
            growth=float(values["growth"]) if growth is None else growth,
        )


def _number(given: object) -> float | None:
    return float(given) if isinstance(given, int | float) else None


@dataclass(frozen=True)
class Case:
    """How fast it grows: `share` of the expected growth, 1 is as expected."""

    key: str
    name: str
    share: float


def cases(values: Values) -> tuple[Case, Case, Case]:
    return (
        Case("low", "Low", float(values["slow"]) / 100),
        Case("expected", "Expected", 1),
        Case("high", "High", float(values["fast"]) / 100),
    )


@dataclass(frozen=True, kw_only=True)
class Capacity:
    """What has to be there. Storage is with the room that is never filled; it is mirrored once."""

    users: int
    mail_a_day: float  # GB
    stored: float  # GB that are used
    storage: int  # GB that have to be there
    iops: int
    backup: int  # GB
    nodes: int
    cores: int  # of all nodes
    memory: int  # GB of all nodes
    node_cores: int
    node_memory: int  # GB
    line: int  # Mbit/s
    sessions: int
    licences: int


def capacity(needs: Needs, values: Values, case: Case, years: float) -> Capacity:
    """After so many years; parts of a year are allowed."""
    v = {key: float(value) for key, value in values.items()}
    users_by = (1 + needs.growth * case.share / 100) ** years
    volume_by = (1 + v["volume"] * case.share / 100) ** years
    users, messages = needs.users * users_by, needs.messages * volume_by
    full = v["full"] / 100
    stored = users * _mailbox(needs, v, volume_by) / 1024
    units = users * v["units"]
    working = _up(units / v["node"])
    cores, memory = _cores(_up(units / working)), _memory(_up(units / working))
    nodes = working + int(v["spare"])
    concurrent = needs.concurrent * users_by
    return Capacity(
        users=_up(users),
        mail_a_day=users * messages * needs.size / _KB_IN_GB,
        stored=stored,
        storage=_up(stored / full),
        iops=_up(users * messages / 1000 * needs.size / 75),
        backup=_up(stored * (v["copies"] + v["change"] / 100 * v["history"])),
        nodes=nodes,
        cores=nodes * cores,
        memory=nodes * memory,
        node_cores=cores,
        node_memory=memory,
        line=_up(_line(users * messages, needs.size, concurrent, v) / full),
        sessions=_up(concurrent * v["clients"]),
        licences=_up(users / v["pack"]) * int(v["pack"]),
    )


def _mailbox(needs: Needs, v: Mapping[str, float], volume_by: float) -> float:
    """MB on the disk: what is kept, never more than the quota, a day's mail and what was deleted
    since `retention` days, the overhead, and the index of all."""
    kept = min(needs.quota, needs.quota * v["filled"] / 100 * volume_by)
    day = needs.messages * volume_by * needs.size / 1024
    whole = kept + day * (1 + v["retention"]) + needs.quota * v["overhead"] / 100
    return whole * (1 + v["index"] / 100)


def _line(mails: float, size: float, concurrent: float, v: Mapping[str, float]) -> float:
    """Mbit/s in the busiest hour: its mail, and what the sessions need besides."""
    mail = mails * v["busy"] / 100 / 3600 * size * 1024 * 8 * v["passes"]
    sessions = concurrent * v["clients"] * v["session"] * 1000
    return (mail + sessions) / 1_000_000


def _cores(units: int) -> int:
    for most, cores in _CORES:
        if units <= most:
            return cores
    most, cores = _CORES[-1]
    return cores + 2 * _up((units - most) / 1000)


def _memory(units: int) -> int:
    return next((memory for most, memory in _MEMORY if units <= most), _MOST_MEMORY)


def _up(value: float) -> int:
    """Rounded up; what is whole but for the arithmetic of floats stays."""
    slack = 1e-9 * max(1.0, abs(value))
    return max(0, ceil(value - slack))


@dataclass(frozen=True)
class Growth:
    """A case with its capacity at the go-live and at the end of each year."""

    case: Case
    years: tuple[Capacity, ...]


def plan(needs: Needs, values: Values) -> tuple[Growth, Growth, Growth]:
    low, expected, high = (
        Growth(case, tuple(capacity(needs, values, case, year) for year in range(YEARS + 1)))
        for case in cases(values)
    )
    return low, expected, high


@dataclass(frozen=True)
class Reached:
    """In which month after the go-live more is needed than was bought; None: not in five years.

    `order` is when it has to be ordered, so that it is there then; 0 is before the go-live.
    """

    what: str
    month: int | None
    order: int | None


_BOUGHT = (("storage", "Storage"), ("nodes", "Nodes"), ("backup", "Backup"))


def reached(needs: Needs, values: Values, case: Case) -> list[Reached]:
    """How long what is bought for the expected case lasts in `case`."""
    expected = cases(values)[1]
    bought = capacity(needs, values, expected, int(values["horizon"]))
    lead = _up(float(values["lead"]) * 7 / (365 / 12))
    by_month = [capacity(needs, values, case, month / 12) for month in range(MONTHS + 1)]
    found = []
    for key, name in _BOUGHT:
        most = getattr(bought, key)
        month = next((n for n, one in enumerate(by_month) if getattr(one, key) > most), None)
        found.append(Reached(name, month, None if month is None else max(0, month - lead)))
    return found


@dataclass(frozen=True)
class Ceiling:
    """How many users what is bought carries, and what runs out first."""

    users: int
    what: str


def ceiling(needs: Needs, values: Values) -> Ceiling:
    """As mailboxes are at the end of the horizon in the expected case: the lowest one wins."""
    horizon, expected = int(values["horizon"]), cases(values)[1]
    bought = capacity(needs, values, expected, horizon)
    v = {key: float(value) for key, value in values.items()}
    volume_by = (1 + v["volume"] / 100) ** horizon
    by_storage = bought.storage * v["full"] / 100 * 1024 / _mailbox(needs, v, volume_by)
    by_nodes = (bought.nodes - int(v["spare"])) * v["node"] / v["units"]
    found = [(int(by_storage + 1e-6), "storage"), (int(by_nodes + 1e-6), "nodes")]
    return Ceiling(*min(found))


def doubling(needs: Needs, values: Values) -> float | None:
    """After how many years mail has doubled in the expected case; None where it does not grow."""
    by = (1 + needs.growth / 100) * (1 + float(values["volume"]) / 100)
    return log2(2) / log2(by) if by > 1 else None
