"""The doctor finds what an operator gets wrong, each by a sentence that helps."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection

from axsupport.operating import database_checks, doctor, service_checks
from axsupport.operating.findings import Finding, State, failing, ok, warning, worst
from core.keeper_sql import ROLE
from tests.factories import NINE

pytestmark = pytest.mark.django_db


def states(findings) -> list[State]:
    return [one.state for one in findings]


def test_a_database_as_it_should_be():
    found = [one for check in doctor.OF_THE_DATABASE for one in check()]

    assert states(found) == [State.OK] * 8


def test_a_table_without_its_wall_is_named():
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE notices_notice NO FORCE ROW LEVEL SECURITY")

    (found,) = database_checks.walls()

    assert found.state == State.FAILING
    assert "notices_notice" in found.says


def test_a_database_in_which_nothing_can_be_erased():
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {ROLE}")
        cursor.execute("DROP FUNCTION core_forget(text, jsonb)")
        cursor.execute("SET LOCAL ROLE NONE")

    (found,) = database_checks.forgetting()

    assert (found.state, "migrate" in found.says) == (State.WARNING, True)


def test_a_clock_that_is_wrong():
    assert database_checks.clock_finding(NINE, NINE + timedelta(seconds=4)).state == State.OK
    wrong = database_checks.clock_finding(NINE, NINE - timedelta(seconds=90))
    assert (wrong.state, "90 seconds" in wrong.says) == (State.WARNING, True)


def test_redis_that_is_away(settings):
    settings.CACHE_URL = "unix:///nonexistent/redis.sock?db=1"

    assert states(service_checks.redis()) == [State.FAILING]


def test_nobody_works():
    cache.clear()

    found = {one.check: one.state for one in service_checks.workers()}

    assert found == {
        "worker of celery": State.FAILING,
        "worker of outbox": State.FAILING,
        "worker of promises": State.FAILING,
        "beat": State.FAILING,
    }


@pytest.mark.parametrize(
    ("backend", "state"),
    (
        ("django.core.mail.backends.filebased.EmailBackend", State.WARNING),
        ("django.core.mail.backends.smtp.EmailBackend", State.FAILING),
        ("anymail.backends.mailgun.EmailBackend", State.OK),
    ),
)
def test_mail_out(settings, backend, state):
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = backend, "127.0.0.1", 1

    assert states(service_checks.mail_out()) == [state]


def test_mail_in(settings):
    settings.LMTP_LISTEN, settings.IMAP_ACCOUNTS, settings.ANYMAIL = "", [], {}
    assert states(service_checks.mail_in()) == [State.WARNING]
    settings.LMTP_LISTEN = "127.0.0.1:1"
    assert states(service_checks.mail_in()) == [State.FAILING]


@pytest.mark.parametrize(
    ("site", "proxies", "hsts", "hosts", "expected"),
    (
        ("http://127.0.0.1:8000", 0, 0, [], [State.OK]),
        ("http://support.example.com", 0, 0, [], [State.FAILING]),
        ("https://support.example.com", 1, 10**8, [], [State.OK, State.FAILING]),
        ("https://support.example.com", 1, 10**8, ["support.example.com"], [State.OK]),
        ("https://support.example.com", 0, 10**8, ["support.example.com"], [State.WARNING]),
        ("https://support.example.com", 1, 0, ["support.example.com"], [State.WARNING]),
    ),
)
def test_https(settings, site, proxies, hsts, hosts, expected):
    settings.SITE_URL, settings.ALLOWED_HOSTS = site, hosts
    settings.ALLAUTH_TRUSTED_PROXY_COUNT, settings.SECURE_HSTS_SECONDS = proxies, hsts
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

    assert states(service_checks.https()) == expected


@pytest.mark.parametrize(
    ("allowed", "checks", "state"),
    (
        ("take", True, State.OK),
        ("keep", True, State.OK),
        ("take", False, State.WARNING),
        ("keep", False, State.FAILING),
        ("answer", False, State.FAILING),
    ),
)
def test_what_unproven_mail_may_do(settings, allowed, checks, state):
    settings.UNPROVEN_MAILS, settings.MAIL_CHECK_DKIM = allowed, checks
    settings.MAIL_AUTHSERV_IDS = frozenset()

    assert states(service_checks.unproven_mail()) == [state]


def test_a_key_that_anybody_guesses(settings):
    settings.SECRET_KEY = "a" * 60

    assert states(service_checks.secret_key()) == [State.FAILING]


def test_the_command_says_what_helps_and_ends_with_one(monkeypatch, capsys):
    found = [ok("a", "is well"), warning("b", "is so so", "Do this."), failing("c", "no", "That.")]
    monkeypatch.setattr("axsupport.management.commands.doctor.examine", lambda: found)

    with pytest.raises(SystemExit) as end:
        call_command("doctor")
    said = capsys.readouterr().out
    monkeypatch.setattr("axsupport.management.commands.doctor.examine", lambda: found[:2])
    call_command("doctor", "--json")
    body = json.loads(capsys.readouterr().out)

    assert end.value.code == 1
    assert "warning   b: is so so" in said
    assert "-> That." in said
    assert body["status"] == "warning"
    assert body["checks"][0] == {"check": "a", "state": "ok", "says": "is well", "helps": ""}


def test_the_worst_counts():
    assert worst([]) == State.OK
    assert worst([Finding("a", State.WARNING, ""), Finding("b", State.OK, "")]) == State.WARNING
