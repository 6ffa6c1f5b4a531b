"""The kinds of journal entries of this room (`core.kinds`), one file a subject."""

from engagements.text.journal import spine, training, visits

__all__ = ["spine", "training", "visits"]
