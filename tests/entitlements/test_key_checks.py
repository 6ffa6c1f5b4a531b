"""The vendor's check of licence keys: a real web service on loopback, asked by the sweep."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from entitlements.actions.claims import PAUSES, confirm, note_check
from entitlements.actions.key_checks import Said, Verdict
from entitlements.actions.key_schemes import change_schemes
from entitlements.errors import BadKeySchemes
from entitlements.models import KeySchemesVersion, Licence
from entitlements.rules.keys import AS_DELIVERED, KeyScheme
from entitlements.tasks import check_claims
from tests.entitlements.claims import KEY, NOT_PROVEN, PROVEN, claimed, with_check_digits
from tests.factories import NINE, make_claim, make_licence, make_manager

pytestmark = pytest.mark.django_db

Answer = Callable[[BaseHTTPRequestHandler], None]


class Service:
    """A web service that answers as the test says, and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.tokens: list[str | None] = []
        self.answer: Answer = said(True)
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                service.asked.append(json.loads(self.rfile.read(length)))
                service.tokens.append(self.headers["Authorization"])
                service.answer(self)

            def log_message(self, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.block_on_close = False
        Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}/keys?v=1"


def said(genuine: object, status: int = 200) -> Answer:
    return raw(json.dumps({"genuine": genuine}).encode(), status)


def raw(body: bytes, status: int = 200, **headers: str) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def dripping(handler: BaseHTTPRequestHandler) -> None:
    """A byte now and then, each before a time-out of the socket: it could go on for ever."""
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    try:
        for _ in range(100):
            handler.wfile.write(b" ")
            time.sleep(0.1)
    except OSError:
        pass


def silent(handler: BaseHTTPRequestHandler) -> None:
    time.sleep(3)


@pytest.fixture
def service(settings) -> Iterator[Service]:
    found = Service()
    settings.LICENCE_CHECK = "entitlements.actions.key_checks.ServiceCheck"
    settings.LICENCE_CHECK_URL = found.url
    settings.LICENCE_CHECK_TOKEN = "secret"
    settings.LICENCE_CHECK_SECONDS = 0.5
    yield found
    found.server.shutdown()
    found.server.server_close()


def test_a_service_that_knows_the_key_confirms_it_and_nobody_waited_for_it(service):
    claim = claimed()
    waited = claim.state
    done = check_claims()

    claim.refresh_from_db()
    assert (waited, done, claim.state) == ("waiting", 1, "confirmed")
    assert service.asked == [
        {
            "key": KEY,
            "edition": "business",
            "product": "AXIGEN Mail Server",
            "organisation": claim.organisation.name,
        }
    ]
    assert service.tokens == ["Bearer secret"]
    assert (check_claims(), len(service.asked)) == (0, 1)


def test_a_service_that_does_not_know_the_key_leaves_it_to_people(service):
    service.answer = said(False)
    claim = claimed()

    assert (check_claims(), check_claims()) == (0, 0)

    claim.refresh_from_db()
    assert (claim.state, claim.check_at) == ("waiting", None)
    assert claim.check_said == "The vendor's service does not know the key."
    assert len(service.asked) == 1


@pytest.mark.parametrize(
    "answer",
    (
        silent,
        dripping,
        said("yes"),
        said(True, status=500),
        raw(b"not JSON"),
        raw(b"[true]"),
        raw(b"", 302, Location="http://127.0.0.1:9/"),
        raw(b"\xff\xfe"),
    ),
)
def test_a_service_that_fails_leaves_it_unconfirmed_within_its_time_and_is_asked_again(
    service, answer
):
    service.answer = answer
    claim = claimed(at=timezone.now())

    started = time.monotonic()
    assert check_claims() == 0
    assert time.monotonic() - started < 2.5

    claim.refresh_from_db()
    assert (claim.state, claim.check_tries) == ("waiting", 1)
    assert claim.check_said.startswith("The vendor's service")
    again_at = claim.check_at
    assert again_at is not None
    assert PAUSES[0] - timedelta(seconds=9) < again_at - timezone.now() <= PAUSES[0]
    assert check_claims() == 0  # not before the pause is over
    assert len(service.asked) == 1


@pytest.mark.parametrize("url", ("http://127.0.0.1:9/", "", "file:///etc/passwd", "nonsense"))
def test_an_address_that_is_none_is_no_answer(service, settings, url):
    settings.LICENCE_CHECK_URL = url
    claim = claimed()

    assert check_claims() == 0

    claim.refresh_from_db()
    assert (claim.state, claim.check_tries) == ("waiting", 1)


def test_after_the_last_try_it_is_left_to_people():
    claim, silence = claimed(), Said(Verdict.SILENT, "The vendor's service did not answer.")

    for _ in range(len(PAUSES) + 1):
        note_check(claim, silence, at=NINE)

    claim.refresh_from_db()
    assert (claim.check_at, claim.check_tries) == (None, len(PAUSES) + 1)


def test_what_people_decided_meanwhile_stays():
    claim = claimed()
    confirm(claim, at=NINE, by=make_manager())

    assert not note_check(claim, Said(Verdict.SILENT, "Nothing"), at=NINE)

    claim.refresh_from_db()
    assert (claim.state, claim.check_tries) == ("confirmed", 0)


def test_a_genuine_key_that_counts_elsewhere_waits_for_people(service):
    make_licence(key=KEY)
    claim = claimed()

    assert check_claims() == 0

    claim.refresh_from_db()
    assert (claim.state, claim.check_at) == ("waiting", None)
    assert claim.check_said == "The key counts for another registration already."


def test_the_sweep_reads_over_its_partial_index_and_stops_after_so_many():
    make_claim(check_at=NINE)
    for number in range(50):
        make_claim(key=f"AXI-W{number}")

    with CaptureQueriesContext(connection) as queries:
        check_claims()

    asked = next(
        one["sql"] for one in queries if "check_at" in one["sql"] and "LIMIT" in one["sql"]
    )
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN " + asked)
        assert "licence_check_owed" in "\n".join(row[0] for row in cursor.fetchall())


def test_new_forms_of_keys_are_a_version_and_what_waits_is_checked_again_by_them():
    proven, other = claimed_before_digits()

    with_check_digits()
    done = check_claims()

    assert done == 1
    assert Licence.objects.get(pk=proven.pk).state == "confirmed"
    assert Licence.objects.get(pk=other.pk).check_said == "The key's check digit is wrong."
    version = KeySchemesVersion.objects.get()
    assert (version.version, version.read()["business"].check) == (1, "luhn")


def claimed_before_digits() -> tuple[Licence, Licence]:
    scheme = KeyScheme(("AXG-B-####-####-####-####",))
    first, second = (make_claim(key=one) for one in (PROVEN, NOT_PROVEN))
    assert scheme.fits(PROVEN)
    return first, second


def test_forms_that_can_not_be_used_change_nothing_and_the_same_again_is_no_version():
    manager = make_manager()
    broken = AS_DELIVERED | {"office": KeyScheme(("<b>",))}

    with pytest.raises(BadKeySchemes, match="Office edition: .* Say in a few words why"):
        change_schemes(broken, reason=" ", at=NINE, by=manager)

    assert change_schemes(AS_DELIVERED, reason="As it was", at=NINE, by=manager) is None
    assert not KeySchemesVersion.objects.exists()


def test_an_edition_without_a_pattern_takes_every_key_and_each_waits():
    free = AS_DELIVERED | {"business": KeyScheme(())}
    change_schemes(free, reason="Old keys look like anything", at=NINE, by=make_manager())

    assert claimed(key="FOO").state == "waiting"
