"""What may be read, and what is due: one file a subject."""
