"""Each "no" of this room, with its sentence."""
