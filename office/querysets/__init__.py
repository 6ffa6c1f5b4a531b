"""Who sees what, what is due: one file a subject."""
