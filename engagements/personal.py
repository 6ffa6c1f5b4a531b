"""What the tables of this room hold about people, and what an erasure does to it."""
