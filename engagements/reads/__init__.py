"""What pages, notices and reports show, put together; one file or folder a subject."""
