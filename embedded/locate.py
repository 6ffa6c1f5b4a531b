"""Where the embedded servers of a data folder listen; the settings of a project ask here.

    embedded_database(Path(".data"), "shop")  ->  {"HOST": "/srv/shop/.data/run/pg",
                                                   "NAME": "shop", "USER": "shop"}   or None
    embedded_redis(Path(".data"))     ->  Path("/srv/shop/.data/run/redis.sock")     or None

None means that nobody answers there now: `make up` does not run on that data folder. HOST is a
folder, which Django, psycopg2 and libpq take for "the Unix socket in here". No password: the
folder of the sockets is closed to other users.

`make up` and the tests hand the same servers to their children through the environment, as

    DATABASE_URL=postgres://shop@//srv/shop/.data/run/pg/shop        (`database_url`)
    REDIS_URL=unix:///srv/shop/.data/run/redis.sock?db=0             (`redis_url`)

the first in the form that django-environ reads as a socket folder. `celery_url` and `cache_url`
turn any REDIS_URL, socket or network, into what Celery and Django's cache want.

Nothing here starts, waits or writes; nothing here imports Django.
"""

from __future__ import annotations

import json
import socket
from pathlib import Path
from urllib.parse import parse_qs, quote, unquote, urlsplit, urlunsplit

POSTGRES_SOCKET = ".s.PGSQL.5432"
RECORD = Path("run", "servers.json")  # below the data folder; says where the sockets are


def embedded_database(data_dir: Path, name: str) -> dict[str, str] | None:
    """HOST, NAME and USER for Django's DATABASES, or None when no embedded database answers.

    `name` is that of the database and of the role that owns it.
    """
    folder = _recorded(data_dir, "database")
    if folder is None or not _answers(folder / POSTGRES_SOCKET):
        return None
    return {"HOST": str(folder), "NAME": name, "USER": name}


def embedded_redis(data_dir: Path) -> Path | None:
    """The Unix socket of the embedded Redis, or None when nobody answers on it."""
    path = _recorded(data_dir, "redis")
    return path if path is not None and _answers(path) else None


def database_url(folder: Path, name: str) -> str:
    """The DATABASE_URL of a PostgreSQL whose socket is in `folder`, as django-environ reads it."""
    return f"postgres://{name}@/{quote(str(folder))}/{name}"


def redis_url(path: Path) -> str:
    """The REDIS_URL of a Redis that listens on the Unix socket `path`."""
    return f"unix://{quote(str(path))}?db=0"


def celery_url(url: str) -> str:
    """`url` (a REDIS_URL) as Celery's broker_url: sockets have a scheme of their own there."""
    parts = urlsplit(url)
    if parts.scheme != "unix":
        return url
    return f"redis+socket://{quote(unquote(parts.path))}?virtual_host={_database_of(url)}"


def cache_url(url: str) -> str:
    """`url` (a REDIS_URL) as the LOCATION of Django's cache: the next database of that server.

    Its own database, since clearing a cache empties the database that it lives in, and the
    queue must not go with it.
    """
    parts = urlsplit(url)
    number = _database_of(url) + 1
    if parts.scheme == "unix":
        return f"unix://{quote(unquote(parts.path))}?db={number}"
    return urlunsplit(parts._replace(path=f"/{number}"))


def _database_of(url: str) -> int:
    parts = urlsplit(url)
    if parts.scheme == "unix":
        return int(parse_qs(parts.query).get("db", ["0"])[0])
    return int(parts.path.strip("/") or 0)


def _recorded(data_dir: Path, name: str) -> Path | None:
    try:
        return Path(json.loads((data_dir / RECORD).read_text())[name])
    except (OSError, ValueError, KeyError):  # never started, or half written by a killed run
        return None


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(2)
        try:
            probe.connect(str(path))
        except OSError:
            return False
    return True
