"""What operators look at: one log line a request, figures for Prometheus, health."""

from __future__ import annotations

import os
import re
import time
import uuid
from collections.abc import Callable

import structlog
from django.conf import settings
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
    multiprocess,
)
from redis import Redis, RedisError
from structlog.contextvars import bound_contextvars

from core.asking import address_of, answering
from core.cache import OPTIONS

logger = structlog.get_logger("request")

# Whoever asks chooses the method; each new one would be a figure to keep for ever.
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
KEY_LENGTH = 32
_NAME = re.compile(r"[A-Za-z0-9._-]{4,64}")

REQUESTS = Counter("axsupport_requests_total", "Requests answered", ["method", "status"])
SECONDS = Histogram("axsupport_request_seconds", "Time to answer a request", ["view"])

# What every web process would read alike from the database, at each scrape; an app above registers
# its collectors here.
FROM_ROWS = CollectorRegistry()


class ObserveMiddleware:
    """Names each request, logs it in one line, counts and times it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        name = _name_of(request)
        with answering(address_of(request), name), bound_contextvars(request=name):
            response = self.get_response(request)
        seconds = time.perf_counter() - started
        found = request.resolver_match
        view = found.view_name if found else "none"
        method = request.method if request.method in METHODS else "other"
        REQUESTS.labels(method, response.status_code).inc()
        SECONDS.labels(view).observe(seconds)
        logger.info(
            "answered",
            request=name,
            method=request.method,
            path=_without_keys(request.path),
            status=response.status_code,
            milliseconds=round(seconds * 1000),
        )
        response["X-Request-Id"] = name
        return response


def _name_of(request: HttpRequest) -> str:
    """As whoever is in front calls it, where that is a name; else one of our own."""
    given = request.META.get("HTTP_X_REQUEST_ID", "")
    return given if _NAME.fullmatch(given) else uuid.uuid4().hex[:12]


def alive(request: HttpRequest) -> JsonResponse:
    """200 while the process answers at all, whatever else is away: else it is to be restarted."""
    return JsonResponse({"status": "ok"})


def ready(request: HttpRequest) -> JsonResponse:
    """200 when pages can be served: the database answers. Without the broker they can."""
    works = _database_works()
    said = "ok" if works else "failing"
    return JsonResponse({"status": said, "database": said}, status=200 if works else 503)


def health(request: HttpRequest) -> JsonResponse:
    """200 when web, database and broker work; 503 with what does not."""
    parts = {"database": _database_works(), "broker": _broker_works()}
    whole = all(parts.values())
    body = {"status": "ok" if whole else "failing"} | {
        part: "ok" if works else "failing" for part, works in parts.items()
    }
    return JsonResponse(body, status=200 if whole else 503)


def metrics(request: HttpRequest) -> HttpResponse:
    """Figures of all web processes for Prometheus, and those that are read from rows."""
    counted = REGISTRY
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        counted = CollectorRegistry()
        multiprocess.MultiProcessCollector(counted)  # type: ignore[no-untyped-call]
    said = generate_latest(counted) + generate_latest(FROM_ROWS)
    return HttpResponse(said, content_type=CONTENT_TYPE_LATEST)


def _without_keys(path: str) -> str:
    """The path without what opens a door: the links of invitations, ratings, new passwords."""
    return "/".join(one if len(one) < KEY_LENGTH else "…" for one in path.split("/"))


def _database_works() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return False
    return True


def _broker_works() -> bool:
    try:
        with Redis.from_url(settings.CACHE_URL, **OPTIONS) as broker:
            return bool(broker.ping())
    except RedisError:
        return False
