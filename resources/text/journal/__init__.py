"""The kinds of journal entries of this room (`core.kinds`), one file a subject."""

from resources.text.journal import defects

__all__ = ["defects"]
