"""A DATABASE_URL or REDIS_URL that is none ends in one sentence, whoever reads it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from axsupport.up import commands
from embedded.addresses import check_addresses
from embedded.errors import ServiceError
from embedded.locate import database_url, redis_url

ROOT = Path(__file__).resolve().parents[2]
NO_DATABASE = "DATABASE_URL is no address of a PostgreSQL database: write it as postgres://user:"
NO_REDIS = "REDIS_URL is no address of a Redis: write it as redis://host:6379/0"


@pytest.mark.parametrize(
    ("database", "redis"),
    (
        ("", ""),
        ("postgres://axsupport@db/axsupport", "redis://redis:6379/0"),
        ("postgresql://u:p%40ss@10.0.0.1:5433/name?sslmode=require", "rediss://:secret@r:6380/3"),
        ("postgres://u:pass@[::1]:5432/name", "redis://[::1]:6379"),
        (database_url(Path("/srv/a b/run"), "axsupport"), redis_url(Path("/srv/a b/redis.sock"))),
    ),
)
def test_an_address_that_can_be_read_is_taken(database, redis):
    check_addresses(database, redis)


@pytest.mark.parametrize(
    "url",
    (
        "axsupport",
        "host:5432/name",
        "mysql://u:hunter2@host/name",
        "postgres://u:hunter2@host:54x2/name",
        "postgres://u:hunter2@host:99999/name",
        "postgres://u:hunter2@host:5432",
        "postgres://u:hunter2@[::1/name",
        "postgres://u:hunter2@ho st/name",
        "postgres://u:hunter2/3@host/name",
    ),
)
def test_no_database_is_named_with_an_example_and_without_the_password(url):
    with pytest.raises(ServiceError, match=NO_DATABASE) as refused:
        check_addresses(url, "")

    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(
    "url",
    (
        "localhost:6379",
        "http://localhost:6379/0",
        "redis://",
        "redis://host:63x9/0",
        "redis://host:6379/first",
        "redis://:hunter2/3@host:6379/0",
        "unix://",
        "unix:///run/redis.sock?db=first",
    ),
)
def test_no_redis_is_named_with_an_example_and_without_the_password(url):
    with pytest.raises(ServiceError, match=NO_REDIS) as refused:
        check_addresses("", url)

    assert "hunter2" not in str(refused.value)


BEAT = commands.beat(sys.executable, "/nonexistent/beat")


@pytest.mark.parametrize(
    ("command", "code"),
    (
        ([sys.executable, "-m", "axsupport.up"], 1),
        ([sys.executable, "manage.py", "migrate"], 75),
        ([sys.executable, "manage.py", "receive_mail"], 75),
        (commands.prepare(sys.executable), 75),
        (commands.web(sys.executable, "127.0.0.1:1"), 75),
        (commands.worker(sys.executable), 75),
        (BEAT, 75),
    ),
    ids=("make up", "manage.py", "receive_mail", "prepare", "web", "worker", "beat"),
)
@pytest.mark.parametrize(
    ("name", "url", "sentence"),
    (
        ("DATABASE_URL", "postgres://u@host:54x2/name", NO_DATABASE),
        ("REDIS_URL", "localhost:6379", NO_REDIS),
    ),
)
def test_every_part_of_the_desk_says_it_in_one_line(tmp_path, command, code, name, url, sentence):
    environment = os.environ | {"DATA_DIR": str(tmp_path), "PORT": "1", name: url}

    ended = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False
    )

    said = (ended.stdout + ended.stderr).strip().splitlines()
    assert len(said) == 1, said
    assert said[0].startswith(sentence)
    assert ended.returncode == code
