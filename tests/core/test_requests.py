"""What happens around every request: the transaction, refusals, figures, health."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from django.core.cache import cache
from django.db import OperationalError, connections
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import include, path

from accounts.models import Organisation, Person
from accounts.tenancy import working_for
from core.errors import Refusal
from core.logs import configure_logging
from core.observe import _without_keys
from core.throttle import PersonThrottle
from tests.factories import (
    make_contact,
    make_engineer,
    make_manager,
    make_organisation,
    make_partner,
    make_partner_engineer,
    make_tam,
)


class NotToday(Refusal):
    code = "not_today"
    text = "Not on a {day}. Come back tomorrow."


def _rename(request: HttpRequest) -> None:
    Organisation.objects.update(name="Changed")


def refuse(request: HttpRequest) -> HttpResponse:
    _rename(request)
    raise NotToday(day="Monday")


def fail(request: HttpRequest) -> HttpResponse:
    _rename(request)
    raise ZeroDivisionError


def deny(request: HttpRequest) -> HttpResponse:
    _rename(request)
    return HttpResponse("no", status=403)


def work(request: HttpRequest) -> HttpResponse:
    _rename(request)
    return HttpResponse("yes")


seen: list[Any] = []


def logs(request: HttpRequest) -> HttpResponse:
    seen.append(structlog.contextvars.get_contextvars().get("request"))
    return HttpResponse("yes")


LOGGING = configure_logging()
urlpatterns = [
    path("test/logs/", logs),
    path("test/refuse/", refuse),
    path("test/fail/", fail),
    path("test/deny/", deny),
    path("test/work/", work),
    path("", include("axsupport.urls")),
]


@pytest.fixture
def _test_urls(settings) -> None:
    settings.ROOT_URLCONF = __name__


@pytest.mark.django_db
@pytest.mark.usefixtures("_test_urls")
@pytest.mark.parametrize(
    ("name", "status", "changed"),
    (("refuse", 409, False), ("fail", 500, False), ("deny", 403, False), ("work", 200, True)),
)
def test_a_request_that_is_refused_or_fails_leaves_nothing_behind(name, status, changed):
    person = make_contact()
    client = Client(raise_request_exception=False)
    client.force_login(person)

    answer = client.get(f"/test/{name}/")

    assert answer.status_code == status
    assert (Organisation.objects.get().name == "Changed") == changed


@pytest.mark.django_db
@pytest.mark.usefixtures("_test_urls")
def test_a_request_reaches_only_the_organisation_of_whoever_asks(client):
    person, stranger = make_contact(), make_contact()
    client.force_login(person)

    client.get("/test/work/")

    changed = Organisation.objects.filter(name="Changed")
    assert list(changed) == [person.organisation]
    assert stranger.organisation not in changed


@pytest.mark.django_db
@pytest.mark.usefixtures("_test_urls")
def test_a_request_of_nobody_reaches_nothing(client):
    make_contact()

    client.get("/test/work/")

    assert Organisation.objects.get().name != "Changed"


@pytest.mark.django_db
@pytest.mark.usefixtures("_test_urls")
def test_a_refusal_is_a_sentence_for_people_and_a_code_for_programs(client):
    client.force_login(make_contact())

    page = client.get("/test/refuse/", headers={"Accept": "text/html"})
    plain = client.get("/test/refuse/", headers={"Accept": "application/json"})

    assert "Not on a Monday. Come back tomorrow." in page.content.decode()
    assert plain.json() == {
        "code": "not_today",
        "detail": "Not on a Monday. Come back tomorrow.",
    }


@pytest.mark.django_db
def test_who_works_for_whom():
    ours = make_organisation(partner=make_partner())
    theirs = make_organisation(partner=make_partner())
    both, only_ours = {ours, theirs}, {ours}
    people: dict[Person, set[Organisation]] = {
        make_contact(ours): only_ours,
        make_partner_engineer(ours.partner): only_ours,
        make_engineer(ours): only_ours,
        make_tam(ours): only_ours,
        make_tam(): set(),
        make_engineer(): both,
        make_engineer(role="ts2"): both,
        make_engineer(role="ts3"): both,
        make_manager(): both,
    }

    for person, expected in people.items():
        with working_for(person):
            assert set(Organisation.objects.all()) == expected, person.role


@pytest.mark.django_db
def test_health_is_good_when_database_and_broker_answer(client):
    answer = client.get("/healthz")

    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "database": "ok", "broker": "ok"}


@pytest.mark.django_db
def test_health_says_that_the_broker_is_away(client, settings):
    settings.CACHE_URL = "unix:///nonexistent/redis.sock?db=1"

    answer = client.get("/healthz")

    assert answer.status_code == 503
    assert answer.json() == {"status": "failing", "database": "ok", "broker": "failing"}


@pytest.fixture
def _no_database() -> Iterator[None]:
    """The default connection is closed, and leads to a server that is not there."""
    connection = connections["default"]
    connection.close()
    before = connection.settings_dict["HOST"]
    connection.settings_dict["HOST"] = "/nonexistent"
    yield
    connection.close()
    connection.settings_dict["HOST"] = before


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_no_database")
def test_health_says_that_the_database_is_away(client):
    with pytest.raises(OperationalError):
        connections["default"].ensure_connection()

    answer = client.get("/healthz")

    assert answer.status_code == 503
    assert answer.json()["database"] == "failing"


@pytest.mark.django_db
def test_figures_count_requests_by_what_became_of_them(client):
    client.get("/no-such-page/")

    said = client.get("/metrics").content.decode()

    assert 'axsupport_requests_total{method="GET",status="404"}' in said
    assert "axsupport_request_seconds_bucket" in said


@pytest.mark.django_db
def test_invented_methods_make_no_figures_of_their_own(client):
    client.generic("BREW", "/no-such-page/")

    said = client.get("/metrics").content.decode()

    assert "BREW" not in said
    assert 'method="other"' in said


@pytest.mark.django_db
def test_each_request_has_a_name_that_is_in_its_log_line(client, caplog):
    answer = client.get("/healthz")

    assert f"'request': '{answer['X-Request-Id']}'" in caplog.text


@pytest.mark.django_db
@pytest.mark.usefixtures("_test_urls")
def test_every_line_of_a_request_has_its_name_which_may_come_from_the_proxy(client, capsys):
    answer = client.get("/test/logs/", headers={"X-Request-Id": "proxy-77.a"})
    odd = client.get("/test/logs/", headers={"X-Request-Id": "x" * 65 + "\n"})

    assert answer["X-Request-Id"] == "proxy-77.a"
    assert odd["X-Request-Id"] != "x" * 65
    merged = structlog.contextvars.merge_contextvars
    assert merged in LOGGING["formatters"]["json"]["foreign_pre_chain"]
    assert seen == ["proxy-77.a", odd["X-Request-Id"]]


@pytest.mark.parametrize(
    ("path", "logged"),
    (
        ("/incidents/AX-2026-000042/", "/incidents/AX-2026-000042/"),
        (f"/invitations/{'x' * 43}/", "/invitations/…/"),
        (f"/rate/12:{'x' * 43}/", "/rate/…/"),
        (f"/accounts/password/reset/key/1-{'x' * 39}/", "/accounts/password/reset/key/…/"),
    ),
)
def test_links_that_open_doors_are_not_logged(path, logged):
    assert _without_keys(path) == logged


@pytest.mark.xdist_group("cache")
@pytest.mark.django_db
def test_requests_at_once_are_all_counted(settings):
    cache.clear()
    settings.API_REQUESTS_A_MINUTE = 10
    request: Any = RequestFactory().get("/")
    view: Any = None
    request.user = make_contact()
    together, results = threading.Barrier(20), []

    def ask() -> None:
        together.wait()
        results.append(PersonThrottle().allow_request(request, view))

    threads = [threading.Thread(target=ask) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(results) == [False] * 10 + [True] * 10


@pytest.mark.django_db
def test_a_desk_without_its_cache_still_answers(settings):
    settings.CACHES = {
        "default": settings.CACHES["default"] | {"LOCATION": "unix:///nonexistent/redis.sock"}
    }
    request: Any = RequestFactory().get("/")
    view: Any = None
    request.user = make_contact()

    assert PersonThrottle().allow_request(request, view)
