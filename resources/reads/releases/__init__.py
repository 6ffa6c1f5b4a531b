"""Releases as pages, API and search show them."""
