"""What people send, checked; one file a subject."""
