"""Writes, one file a subject."""
