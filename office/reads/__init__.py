"""What pages and mails show, put together: one file or folder a subject."""
