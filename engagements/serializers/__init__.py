"""What programs send and get; one file a subject."""
