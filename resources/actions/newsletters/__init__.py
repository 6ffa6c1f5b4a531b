"""Writes of newsletters: writing, sending, who reads them, what advisories ask for."""
