"""docker-compose.yml runs what `make up` runs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from axsupport.up import commands

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return found


def test_every_part_runs_the_same_command_as_make_up(compose):
    services = compose["services"]

    assert services["migrate"]["command"] == commands.prepare("python")
    assert services["web"]["command"] == commands.web("python", "0.0.0.0:8000")
    assert services["worker"]["command"] == commands.worker("python")
    assert services["promises"]["command"] == commands.promises("python")
    assert services["lmtp"]["command"] == commands.lmtp("python", "0.0.0.0:2424")
    assert services["imap"]["command"] == commands.imap("python")
    assert services["beat"]["command"] == commands.beat("python", "/tmp/beat-schedule")


def test_the_database_is_made_like_the_embedded_one(compose):
    flags = compose["services"]["postgres"]["environment"]["POSTGRES_INITDB_ARGS"].split()
    source = (ROOT / "embedded" / "postgres.py").read_text()

    assert [flag for flag in flags if flag not in source] == []


def test_everything_that_stays_has_a_health_check_and_the_data_a_volume(compose):
    staying = {name for name in compose["services"] if name != "migrate"}

    assert {name for name in staying if "healthcheck" in compose["services"][name]} == staying
    assert set(compose["volumes"]) == {"data", "postgres", "redis"}


def checked(file: Path) -> subprocess.CompletedProcess[str]:
    """What the official schema of Compose files says; the package brings it along."""
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec"]
    return subprocess.run([*command, file], capture_output=True, text=True, check=False)


def test_it_is_a_compose_file_by_the_official_schema(tmp_path):
    misspelt = tmp_path / "docker-compose.yml"
    misspelt.write_text(
        (ROOT / "docker-compose.yml").read_text().replace("healthcheck:", "healthchek:", 1)
    )

    answer, wrong = checked(ROOT / "docker-compose.yml"), checked(misspelt)

    assert answer.returncode == 0, answer.stdout
    assert "healthchek" in wrong.stdout
    assert wrong.returncode == 1
