"""The kinds of journal entries of this room (`core.kinds`), one file a subject."""

from resources.text.journal import articles, defects, manuals, newsletters, releases

__all__ = ["articles", "defects", "manuals", "newsletters", "releases"]
