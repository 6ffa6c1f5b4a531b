"""Newsletters: who gets an issue, what became of it, and how its mail reads."""
