"""Pages of customers, and those that they share with the staff."""
