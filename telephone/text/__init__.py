"""What happened, in the words of whoever reads it."""
