"""Whether DATABASE_URL and REDIS_URL are addresses at all; whether somebody answers is asked later.

The sentences never quote the address: a password is in it.
"""

from __future__ import annotations

import warnings
from urllib.parse import urlsplit

import environ

from embedded.errors import ServiceError
from embedded.locate import cache_url

_PASSWORD = "Special characters of the password are written as %40 for @ and so on."


def check_addresses(database: str, redis: str) -> None:
    """Raise ServiceError for one that can not be read; an empty one means the embedded server."""
    if database and not _is_database(database):
        raise ServiceError(
            "DATABASE_URL is no address of a PostgreSQL database: write it as"
            f" postgres://user:password@host:5432/name. {_PASSWORD}"
        )
    if redis and not _is_redis(redis):
        raise ServiceError(
            "REDIS_URL is no address of a Redis: write it as redis://host:6379/0, or"
            f" rediss://:password@host:6379/0, or unix:///path/to/socket?db=0. {_PASSWORD}"
        )


def _is_database(url: str) -> bool:
    """As the settings read it: a socket's folder may stand in place of the host."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns of engines that it does not know
            found = environ.Env.db_url_config(url)
    except ValueError:
        return False
    is_ours = str(found.get("ENGINE", "")).endswith(".postgresql")
    return bool(is_ours and found["NAME"] and not _has_space(url))


def _is_redis(url: str) -> bool:
    try:
        parts = urlsplit(url)
        place = parts.path if parts.scheme == "unix" else parts.hostname
        cache_url(url)  # which reads the number of the database
        return bool(place and parts.port != 0 and parts.scheme in ("redis", "rediss", "unix"))
    except ValueError:
        return False


def _has_space(url: str) -> bool:
    return any(one.isspace() for one in url)
