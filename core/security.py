"""Which kinds of journal entries are about safety: who got in, with what key, to do what.

They are declared with `security=True` (`core.kinds`). The journal writes such an entry with the
address and the name of the request, and managers look through them on a page of their own.
"""

from __future__ import annotations

from core.kinds import Kind, kinds, looks_of


def is_about_safety(key: str) -> bool:
    return key in kinds and kinds[key].is_security


def words_of(key: str) -> str:
    """What happened, for people; the key in plain words where nobody declared it."""
    return looks_of(key).text


def security_kinds() -> list[type[Kind]]:
    """All of them, by their words."""
    return sorted(
        (kind for kind in kinds.values() if kind.is_security), key=lambda kind: kind.looks.text
    )
