"""Every write: one transaction a function; one file or folder a subject."""
