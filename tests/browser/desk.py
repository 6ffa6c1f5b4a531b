"""The whole desk as `make up` runs it, with a small demo, for the tests that drive it together.

Its tables are copied; `tests/embedded/test_prepare.py` makes them from nothing.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page

from tests import clusters

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "demo-axsupport"


@dataclass
class Desk:
    """A running desk: its address, its folder, and its management commands."""

    url: str
    data: Path
    environment: dict[str, str]

    def manage(self, *arguments: str, stdin: bytes = b"") -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            input=stdin,
            capture_output=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode()


@contextmanager
def running_desk(data: Path) -> Iterator[Desk]:
    """On the empty folder `data`."""
    clusters.copy_cluster(data / "pg")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    ours = ("DATABASE_URL", "REDIS_URL", "DJANGO_ALLOW_ASYNC_UNSAFE")
    environment = {name: value for name, value in os.environ.items() if name not in ours}
    environment |= {"PORT": str(port), "DATA_DIR": str(data), "DEMO": "1", "DEMO_INCIDENTS": "60"}
    environment["UNDO_SECONDS"] = "1"  # an answer goes out by the sweep, as on a real desk
    with (data / "up.log").open("wb") as log:
        up = subprocess.Popen(
            [sys.executable, "-m", "axsupport.up"],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        url = f"http://127.0.0.1:{port}"
        wait(lambda: up.poll() is not None or answers(f"{url}/healthz"), seconds=150)
        assert up.poll() is None, (data / "up.log").read_text()
        yield Desk(url, data, environment)
    finally:
        if up.poll() is None:
            up.send_signal(signal.SIGINT)
        assert up.wait(60) == 0, (data / "up.log").read_text()


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as response:
            return bool(response.status == 200)
    except OSError:
        return False


def wait(until: Callable[[], object], *, seconds: float = 30) -> None:
    ends = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < ends, "it did not happen in time"
        time.sleep(0.2)


def sign_in(page: Page, desk: Desk, email: str) -> None:
    page.goto("about:blank")  # whatever the page before still asks is not answered with a cookie
    page.context.clear_cookies()
    page.goto(f"{desk.url}/accounts/login/")
    page.fill("[name=login]", email)
    page.fill("[name=password]", PASSWORD)
    page.locator("main button[type=submit]").first.click()
    page.wait_for_url(lambda url: "/accounts/login/" not in url, timeout=40_000)


def file_incident(page: Page, desk: Desk, subject: str) -> str:
    """As the signed-in contact; the new incident's number."""
    page.goto(f"{desk.url}/incidents/new/")
    page.fill("[name=subject]", subject)
    page.fill("[name=body]", "The licence page shows 20 users fewer than we bought.")
    page.select_option("[name=service]", "configuration")
    page.get_by_role("button", name="File the incident").click()
    page.wait_for_url(re.compile(r"/incidents/AX-\d{4}-\d{6}/"))
    return page.url.rstrip("/").rsplit("/", 1)[1]
