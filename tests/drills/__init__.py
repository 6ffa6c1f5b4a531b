"""Drills: the desk with real processes while something freezes, stalls, fills up or goes away.

`make drills` runs them all, `python -m tests.drills redis disk` some. Each says how much it tried,
what of the acknowledged was lost or doubled, and how long people waited; a bound that is not held
ends with exit code 1. Not part of `make test`: they take minutes.
"""
