"""What a drill found, and the table of all of them."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Line:
    """One line of the table. `seconds` is the longest that somebody waited.

    `wrong` are the bounds that were not held, in words; `said` what else is worth knowing.
    """

    name: str
    tried: int = 0
    lost: int = 0
    doubled: int = 0
    seconds: float = 0.0
    said: str = ""
    wrong: list[str] = field(default_factory=list)

    def took(self, seconds: float) -> None:
        self.tried += 1
        self.seconds = max(self.seconds, seconds)

    def check(self, held: bool, otherwise: str) -> None:
        if not held and otherwise not in self.wrong:
            self.wrong.append(otherwise)

    def within(self, seconds: float) -> None:
        self.check(self.seconds <= seconds, f"{self.seconds:.1f} s, allowed are {seconds:g}")


def table(lines: list[Line]) -> str:
    """The lines as text, with what went wrong below."""
    width = max(len(one.name) for one in lines)
    head = f"{'drill':<{width}}  tried  lost  doubled  seconds"
    rows = [head, "-" * len(head)]
    for one in lines:
        figures = f"{one.tried:>5}  {one.lost:>4}  {one.doubled:>7}  {one.seconds:>7.1f}"
        rows.append(f"{one.name:<{width}}  {figures}  {one.said}".rstrip())
    rows += [f"NOT HELD: {one.name}: {what}" for one in lines for what in one.wrong]
    return "\n".join(rows)
