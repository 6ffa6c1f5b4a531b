"""Whether an answer about a known defect says more than that it is known (C8). Pure."""

from __future__ import annotations

SAYS = 20  # letters of a line of the workaround that say something alone


def says_what_helps(text: str, *, workaround: str, build: str) -> bool:
    """Whether the text names the build that has the fix, or says a line of the workaround."""
    said = _plain(text)
    if build and _plain(build) in said:
        return True
    lines = [one for line in workaround.splitlines() if (one := _plain(line))]
    telling = [one for one in lines if len(one) >= SAYS] or lines
    return any(one in said for one in telling)


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
