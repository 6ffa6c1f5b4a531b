"""The servers that `make up` brings along: PostgreSQL, Valkey, and the process tree around them."""
