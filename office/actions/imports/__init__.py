"""Bringing tables in: sent, mapped, tried, brought in, taken back. One file a step or a kind."""
