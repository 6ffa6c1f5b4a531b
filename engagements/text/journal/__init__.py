"""The kinds of journal entries of this room (`core.kinds`), one file a subject."""

from engagements.text.journal import audits, features, spine, training, visits

__all__ = ["audits", "features", "spine", "training", "visits"]
