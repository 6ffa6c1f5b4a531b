"""Text that came from outside, made fit to keep."""

import re

# PostgreSQL refuses NUL; the other control characters only ever break terminals and mails.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_BLANK_LINES = re.compile(r"\A(?:[^\S\n]*\n)+")


def printable(text: str) -> str:
    """`text` without control characters, with plain line ends, and nothing else changed."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def clean(text: str) -> str:
    """`text` without control characters (tab and line breaks stay) and with plain line ends."""
    return printable(text).strip()


def clean_block(text: str) -> str:
    """`clean` for a text of several lines: its first line keeps its indentation, as in a log."""
    kept = _BLANK_LINES.sub("", printable(text)).rstrip()
    return kept if "\n" in kept else kept.strip()


_LINK = re.compile(r"//|www\.|[@<>]|\w\.[a-z]{2,}\b", re.IGNORECASE)
_TITLES = "Dr|Mr|Mrs|Ms|Prof|Ing|Sr|Jr|St|Dipl"
_SHORT = re.compile(rf"\b(?:[A-Z]\.)+|\b(?:{_TITLES})\.", re.IGNORECASE)


def one_line(text: str) -> str:
    """`text` fit to keep, on one line, with single spaces: names, subjects."""
    return " ".join(clean(text).split())


def holds_a_link(name: str) -> bool:
    """Whether a name holds what a mail program would make a link or an address of.

    Names of people stand in mails to others: an address in one would be carried by our mails.
    """
    return bool(_LINK.search(_SHORT.sub(" ", name)))
