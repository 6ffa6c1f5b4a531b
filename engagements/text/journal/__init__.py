"""The kinds of journal entries of this room (`core.kinds`), one file a subject."""

from engagements.text.journal import features, spine, training, visits

__all__ = ["features", "spine", "training", "visits"]
