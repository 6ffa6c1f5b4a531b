"""The kinds of journal entries of the office (`core.kinds`): one file a subject, imported here."""
