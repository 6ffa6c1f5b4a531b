"""What people and programs send, checked: one file a subject."""
