"""What the rules found, in the words of whoever reads it."""
