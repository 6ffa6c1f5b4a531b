"""Writes of the knowledge base: writing, publishing, what readers say, shelves."""
