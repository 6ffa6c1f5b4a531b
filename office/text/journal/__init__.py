"""The kinds of journal entries of the office (`core.kinds`): one file a subject, imported here."""

from office.text.journal import accounts, figures, first_steps, imports, schedules

__all__ = ["accounts", "figures", "first_steps", "imports", "schedules"]
