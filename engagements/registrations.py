"""What this room counts, measures and shows on pages of the rooms below it (`core.registries`)."""


def register() -> None:
    """Safe to repeat."""
