"""Papers about what is sold, on the vendor's letterhead."""
