"""The desk of the browser tests: it stops only when its last request is over."""

from __future__ import annotations

import threading
from typing import Any

from tests.browser.server import Gate


def ask(gate: Gate) -> tuple[str, bytes]:
    said: list[str] = []

    def start_response(status: str, headers: list[tuple[str, str]]) -> None:
        said.append(status)

    body = b"".join(gate({}, start_response))
    return said[0], body


def test_stopping_waits_for_the_request_under_way_and_lets_no_other_in():
    inside, may_end, order = threading.Event(), threading.Event(), []

    def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        inside.set()
        assert may_end.wait(10)
        order.append("answered")
        start_response("200 OK", [])
        return [b"whole"]

    def close() -> None:
        gate.close()
        order.append("closed")

    gate = Gate(app)
    answers: list[tuple[str, bytes]] = []
    asking = threading.Thread(target=lambda: answers.append(ask(gate)))
    asking.start()
    assert inside.wait(10)
    closing = threading.Thread(target=close)
    closing.start()
    closing.join(0.2)
    assert closing.is_alive()

    late = ask(gate)
    may_end.set()
    asking.join(10)
    closing.join(10)

    assert late == ("503 Service Unavailable", b"")
    assert answers == [("200 OK", b"whole")]
    assert order == ["answered", "closed"]
