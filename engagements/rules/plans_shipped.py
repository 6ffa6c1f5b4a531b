"""The plans as delivered, by kind; a manager's version comes before them. Pure.

Durations are assumed: the programme names the parts, not how long they take.
"""

from __future__ import annotations

from engagements.rules.plan import PhaseTemplate, read_template

_GOLIVE = """
Pilot design | start | 0 | 9
- Fill in the requirements sheet (customer)
- Describe the pilot that replicates the network
- Agree on what the pilot has to show (customer)
Pilot installation | start | 10 | 17
- Provide hosts and access (customer)
- Install and note every setting in the register
Pilot operation and report | start | 18 | 29
- Run the pilot with the pilot users (customer)
- Write the pilot project report
Platform implementation | golive | -20 | -9
- Build the platform by the run book
- Rehearse the way back
Deployment | golive | -8 | -1
- Export the DNS zone, lower the TTL of the MX to 300 s
- Move the pilot users
- Go or no-go (customer)
Go-live | golive | 0 | 0
- Cut over
After go-live | golive | 1 | 15
- Watch queues and logins
- Plan capacity for five years
"""
_ON_SITE = """
Preparation | start | 0 | 4
- Give access to building and systems (customer)
Visit | golive | 0 | 0
Report | golive | 1 | 5
- Write the visit report
"""
_FEATURE = """
Questions | start | 0 | 2
- Answer what we need to know (customer)
Assessment | start | 3 | 9
- Necessity, security, redundancy
Letter | start | 10 | 12
- Write the letter
"""
_AUDIT = """
Preparation | start | 0 | 4
- Permission, window and stop contact (customer)
Tests | start | 5 | 9
Report | start | 10 | 14
"""
_TRAINING = """
Agenda | start | 0 | 4
Sessions | start | 5 | 8
Certificates | start | 9 | 12
"""
SHIPPED: dict[str, tuple[PhaseTemplate, ...]] = {
    kind: tuple(read_template(text))
    for kind, text in (
        ("golive", _GOLIVE),
        ("on_site", _ON_SITE),
        ("feature", _FEATURE),
        ("audit", _AUDIT),
        ("training", _TRAINING),
    )
}
