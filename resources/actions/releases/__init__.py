"""Releases: keeping and publishing them, their files, and what customers fetch."""
