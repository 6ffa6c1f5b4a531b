"""What the things of this room are called."""
