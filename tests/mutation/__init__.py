"""`make mutants`: small faults put into the rules, one at a time, and whether a test sees them."""
