"""Documentation as pages and search show it."""
