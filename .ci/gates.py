"""Says whether the acceptance mails were read well enough: the output of their score, judged.

usage: score.py ... | gates.py. Exits with 1 when a gate (100 %) or a target falls.
"""

from __future__ import annotations

import re
import sys

GATES = (
    *("must_not_raise", "must_not_autorespond", "must_not_reopen", "no_nul_anywhere"),
    *("rendered_html_must_not_contain", "control_header_ignored"),
)
TARGETS = {
    **{"from": 0.99, "subject": 0.99, "~from": 0.99, "~subject": 0.99},
    **{"attachments": 0.95, "~attachments": 0.95, "body_contains": 0.95, "body_empty": 0.95},
    **{"bounce": 0.90, "bounced": 0.90, "reply_text": 0.75},
}
_LINE = re.compile(r"([~+]?\w+)\s+(\d+(?:\.\d+)?) / (\d+)")


def fallen(score: str) -> list[str]:
    """A sentence for each gate or target that is not met; one when nothing was scored."""
    found = {match[1]: (float(match[2]), int(match[3])) for match in _LINE.finditer(score)}
    wanted = dict.fromkeys(GATES, 1.0) | TARGETS
    scored = [name for name in wanted if name in found]
    if not scored:
        return ["nothing was scored"]
    return [
        f"{name}: {found[name][0]:g} of {found[name][1]}, wanted {wanted[name]:.0%}"
        for name in scored
        if found[name][0] < wanted[name] * found[name][1] - 1e-9
    ]


if __name__ == "__main__":
    text = sys.stdin.read()
    print(text, end="")
    problems = fallen(text)
    for problem in problems:
        print(f"acceptance: {problem}", file=sys.stderr)
    sys.exit(1 if problems else 0)
