"""The kinds of journal entries of this room (`core.kinds`), one file a subject."""
