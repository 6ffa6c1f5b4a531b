"""The kinds of journal entries about incidents (`core.kinds`), one file a subject."""

from tickets.text.journal import (
    asides,
    conversation,
    desk,
    dispatch,
    ladder,
    levels,
    merging,
    people,
    promises,
    states,
    subjects,
)

__all__ = [
    "asides",
    "conversation",
    "desk",
    "dispatch",
    "ladder",
    "levels",
    "merging",
    "people",
    "promises",
    "states",
    "subjects",
]
