"""What makes the acceptance run fail: `.ci/gates.py`."""

import runpy
from pathlib import Path

import pytest

GATES = runpy.run_path(str(Path(__file__).resolve().parents[2] / ".ci" / "gates.py"))
GOOD = "must_not_raise   50.0 / 50\nfrom   8.0 / 8\n~subject   139.0 / 139\nreply_text 85.0 / 87\n"


def test_all_gates_and_targets_met():
    assert GATES["fallen"](GOOD) == []


@pytest.mark.parametrize(
    ("met", "fallen"),
    (
        ("must_not_raise   50.0 / 50", "must_not_raise   49.0 / 50"),
        ("from   8.0 / 8", "from   7.0 / 8"),
        ("~subject   139.0 / 139", "~subject   130.0 / 139"),
        ("reply_text 85.0 / 87", "reply_text 60.0 / 87"),
    ),
)
def test_one_that_falls_is_named(met, fallen):
    (problem,) = GATES["fallen"](GOOD.replace(met, fallen))

    assert problem.startswith(fallen.split()[0])


def test_nothing_scored_is_no_success():
    assert GATES["fallen"]("Traceback ...") == ["nothing was scored"]
