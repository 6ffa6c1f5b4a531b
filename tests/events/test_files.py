"""D3: large files leave by links that end, whole or in parts, and by no others."""

from __future__ import annotations

import http.client
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from axsupport.basics import data_dir
from axsupport.events.files import TIMES, Files
from axsupport.events.ranges import Part, Unsatisfiable, part_of
from core.events.file_passes import FILES, FilePass, FilePasses
from tests.events.listening import Process

CONTENT = bytes(range(256)) * 40
SIZE = len(CONTENT)
KEY = "a key of the tests"


@pytest.mark.parametrize(
    ("header", "part"),
    (
        ("", None),
        ("bytes=0-", Part(0, 100)),
        ("bytes=10-19", Part(10, 10)),
        ("bytes=90-500", Part(90, 10)),
        ("bytes=-10", Part(90, 10)),
        ("bytes=-500", Part(0, 100)),
        ("bytes=20-10", None),
        ("bytes=0-1,5-6", None),  # several at once: the whole, as the standard lets us
        ("lines=0-1", None),
        ("bytes=-", None),
    ),
)
def test_ranges(header, part):
    assert part_of(header, 100) == part


@pytest.mark.parametrize("header", ("bytes=100-", "bytes=-0", "bytes=100-200"))
def test_ranges_outside(header):
    with pytest.raises(Unsatisfiable):
        part_of(header, 100)


@pytest.fixture
def store(tmp_path):
    (tmp_path / "a").write_bytes(CONTENT)
    return tmp_path


@pytest.fixture
def clock(monkeypatch):
    class Clock:
        now = 1_000_000.0

    monkeypatch.setattr("django.core.signing.time.time", lambda: Clock.now)
    return Clock


def files_of(store: Path) -> Files:
    return Files(store, FilePasses(KEY), KEY, lambda: 0.0)


def link(**fields: Any) -> str:
    said: dict[str, Any] = {"path": "a", "name": "axigen 10.rpm", "size": SIZE, "sha256": "0" * 64}
    return FilePasses(KEY).link(FilePass(**said | fields))


def test_a_link_begins_within_a_minute_and_goes_on_for_hours(store, clock):
    files, late, used = files_of(store), link(), link()
    first = files.answer("GET", used, {})
    assert first.status == 200
    assert ("Accept-Ranges", "bytes") in first.headers
    tag = dict(first.headers)["ETag"]
    clock.now += 61

    assert files.answer("GET", late, {}).status == 410
    assert files.answer("GET", used, {"range": "bytes=100-"}).status == 206
    anew = files_of(store)  # the process was started again
    assert anew.answer("GET", used, {"range": "bytes=100-"}).status == 410
    assert anew.answer("GET", late, {"range": "bytes=1-", "if-range": tag}).status == 410
    going_on = anew.answer("GET", used, {"range": "bytes=100-", "if-range": tag})
    assert (going_on.status, going_on.start, going_on.count) == (206, 100, SIZE - 100)
    clock.now += 13 * 3600
    assert files.answer("GET", used, {"range": "bytes=100-"}).status == 410


def test_a_link_is_for_one_download_and_not_for_the_world(store, clock):
    files, shared = files_of(store), link()
    for _ in range(TIMES):
        answer = files.answer("GET", shared, {})
        assert answer.status == 200
        files.spent(answer.once, answer.count)

    refused = files.answer("GET", shared, {})
    assert refused.status == 410
    assert b"/downloads/" in refused.said


def test_what_is_asked_wrongly_is_answered_rightly(store, clock):
    files, good = files_of(store), link()
    assert files.answer("POST", good, {}).status == 405
    head = files.answer("HEAD", good, {})
    assert (head.status, head.path) == (200, None)
    assert ("Content-Length", str(SIZE)) in head.headers
    outside = files.answer("GET", good, {"range": f"bytes={SIZE}-"})
    assert (outside.status, dict(outside.headers)["Content-Range"]) == (416, f"bytes */{SIZE}")
    changed = files.answer("GET", good, {"range": "bytes=5-", "if-range": '"another"'})
    assert (changed.status, changed.count) == (200, SIZE)


@pytest.mark.parametrize(
    "wrong",
    (
        FILES,
        f"{FILES}nonsense/a",
        FilePasses("another key").link(FilePass("a", "a", SIZE, "0" * 64)),
        link(path="../../etc/passwd"),
        link(path="/etc/passwd"),
        link(path="gone"),
        link(size=SIZE + 1),
    ),
)
def test_forged_links_and_places_outside_give_nothing(store, wrong):
    assert files_of(store).answer("GET", wrong, {}).path is None
    assert files_of(store).answer("GET", wrong, {}).status in (404, 410)


@pytest.mark.django_db(transaction=True)
def test_the_process_gives_the_bytes(events: Process):
    place = data_dir() / "files" / "releases" / "of-a-test"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(CONTENT)
    try:
        granted = FilePass("releases/of-a-test", "a b.rpm", SIZE, "0" * 64)
        where = FilePasses(settings.SECRET_KEY).link(granted)
        whole = ask(events, where)
        part = ask(events, where, Range="bytes=1000-1999")
        outside = ask(events, where, Range=f"bytes={SIZE}-")

        assert (whole.status, whole.read()) == (200, CONTENT)
        assert whole.headers["Content-Disposition"].endswith("a%20b.rpm")
        assert (part.status, part.read()) == (206, CONTENT[1000:2000])
        assert part.headers["Content-Range"] == f"bytes 1000-1999/{SIZE}"
        assert (outside.status, outside.headers["Content-Range"]) == (416, f"bytes */{SIZE}")
        assert events.ask(where, "HEAD").headers["Content-Length"] == str(SIZE)
        assert events.ask(f"{FILES}nonsense").status == 404
    finally:
        place.unlink()


def ask(events: Process, path: str, **headers: str) -> http.client.HTTPResponse:
    line = http.client.HTTPConnection("127.0.0.1", events.port, timeout=30)
    line.request("GET", path, headers=headers)
    return line.getresponse()
