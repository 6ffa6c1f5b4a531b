"""The kinds of journal entries of this room (`core.kinds`), one file a subject."""

from engagements.text.journal import audits, features, golive, spine, training, visits

__all__ = ["audits", "features", "golive", "spine", "training", "visits"]
