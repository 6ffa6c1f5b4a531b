"""Text that came from outside, made fit to keep."""

import re

# PostgreSQL refuses NUL; the other control characters only ever break terminals and mails.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def clean(text: str) -> str:
    """`text` without control characters (tab and line breaks stay) and with plain line ends."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
