"""docker-compose.yml runs what `make up` runs."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from axsupport.up import commands
from core.keeper_sql import ROLE
from core.search.wall import ROLE as SEARCH
from embedded.postgres import SIDE_ROLES

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
    assert services["events"]["command"] == commands.events("python", "--listen", "0.0.0.0:8001")
    assert services["lmtp"]["command"] == commands.lmtp("python", "0.0.0.0:2424")
    assert services["imap"]["command"] == commands.imap("python")
    assert services["beat"]["command"] == commands.beat("python", "/tmp/beat-schedule")


def test_the_database_is_made_like_the_embedded_one(compose):
    flags = compose["services"]["postgres"]["environment"]["POSTGRES_INITDB_ARGS"].split()
    source = (ROOT / "embedded" / "postgres.py").read_text()

    assert [flag for flag in flags if flag not in source] == []


def test_the_roles_are_the_same_everywhere():
    """Embedded, in containers, and as the operator of a server of their own is told."""
    wanted = {f"axsupport_{role}" for role in SIDE_ROLES}

    assert wanted == {ROLE, SEARCH}
    for place in ("deploy/postgres-role.sh", "docs/operations.md"):
        text = (ROOT / place).read_text()
        assert set(re.findall(r"CREATE ROLE (\w+) NOLOGIN;", text)) == wanted, place
        assert set(re.findall(r"GRANT (\w+) TO axsupport\b", text)) == wanted, place


def test_everything_that_stays_has_a_health_check_and_the_data_a_volume(compose):
    staying = {name for name in compose["services"] if name != "migrate"}

    assert {name for name in staying if "healthcheck" in compose["services"][name]} == staying
    assert set(compose["volumes"]) == {"data", "postgres", "proxy", "redis"}


def test_only_the_proxy_and_a_mail_server_s_door_are_reached_from_outside(compose):
    published = {name: one["ports"] for name, one in compose["services"].items() if "ports" in one}

    assert set(published) == {"proxy", "lmtp"}
    assert published["lmtp"] == ["${LMTP_PORT:-127.0.0.1:2424}:2424"]


def test_role_and_superuser_have_different_passwords(compose):
    postgres = compose["services"]["postgres"]["environment"]

    assert "SUPERUSER_PASSWORD" in postgres["POSTGRES_PASSWORD"]
    assert "DATABASE_PASSWORD" in postgres["AXSUPPORT_PASSWORD"]
    for service in ("web", "worker", "promises", "beat", "migrate"):
        assert "SUPERUSER" not in str(compose["services"][service]["environment"])


def test_every_setting_that_is_documented_reaches_the_containers(compose):
    """Those of the table "Settings", but what the compose file itself decides."""
    text = (ROOT / "docs" / "operations.md").read_text()
    table = text.partition("## Settings")[2].partition("\n## ")[0]
    firsts = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    named = {name for cell in firsts for name in re.findall(r"`([A-Z][A-Z_]+)`", cell)}
    ours = {"STATIC_ROOT", "LMTP_LISTEN", "PROCESS_ROLE", "EVENTS_SOCKET"}
    given = set(compose["services"]["web"]["environment"])

    assert len(named) > 30
    assert named - ours - given == set()


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
