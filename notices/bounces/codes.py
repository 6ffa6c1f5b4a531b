"""What the code of a failed delivery (RFC 3463) says: in words, and of what it speaks. Pure."""

from __future__ import annotations

import re

# Most telling first; the code begins with one of these.
_WORDS = (
    (("5.1.1", "5.1.0", "5.1.3", "5.1.6"), "its mailbox does not exist"),
    (("5.1.2", "5.1.10", "5.4.4"), "its domain takes no mail"),
    (("5.2.1",), "its mailbox is closed"),
    (("5.2.2",), "its mailbox is full"),
    (("5.2.3", "5.3.4"), "the mail is too large for it"),
    (("5.7",), "its server refuses mail of ours"),
    (("4.2.2",), "its mailbox is full"),
)
# What was wrong with that one mail, or with us: the next may arrive.
_OF_THE_MAIL = ("5.2.3", "5.3.4", "5.5", "5.6", "5.7")
_CODE = re.compile(r"(?<![\d.])[45]\.\d{1,3}\.\d{1,3}(?![\d.])")


def code_in(text: str) -> str:
    """The first enhanced status code in what a mail server said; "" without one."""
    found = _CODE.search(text)
    return found[0] if found else ""


def why_of(code: str) -> str:
    """Why an address took no mail, in words; `code` may be empty."""
    for beginnings, words in _WORDS:
        if any(_is_below(code, one) for one in beginnings):
            return words
    return f"its server gives the code {code}" if code else "its server gives no reason"


def is_of_the_address(code: str) -> bool:
    """Whether a permanent failure with this code says that the next mail would fail, too.

    One without a code is taken for such a failure: most who write none mean an unknown mailbox.
    """
    return not code.startswith("4") and not any(_is_below(code, one) for one in _OF_THE_MAIL)


def _is_below(code: str, beginning: str) -> bool:
    return code == beginning or code.startswith(f"{beginning}.")
