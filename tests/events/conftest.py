from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from embedded.processes import Family
from tests.events.listening import Process


@pytest.fixture
def events(tmp_path, settings) -> Iterator[Process]:
    """The running process; the web server of this test would hand pages over to it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    family = Family(tmp_path / "processes.json")
    process = Process(family, tmp_path, port, str(tmp_path / "e.sock"))
    settings.EVENTS_SOCKET = process.door
    try:
        process.start()
        yield process
    finally:
        family.close()
