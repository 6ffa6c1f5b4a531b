"""Requests reach Django whole, slow clients hold nothing, and what is away is said calmly."""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection, connections, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path

from axsupport import counter
from axsupport.counter import Counter
from core import outage
from core.rls import everything
from tests.factories import make_contact, make_organisation


def ask(app: Counter, where: str = "/", body: Any = b"", **more: str) -> tuple[int, bytes]:
    begun: list[str] = []
    source = io.BytesIO(body) if isinstance(body, bytes) else body
    facts: dict[str, Any] = {"PATH_INFO": where, "wsgi.input": source, "wsgi.file_wrapper": None}
    if isinstance(body, bytes) and body:
        facts["CONTENT_LENGTH"] = str(len(body))
    found = app(facts | more, lambda status, headers: begun.append(status))
    said = b"".join(found)
    found.close()  # type: ignore[attr-defined]  # as servers do
    return int(begun[0].split()[0]), said


def echo(environ: dict[str, Any], start_response: Any) -> Iterator[bytes]:
    """Says back what it was sent, and by which thread."""
    start_response("200 OK", [])
    yield environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    yield threading.current_thread().name.encode()


@pytest.mark.parametrize("size", (0, 10, counter.IN_MEMORY * 3))
def test_bodies_of_any_size_go_in_and_come_out_whole(size):
    status, said = ask(Counter(echo, threads=1, max_bytes=10**8), body=b"x" * size)

    assert status == 200
    assert said == b"x" * size + b"page_0"


def test_a_body_without_a_length_gets_its_own():
    app = Counter(echo, threads=1, max_bytes=100)

    status, said = ask(app, body=io.BytesIO(b"abc"), CONTENT_LENGTH="", HTTP_TRANSFER_ENCODING="x")

    assert (status, said) == (200, b"abcpage_0")


def test_what_is_larger_than_anything_is_refused_before_it_is_read():
    app = Counter(echo, threads=1, max_bytes=100)

    assert ask(app, body=io.BytesIO(b"x"), CONTENT_LENGTH="101")[0] == 413
    assert ask(app, body=io.BytesIO(b"x" * 101))[0] == 413


class Silent(io.BytesIO):
    def read(self, size: int | None = -1) -> bytes:
        raise BlockingIOError


def test_a_client_that_falls_silent_is_sent_away():
    app = Counter(echo, threads=1, max_bytes=100)

    assert ask(app, body=Silent(), CONTENT_LENGTH="10")[0] == 408
    assert ask(app, body=io.BytesIO(b"half"), CONTENT_LENGTH="10")[0] == 408


def test_stalled_clients_hold_no_thread_that_works():
    app, release = Counter(echo, threads=1, max_bytes=100), threading.Event()

    class Stalled(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            release.wait(10)
            return b""

    stalled = [threading.Thread(target=ask, args=(app, "/", Stalled())) for _ in range(20)]
    for one in stalled:
        one.start()
    started = time.perf_counter()
    status, _ = ask(app, body=b"quick")
    took = time.perf_counter() - started
    release.set()
    for one in stalled:
        one.join()

    assert status == 200
    assert took < 1


def test_health_has_a_thread_that_pages_can_not_take(monkeypatch):
    monkeypatch.setattr(counter, "QUEUED", 0.1)
    release = threading.Event()

    def slow(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        start_response("200 OK", [])
        if environ["PATH_INFO"] == "/slow":
            release.wait(10)
        return [b"ok"]

    app = Counter(slow, threads=1, max_bytes=100)
    busy, waiting = [threading.Thread(target=ask, args=(app, "/slow")) for _ in range(2)]
    busy.start()
    time.sleep(0.05)
    waiting.start()
    assert ask(app, "/readyz")[0] == ask(app, "/healthz")[0] == ask(app, "/livez")[0] == 200
    later: list[int] = []
    third = threading.Thread(target=lambda: later.append(ask(app, "/page")[0]))
    third.start()
    time.sleep(0.2)
    release.set()
    for one in (busy, waiting, third):
        one.join()

    assert later == [503]  # it waited longer than anybody should


def test_readiness_that_hangs_is_a_no(monkeypatch):
    monkeypatch.setattr(counter, "LOOK_WITHIN", 0.1)
    release = threading.Event()

    def hangs(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        release.wait(5)
        start_response("200 OK", [])
        return []

    app = Counter(hangs, threads=1, max_bytes=1)
    status, said = ask(app, "/readyz")
    release.set()
    app._looks.shutdown()

    assert status == 503
    assert b"silent" in said


def away(request: HttpRequest) -> HttpResponse:
    connections["default"].close()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse()


def fail_as(code: str) -> None:
    """Fail as PostgreSQL does with this code."""
    with connection.cursor() as cursor:
        cursor.execute(f"DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '{code}'; END $$")


def held(request: HttpRequest) -> HttpResponse:
    fail_as("55P03")
    return HttpResponse()


def full(request: HttpRequest) -> HttpResponse:
    raise OSError(28, "No space left on device")


handler500 = "core.outage.server_error"
urlpatterns = [
    path("away/", away),
    path("held/", held),
    path("full/", full),
    path("api/v1/held/", held),
    path("", include("axsupport.urls")),
]


@pytest.fixture
def visitor(settings) -> Client:
    settings.ROOT_URLCONF = __name__
    return Client(raise_request_exception=False)


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "code"), (("held", "busy"), ("full", "disk_full")))
def test_an_outage_is_a_calm_page_that_keeps_what_was_typed(visitor, name, code):
    typed = "It began this morning. " * 10

    ours = {"Origin": "http://testserver"}
    answer = visitor.post(f"/{name}/", {"body": typed, "subject": "Short"}, headers=ours)

    said = answer.content.decode()
    assert (answer.status_code, answer["Retry-After"] > "0") == (503, True)
    assert f'data-code="{code}"' in said
    assert typed in said
    assert 'name="subject" value="Short"' in said


@pytest.mark.django_db
def test_no_password_is_shown_again(visitor):
    said = visitor.post("/held/", {"login": "a@b.example", "password": "secret-secret"}).content

    assert b"secret-secret" not in said


@pytest.mark.django_db
def test_programs_are_told_in_json(visitor):
    answer = visitor.post("/api/v1/held/", {}, headers={"Accept": "*/*"})

    assert answer.status_code == 503
    assert answer.json()["code"] == "busy"
    assert answer["Retry-After"] == "3"


@pytest.fixture
def _no_database() -> Iterator[None]:
    default = connections["default"]
    default.close()
    before = default.settings_dict["HOST"]
    default.settings_dict["HOST"] = "/nonexistent"
    yield
    default.close()
    default.settings_dict["HOST"] = before


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_no_database")
def test_without_the_database_pages_and_api_say_so(visitor):
    page = visitor.get("/accounts/login/", headers={"Accept": "text/html"})
    program = visitor.get("/api/v1/incidents/", headers={"Authorization": "Token axs_x"})

    assert (page.status_code, program.status_code) == (503, 503)
    assert 'data-code="away"' in page.content.decode()
    assert program.json()["code"] == "away"
    assert visitor.get("/livez").status_code == 200
    assert visitor.get("/readyz").status_code == 503


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "found"),
    (
        ("40P01", outage.BUSY),  # a deadlock
        ("57014", outage.SLOW),
        ("53100", outage.FULL),
        ("57P01", outage.AWAY),
        ("53300", outage.AWAY),  # too many connections
        ("54001", None),  # a statement too complex: a bug of ours
    ),
)
def test_postgres_says_by_its_code_what_kind_of_outage_it_is(code, found):
    with pytest.raises(OperationalError) as error, transaction.atomic():
        fail_as(code)

    assert outage.outage_of(error.value) is found


def test_a_bug_of_ours_is_no_outage():
    assert outage.outage_of(ZeroDivisionError()) is None


@pytest.mark.django_db(transaction=True)
def test_a_row_that_somebody_holds_is_given_up_soon(visitor, monkeypatch):
    """By the settings of the role "web", as gunicorn's processes have them."""
    organisation, person = make_organisation(), make_contact()
    visitor.force_login(person)
    started = time.perf_counter()
    with everything(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '200ms'")
        blocker = connections.create_connection("default")
        with blocker.cursor() as other:
            other.execute("BEGIN; SELECT set_config('app.scope', 'all', true)")
            other.execute(
                "SELECT 1 FROM accounts_organisation WHERE id = %s FOR UPDATE", [organisation.pk]
            )
            with pytest.raises(OperationalError) as error, transaction.atomic():
                cursor.execute(
                    "UPDATE accounts_organisation SET name = 'x' WHERE id = %s", [organisation.pk]
                )
        blocker.close()

    assert outage.outage_of(error.value) is outage.BUSY
    assert time.perf_counter() - started < 2


@pytest.mark.django_db
def test_each_role_has_its_patience(settings, capsys):
    assert set(settings.PATIENCE) == {"web", "worker", "command"}
    call_command("check")
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("30s",)


def test_a_client_is_seen_off_where_nobody_waits(monkeypatch):
    class Connection:
        closed = 0
        initialized, data_ready = False, False

        def wait_for_data(self, seconds: float) -> bool:
            return False

        def close(self, graceful: bool = False) -> None:
            self.closed += graceful

    monkeypatch.setattr("axsupport.counter.ThreadWorker.handle", lambda self, conn: False)
    line, worker = Connection(), counter.PatientWorker.__new__(counter.PatientWorker)

    assert worker.handle(line) is False
    line.close(graceful=True)  # as gunicorn's main thread does afterwards

    assert line.closed == 1
