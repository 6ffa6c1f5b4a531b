"""Writes of the forum: cards, posts, what becomes of them, whom they reach."""
