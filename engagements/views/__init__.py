"""Pages of customers; one file a subject."""
