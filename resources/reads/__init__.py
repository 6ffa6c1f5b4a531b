"""What pages and searches show of the online resources, put together."""
