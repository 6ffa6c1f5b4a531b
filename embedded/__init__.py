"""PostgreSQL and Redis out of wheels, and a family of processes that ends together.

Knows nothing of the project that uses it: names and commands are arguments.
"""
