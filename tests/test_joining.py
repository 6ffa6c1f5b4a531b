"""What somebody who joins finds: `make help`, hooks that are the lint, templates of issues."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
import yaml

from tests.sources import ROOT

TEMPLATES = ROOT / ".github" / "ISSUE_TEMPLATE"


def makefile() -> str:
    return (ROOT / "Makefile").read_text(encoding="utf-8")


def test_make_help_lists_every_target_that_people_call():
    said = subprocess.run(
        ["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    listed = re.findall(r"^make ([a-z-]+) +\S", said, re.MULTILINE)
    targets = re.findall(r"^([a-z][a-z-]*):", makefile(), re.MULTILINE)

    assert sorted(listed) == sorted(targets)


def test_make_alone_runs_the_desk():
    assert re.findall(r"^([a-z-]+):", makefile(), re.MULTILINE)[0] == "up"


def test_the_hooks_before_a_commit_run_what_make_lint_runs():
    recipe = makefile().partition("\nlint:")[2].partition("\n\n")[0].splitlines()[1:]
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"]

    assert [one["repo"] for one in hooks] == ["local"]
    assert [one["entry"] for one in hooks[0]["hooks"]] == [
        line.strip().replace("$(VENV)", ".venv") for line in recipe
    ]


@pytest.mark.parametrize(
    ("schema", "names"),
    (("github-issue-forms", ("fault.yml", "wish.yml")), ("github-issue-config", ("config.yml",))),
)
def test_the_templates_of_issues_are_forms_by_the_official_schema(schema, names):
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}"]
    answer = subprocess.run(
        [*command, *(TEMPLATES / name for name in names)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert answer.returncode == 0, answer.stdout
