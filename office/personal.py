"""What the office's tables hold about people and what an erasure does to it (`core.personal`)."""
