"""What the office counts, measures and adds to pages of rooms below (`core.registries`)."""

from __future__ import annotations


def register() -> None:
    """Safe to repeat."""
