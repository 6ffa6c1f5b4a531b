"""What a file that is brought in says, and how it is read. Pure."""
