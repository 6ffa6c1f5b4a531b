"""Which kinds of journal entries are about safety: who got in, with what key, to do what.

Each app names its kinds when it starts (`register`). The journal writes such an entry with the
address and the name of the request, and managers look through them on a page of their own.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class SecurityKind:
    """`key` is the journal's kind, `words` what a person did, for people."""

    key: str
    words: str


_kinds: dict[str, SecurityKind] = {}


def register(*kinds: SecurityKind) -> None:
    """Safe to repeat; a key with other words is a mistake of ours."""
    for kind in kinds:
        if _kinds.setdefault(kind.key, kind) != kind:
            raise ValueError(f"{kind.key} is registered twice, with different words.")


def is_about_safety(key: str) -> bool:
    return key in _kinds


def words_of(key: str) -> str:
    """What happened, for people; the key itself where nobody named it."""
    return _kinds[key].words if key in _kinds else key


def security_kinds() -> list[SecurityKind]:
    """All of them, by their words."""
    return sorted(_kinds.values(), key=lambda kind: kind.words)
