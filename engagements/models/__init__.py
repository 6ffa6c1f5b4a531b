"""What is delivered as a whole and not by the incident: one file a subject."""
