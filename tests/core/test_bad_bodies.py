"""Bodies that no honest client sends: each is a clear 400, none breaks us."""

import json

import pytest
from django.core.cache import cache
from rest_framework.test import APIClient

from accounts.actions.tokens import make_api_token
from core import nesting
from tests.factories import NINE, make_contact
from tests.strangers import make_world, places

pytestmark = pytest.mark.django_db

DEEP = {
    "a deep list": "[" * 100_000 + "]" * 100_000,
    "a list without an end": "[" * 100_000,
    "a deep object": '{"a":' * 100_000 + "1" + "}" * 100_000,
    "one level too deep": "[" * (nesting.DEEPEST + 1) + "]" * (nesting.DEEPEST + 1),
    "deep inside a field": '{"subject": ' + "[" * 5_000 + "]" * 5_000 + "}",
}
WRONG = {
    "half a surrogate": '{"subject": "\\ud800", "body": "x"}',
    "half a surrogate as a name": '{"\\udfff": 1}',
    "no UTF-8": b'{"subject": "\xff\xfe"}',
    "a number without an end": '{"licence": ' + "9" * 10_000 + "}",
    "not a number": '{"licence": NaN}',
    "cut off": '{"subject": "x',
    "nothing": "",
    "a list": "[]",
    "null": "null",
    "a text": '"x"',
    "a number": "7",
    "NUL": '{"subject": "a\\u0000b", "body": "\\u0000"}',
    "lists for texts": '{"subject": [], "body": {}, "licence": [1], "priority": {}}',
    "huge": '{"licence": 99999999999999999999, "priority": 1e308, "subject": true}',
}
BODIES = DEEP | WRONG


@pytest.fixture
def client(settings) -> APIClient:
    cache.clear()
    settings.API_REQUESTS_A_MINUTE = 1_000_000
    made = APIClient(raise_request_exception=False)
    token = make_api_token(make_contact(), at=NINE)
    made.credentials(HTTP_AUTHORIZATION=f"Token {token}")
    return made


@pytest.mark.parametrize("name", DEEP)
def test_json_that_is_too_deep_is_said_so(client, name):
    answer = client.post("/api/v1/incidents/", DEEP[name], content_type="application/json")

    assert answer.status_code == 400
    assert (
        "nested deeper" in answer.json()["detail"] or "JSON parse error" in answer.json()["detail"]
    )


def test_no_body_breaks_any_url_of_the_api(client):
    """Own and foreign things alike: every URL, every body, every method that takes one."""
    broken = []
    urls = {one.path for one in places(make_world()) if one.path.startswith("/api/v1/")}
    for url in sorted(urls):
        for name, body in BODIES.items():
            for method in ("post", "put", "patch"):
                answer = getattr(client, method)(url, body, content_type="application/json")
                if answer.status_code >= 500:
                    broken.append((method, url, name))

    assert len(urls) > 10
    assert broken == []


@pytest.mark.parametrize("kind", ("application/json; charset=nonsense", "text/plain", "a/b", ""))
def test_a_kind_of_body_that_nobody_knows_is_refused(client, kind):
    answer = client.generic("POST", "/api/v1/incidents/", b"{}", content_type=kind)

    assert 400 <= answer.status_code < 500


def test_what_is_as_deep_as_ours_is_read():
    text = json.dumps({"a": [{"b": [1, "x", None]}]})

    assert nesting.read(text) == {"a": [{"b": [1, "x", None]}]}
