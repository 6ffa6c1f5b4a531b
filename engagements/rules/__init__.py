"""Pure: no Django, no clock, no database. One file a subject."""
