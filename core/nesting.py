"""JSON from outside that is nested deeper, or written otherwise, than anything of ours can be."""

from __future__ import annotations

import json
from typing import Any

DEEPEST = 32


class BadJson(ValueError):
    """The text is not JSON that we take; the message says why."""


def read(text: str) -> Any:
    """The value of a JSON text. Error: `BadJson`."""
    try:
        value = json.loads(text)
    except RecursionError:
        raise BadJson(TOO_DEEP) from None
    except ValueError as error:
        raise BadJson(str(error)) from None
    check(value)
    return value


TOO_DEEP = f"The JSON is nested deeper than {DEEPEST} levels."
HALF = "The JSON holds half of a surrogate pair, which is no text."


def check(value: Any) -> None:
    """Refuse what is nested too deep, and text that no database can keep. Error: `BadJson`.

    Goes down level by level and not by calling itself, so that no depth is too much for it.
    """
    level, depth = [value], 0
    while level:
        depth += 1
        if depth > DEEPEST:
            raise BadJson(TOO_DEEP)
        for one in level:
            if isinstance(one, str):
                _check_text(one)
        level = [inner for one in level for inner in _inside(one)]


def _inside(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [*value.keys(), *value.values()]
    return value if isinstance(value, list) else []


def _check_text(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise BadJson(HALF) from None
