"""Plain text on a page: to the letter, with its white space, logs and commands in fixed pitch.

What customers send is never read as a markup: an indented line, `*` and `_` of a log stay. Only the
typeface of a block of lines is guessed, by how they look.
"""

from __future__ import annotations

import re

from django.utils.html import escape, urlize
from django.utils.safestring import SafeString, mark_safe

_BLANK = re.compile(r"(\n(?:[ \t]*\n)+)")
# A line of a log, a listing, a command or of code.
_LOG_LINE = re.compile(
    r"""
    ^(?:
      [ \t]{2,}\S                                     # indented
      | [$#>%][ ]\S                                   # a prompt
      | [\w.-]+@[\w.-]+[:~][^ ]*[$\#][ ]              # root@mx1:~#
      | \[?\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d         # 2026-01-12 10:00
      | [A-Z][a-z]{2}[ ]{1,2}\d{1,2}[ ]\d\d:\d\d:\d\d # Jan 12 10:00:00
      | \d\d:\d\d:\d\d[.,]?\d*[ ]                     # 10:00:00.123
      | (?:at|Caused[ ]by:)[ ][\w.$]+[(:]             # a stack
      | .*\S[ ]{3,}\S                                 # columns
      | .*\t\S
    )""",
    re.VERBOSE,
)


def is_log(block: str) -> bool:
    """Whether most lines of a block look like those of a log; one line of prose may lead it."""
    lines = block.split("\n")
    found = sum(1 for line in lines if _LOG_LINE.match(line))
    return found * 2 >= len(lines) and (found > 1 or len(lines) == 1)


def blocks_of(text: str) -> list[tuple[str, bool]]:
    """The blocks between blank lines, each with whether it is a log. Logs that follow each other
    are one, with the blank lines between them."""
    found: list[tuple[str, bool]] = []
    between = ""
    for index, piece in enumerate(_BLANK.split(text.strip("\n"))):
        if index % 2 or not piece.strip():
            between += piece
            continue
        log = is_log(piece)
        if log and found and found[-1][1]:
            found[-1] = (f"{found[-1][0]}{between}{piece}", True)
        else:
            found.append((piece, log))
        between = ""
    return found


def as_html(text: str) -> SafeString:
    """The text as paragraphs that keep their white space, with links; logs as `<pre>`."""
    parts = []
    for block, is_fixed in blocks_of(text):
        if is_fixed:
            parts.append(f"<pre>{escape(block)}</pre>")
        else:
            parts.append(f'<p class="kept">{urlize(block, nofollow=True, autoescape=True)}</p>')
    return mark_safe("".join(parts))
