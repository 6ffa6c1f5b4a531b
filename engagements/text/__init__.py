"""What rules found and the journal keeps, in the reader's words."""
