"""A real IMAP server: Dovecot, as an ordinary process with a configuration of its own."""

from __future__ import annotations

import getpass
import imaplib
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest

USER, PASSWORD = "support@axigen.example", "p@ss-word"
NOBODY = 65534
MISSING = "Dovecot is not installed: apt-get install dovecot-imapd (the mailboxes' tests need it)."

CONFIG = """
protocols = imap
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
mail_location = maildir:{folder}/mail
mail_max_userip_connections = 50
default_internal_user = {internal}
default_internal_group = {internal_group}
default_login_user = {login}
first_valid_uid = 1
imap_capability = {capability}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


class Dovecot:
    """The server on `port`; its mails lie in the Maildir `folder`/mail."""

    def __init__(self, folder: Path, *, capability: str = "") -> None:
        program = shutil.which("dovecot", path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
        if program is None:
            pytest.fail(MISSING)
        self._program, self.folder = program, folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self._write_config(capability)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"imap://{quote(USER)}:{quote(PASSWORD)}@127.0.0.1:{self.port}/INBOX"

    def start(self) -> None:
        command = [self._program, "-F", "-c", str(self.folder / "dovecot.conf")]
        self._process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=1) as line:
                    if line.recv(4) == b"* OK":
                        return
            except OSError:
                time.sleep(0.05)
        raise AssertionError((self.folder / "log").read_text()[-2000:])

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(30)
        self._process = None

    @contextmanager
    def line(self) -> Iterator[imaplib.IMAP4]:
        """As the mailbox's owner, with the INBOX open."""
        line = imaplib.IMAP4("127.0.0.1", self.port)
        try:
            line.login(USER, PASSWORD)
            line.select("INBOX")
            yield line
        finally:
            line.logout()

    def deliver(self, raw: bytes, folder: str = "INBOX") -> None:
        with self.line() as line:
            assert line.append(folder, "", "", raw)[0] == "OK"

    def count(self, folder: str = "INBOX", criteria: str = "ALL") -> int:
        with self.line() as line:
            line.select(folder, readonly=True)
            return len(line.search(None, criteria)[1][0].split())

    def _write_config(self, capability: str) -> None:
        is_root = os.getuid() == 0
        me = getpass.getuser()
        for name in ("mail", "home", "run", "state"):
            (self.folder / name).mkdir()
        if is_root:  # Dovecot gives no mail to root
            self.folder.chmod(0o755)
            for name in ("mail", "home"):
                os.chown(self.folder / name, NOBODY, NOBODY)
        group = subprocess.run(["id", "-gn"], capture_output=True, text=True, check=True)
        (self.folder / "dovecot.conf").write_text(
            CONFIG.format(
                folder=self.folder,
                port=self.port,
                password=PASSWORD,
                capability=capability,
                internal="dovecot" if is_root else me,
                internal_group="dovecot" if is_root else group.stdout.strip(),
                login="dovenull" if is_root else me,
                uid=NOBODY if is_root else os.getuid(),
                gid=NOBODY if is_root else os.getgid(),
            )
        )


@contextmanager
def dovecot(**options: str) -> Iterator[Dovecot]:
    with tempfile.TemporaryDirectory(prefix="dovecot-", ignore_cleanup_errors=True) as folder:
        server = Dovecot(Path(folder), **options)
        server.start()
        try:
            yield server
        finally:
            server.stop()
