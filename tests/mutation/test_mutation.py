"""The faults are put where they are said to be, and whoever imported the function has them, too."""

from __future__ import annotations

import ast
import os
import textwrap
from pathlib import Path

import pytest

from tests.mutation.operators import Mutant, mutants_of, mutated
from tests.mutation.patching import NotPatched, patch
from tickets.rules.priorities import priority_of

ROOT = Path(__file__).resolve().parents[2]
RULES = Path("tickets/rules/priorities.py")


def faults(tmp_path: Path, code: str) -> list[str]:
    """Each mutant of this code, as the code that it makes."""
    path = tmp_path / "rules.py"
    path.write_text(textwrap.dedent(code))
    found = mutants_of(tmp_path, path)
    return [ast.unparse(mutated(path.read_bytes(), one.number)) for one in found]


@pytest.mark.parametrize(
    ("line", "fault"),
    (
        ("return a < b", "return a <= b"),
        ("return a < b", "return None"),
        ("return a and not b", "return a or not b"),
        ("return a and not b", "return a and b"),
        ("return a + 1", "return a - 1"),
        ("return a + 1", "return a + 2"),
        ("return min(a, b)", "return max(a, b)"),
        ("return a if b else 1", "return a if not b else 1"),
        ("a.append(b)", "pass"),
    ),
)
def test_small_faults(tmp_path, line, fault):
    made = faults(tmp_path, f'def f(a, b):\n    "What it says."\n    {line}\n')

    assert f'def f(a, b):\n    """What it says."""\n    {fault}' in made


def test_a_branch_is_taken_the_other_way_and_texts_stay(tmp_path):
    made = faults(tmp_path, 'def f(a):\n    if a:\n        return "yes" + f"{a}"\n')

    assert len(made) == 2
    assert "if not a:" in made[0]
    assert "return None" in made[1]


def test_constants_and_methods_are_found_with_their_owner(tmp_path):
    path = tmp_path / "rules.py"
    path.write_text("LIMIT = 3\nclass A:\n    def f(self):\n        return self.x == 1\n")

    owners = [(one.owner, one.first) for one in mutants_of(tmp_path, path)]

    assert owners == [("LIMIT", 1), ("A.f", 4), ("A.f", 4), ("A.f", 4)]


def test_a_fault_reaches_who_imported_the_function_and_goes_with_its_process():
    mutant = next(
        one
        for one in mutants_of(ROOT, ROOT / RULES)
        if one.owner == "priority_of" and one.words == "return nothing"
    )
    before = priority_of(1, 1)

    child = os.fork()
    if not child:
        try:
            patch(ROOT, mutant)
            os._exit(0 if priority_of(1, 1) is None else 1)
        finally:  # never the rest of the tests
            os._exit(2)
    _, status = os.waitpid(child, 0)

    assert os.waitstatus_to_exitcode(status) == 0
    assert priority_of(1, 1) == before


def test_what_is_not_imported_is_said():
    with pytest.raises(NotPatched):
        patch(ROOT, Mutant("tickets/rules/nowhere.py", 0, "f", 1, 1, ""))
