"""The kinds of journal entries of this room (`core.kinds`), one file a subject."""

from resources.text.journal import articles, beta, defects, forum, manuals, newsletters, releases

__all__ = ["articles", "beta", "defects", "forum", "manuals", "newsletters", "releases"]
