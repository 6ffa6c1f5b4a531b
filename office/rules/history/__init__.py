"""What other desks export, read into one form. Pure: one file a system."""
