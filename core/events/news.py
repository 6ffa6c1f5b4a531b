"""Telling open pages of a change after its commit: which thing, by what kind, never what it says.

Nobody waits for it and nothing depends on it: a page that hears nothing asks by itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from core import nudges
from core.registries import announcers

if TYPE_CHECKING:
    from core.models import JournalEntry


@dataclass(frozen=True)
class News:
    """`facts` for each page that hears any of `channels`; of the `same` only the last counts.

    Facts are numbers and kinds. Words that a person wrote have no place here.
    """

    event: str
    channels: tuple[str, ...]
    facts: dict[str, int | str]
    same: str = ""

    @property
    def text(self) -> str:
        """As it is published."""
        said = {"event": self.event, "to": self.channels, "facts": self.facts, "same": self.same}
        return json.dumps(said, separators=(",", ":"))


def tell_on_commit(news: News) -> None:
    """Tell the pages once the transaction is committed; never when it is not."""
    transaction.on_commit(lambda: nudges.tell(news.text), robust=True)


def announce(entries: Iterable[JournalEntry]) -> None:
    """Tell of what was just written into the journal, as the rooms registered it."""
    for entry in entries:
        writer = announcers.get(entry.subject.partition(":")[0])
        for news in writer(entry) if writer else ():
            tell_on_commit(news)
