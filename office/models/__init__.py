"""Tables, one file a subject; each file is imported here."""
