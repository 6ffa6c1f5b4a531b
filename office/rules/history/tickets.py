"""An incident of another desk as it is kept here, and how the exports are looked through. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parseaddr
from typing import Any, Protocol

Fields = Mapping[str, Any]
_UNSET = 1971  # RT keeps "never" as a moment of 1970
_LATEST = 2200  # others write it as the end of all years, which no zone can show


class Odd(ValueError):
    """A ticket that can not be kept; its text says what is wrong with it."""


@dataclass(frozen=True)
class Who:
    name: str = ""
    address: str = ""

    @property
    def words(self) -> str:
        return self.name or self.address or "Nobody"


@dataclass(frozen=True)
class OldFile:
    """A file of a message: at a `place` in the archive, or its base64 `content`."""

    name: str
    content_type: str = ""
    place: str = ""
    content: str = ""


@dataclass(frozen=True)
class Said:
    """One message. `at` is the other desk's moment, in UTC; internal ones customers never read."""

    at: datetime
    who: Who
    text: str
    is_internal: bool = False
    is_html: bool = False
    files: Sequence[OldFile] = ()


@dataclass(frozen=True)
class Ticket:
    """`organisations` are the names and numbers by which its customer may be known, best first."""

    source_id: str
    number: str
    subject: str
    requester: Who
    opened_at: datetime
    closed_at: datetime | None = None
    state: str = ""
    queue: str = ""
    priority: str = ""
    tags: Sequence[str] = ()
    organisations: Sequence[str] = ()
    said: Sequence[Said] = ()


class Lookup(Protocol):
    """The other rows of the export."""

    def one(self, table: str, key: object) -> Fields:
        """The row with this key; an empty one where there is none."""
        ...

    def many(self, table: str, parent: object) -> Iterator[Fields]:
        """The rows that hang on this one, in the order of the export."""
        ...


def key_of(row: Fields) -> str:
    return str(row.get("id", ""))


@dataclass(frozen=True)
class Table:
    """One kind of row of an export. `files` are what the names of its files begin with."""

    name: str
    files: tuple[str, ...]
    parent: Callable[[Fields], str] = lambda row: ""
    key: Callable[[Fields], str] = key_of


@dataclass(frozen=True)
class System:
    """A desk from which incidents come. `ticket` gives None for one that was merged away."""

    name: str
    label: str
    tables: tuple[Table, ...]
    ticket: Callable[[Fields, Lookup], Ticket | None]
    what: str = ""
    # Of exports that hold all tables in one file: which table a row is of, and the row itself.
    of_one_file: Callable[[Fields], tuple[str, Fields]] | None = None

    def table_of(self, file: str) -> Table | None:
        """Whose rows a file of the archive has, by its name; of several the most exact one."""
        base = file.replace("\\", "/").rpartition("/")[2].casefold()
        fits = [
            (len(prefix), one)
            for one in self.tables
            for prefix in one.files
            if base.startswith(prefix)
        ]
        return max(fits, key=lambda fit: fit[0])[1] if fits else None


def moment(given: Any) -> datetime | None:
    """A moment of an export in UTC; None for none, and for the 1970 of those that know no none."""
    if not given:
        return None
    try:
        at = datetime.fromisoformat(str(given).replace("Z", "+00:00").replace(" ", "T", 1))
    except ValueError:
        raise Odd(f"“{str(given)[:40]}” is no moment.") from None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return at.astimezone(UTC) if _UNSET <= at.year <= _LATEST else None


def needed_moment(given: Any) -> datetime:
    """Error: `Odd` where there is none."""
    found = moment(given)
    if found is None:
        raise Odd("It does not say when it was opened.")
    return found


def text_of(given: Any) -> str:
    """A word of an export, whatever it is written as: a name, a number, an object with a name."""
    if isinstance(given, Mapping):
        given = next((given[key] for key in ("Name", "name", "title", "id") if given.get(key)), "")
    return "" if given is None else keepable(given).replace("\0", "").strip()


def keepable(given: Any) -> str:
    """As a text; half a pair of UTF-16, which JSON may hold and no table keeps, is a mark."""
    return str(given).encode("utf-8", "replace").decode()


def who_of(given: Any) -> Who:
    """ "Ana Pop <ana@x.example>"."""
    name, address = parseaddr(text_of(given))
    if "@" not in address:
        return Who(text_of(given))
    return Who(name, address)
