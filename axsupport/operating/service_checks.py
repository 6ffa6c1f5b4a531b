"""What doctor looks at around the database: queue, workers, files, mail, settings."""

from __future__ import annotations

import shutil
import smtplib
import socket
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from celery import current_app
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from kombu.exceptions import OperationalError
from redis import Redis, RedisError

from axsupport.events import doorway
from axsupport.operating.findings import Finding, failing, ok, warning
from core.cache import OPTIONS
from core.clock import database_now
from core.events.passes import line_of
from core.runs import last_runs

SENDS = "notices.tasks.send_owed"
QUIET = timedelta(minutes=2)
ROOM, LITTLE_ROOM = 1_000_000_000, 5_000_000_000  # bytes
SMTP = "smtp"
SHORTEST_KEY = 32
HALF_A_YEAR = 15_768_000
UNPROVEN_MAY = {
    "take": "become an incident or a message, marked",
    "answer": "only answer an incident",
    "keep": "do nothing by itself",
}


def redis() -> Iterator[Finding]:
    try:
        with Redis.from_url(settings.CACHE_URL, **OPTIONS) as server:
            server.ping()
            policy = server.config_get("maxmemory-policy").get("maxmemory-policy", "noeviction")
    except RedisError as error:
        helps = "Start it, or correct REDIS_URL. Pages work meanwhile, sweeps do not."
        yield failing("redis", f"does not answer ({error})", helps)
        return
    if policy != "noeviction":
        helps = "Set maxmemory-policy noeviction: the queue must not lose a message."
        yield warning("redis", f"evicts when memory is short ({policy})", helps)
    else:
        yield ok("redis", "answers, and evicts nothing")


def workers() -> Iterator[Finding]:
    """All queues have somebody who takes from them, and beat asks."""
    try:
        found = current_app.control.inspect(timeout=2).active_queues() or {}
    except (OperationalError, RedisError, OSError) as error:
        yield failing("workers", f"can not be asked ({error})", "See redis.")
        return
    taken = {queue["name"] for queues in found.values() for queue in queues}
    for queue in ("celery", "outbox", "promises"):
        if queue in taken:
            yield ok(f"worker of {queue}", "answers")
        else:
            helps = "Start it: the commands are in axsupport/up/commands.py and docker-compose.yml."
            yield failing(f"worker of {queue}", "nobody takes from this queue", helps)
    yield from _beat()


def _beat() -> Iterator[Finding]:
    run = last_runs([SENDS]).get(SENDS)
    if run is not None and database_now() - run.ended_at < QUIET:
        yield ok("beat", f"the outbox was looked at at {run.ended_at:%H:%M:%S} UTC")
    else:
        says = f"the outbox was looked at last {run.ended_at if run else 'never'}"
        yield failing("beat", says, "Start beat, exactly one, and a worker.")


def events() -> Iterator[Finding]:
    """Somebody listens to what the desk publishes; here the web server's door to it, too."""
    line = line_of(settings.SECRET_KEY)
    try:
        with Redis.from_url(settings.CACHE_URL, **OPTIONS) as server:
            listening = dict(server.pubsub_numsub(line)).get(line.encode(), 0)
    except RedisError as error:
        yield failing("events", f"can not be told ({error})", "See redis.")
        return
    helps = "Start `python -m axsupport.events`. Pages look for news by themselves each minute."
    if not listening:
        yield failing("events", "nobody listens to what changes", helps)
    elif not Path(settings.EVENTS_SOCKET).exists():
        yield ok("events", "listens; a proxy has to lead /events/ to it")
    elif doorway.answers(settings.EVENTS_SOCKET):
        yield ok("events", "listens, and takes pages over from the web server")
    else:
        yield failing("events", f"does not answer at {settings.EVENTS_SOCKET}", helps)


def static_files() -> Iterator[Finding]:
    try:
        staticfiles_storage.url("css/tokens.css")
        collected = (Path(settings.STATIC_ROOT) / "css" / "tokens.css").exists()
    except (ValueError, OSError):
        collected = False
    if collected:
        yield ok("static files", f"collected in {settings.STATIC_ROOT}")
    else:
        helps = "Run `python manage.py collectstatic --noinput`."
        yield failing("static files", f"not in {settings.STATIC_ROOT}", helps)


def mail_out() -> Iterator[Finding]:
    backend = settings.EMAIL_BACKEND
    if "filebased" in backend or "console" in backend or "dummy" in backend:
        yield warning("mail out", "mails go to files, nobody gets one", "Set EMAIL_URL.")
    elif SMTP in backend:
        yield _smtp()
    else:
        yield ok("mail out", f"by {backend.rpartition('.')[2]} of a provider, not tried")


def _smtp() -> Finding:
    kind = smtplib.SMTP_SSL if getattr(settings, "EMAIL_USE_SSL", False) else smtplib.SMTP
    where = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    try:
        with kind(settings.EMAIL_HOST, settings.EMAIL_PORT, timeout=5) as server:
            if getattr(settings, "EMAIL_USE_TLS", False):
                server.starttls()
            if settings.EMAIL_HOST_USER:
                server.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
    except (smtplib.SMTPException, OSError) as error:
        return failing("mail out", f"{where} says {error}", "Correct EMAIL_URL.")
    return ok("mail out", f"{where} lets us in")


def mail_in() -> Iterator[Finding]:
    """At least one door stands open; those that can be tried are tried."""
    doors = 0
    if settings.LMTP_LISTEN:
        doors += 1
        yield _lmtp(settings.LMTP_LISTEN)
    if settings.IMAP_ACCOUNTS:
        doors += 1
        names = ", ".join(account.name for account in settings.IMAP_ACCOUNTS)
        yield ok("mail in", f"fetched from {names}; the watchdog's page says since when")
    if settings.ANYMAIL.get("WEBHOOK_SECRET"):
        doors += 1
        yield ok("mail in", "a provider may post mails")
    if not doors:
        helps = "Set LMTP_LISTEN, IMAP_URL or ANYMAIL_WEBHOOK_SECRET, or pipe into receive_mail."
        yield warning("mail in", "no door is set up; a pipe of a mail server is not seen", helps)


def unproven_mail() -> Iterator[Finding]:
    """What mail may do of which nothing proves the sender, and whether anything ever does (M1)."""
    allowed = settings.UNPROVEN_MAILS
    says = f"may {UNPROVEN_MAY[allowed]}"
    if settings.MAIL_AUTHSERV_IDS or settings.MAIL_CHECK_DKIM:
        yield ok("unproven mail", says)
        return
    helps = "Name your mail filters in MAIL_AUTHSERV_IDS, or set MAIL_CHECK_DKIM=1."
    if allowed == "take":
        yield warning("unproven mail", "nothing ever proves a sender", helps)
    else:
        yield failing("unproven mail", f"nothing ever proves a sender, and all mail {says}", helps)


def _lmtp(listen: str) -> Finding:
    try:
        if listen.startswith(("/", "unix:")):
            with socket.socket(socket.AF_UNIX) as line:
                line.settimeout(5)
                line.connect(listen.removeprefix("unix:"))
        else:
            host, _, port = listen.rpartition(":")
            socket.create_connection((host.strip("[]"), int(port)), timeout=5).close()
    except OSError as error:
        return failing("mail in", f"nobody answers at {listen} ({error})", "Start lmtpd.")
    return ok("mail in", f"LMTP answers at {listen}")


def disk() -> Iterator[Finding]:
    free = shutil.disk_usage(settings.DATA_DIR).free
    says = f"{free / 1e9:.1f} GB free for {settings.DATA_DIR}"
    if free < ROOM:
        yield failing("disk", says, "Free some room at once.")
    elif free < LITTLE_ROOM:
        yield warning("disk", says, "Free some room.")
    else:
        yield ok("disk", says)


def secret_key() -> Iterator[Finding]:
    kept = settings.DATA_DIR / "secret_key"
    if len(settings.SECRET_KEY) < SHORTEST_KEY or len(set(settings.SECRET_KEY)) < 8:
        yield failing("secret key", "too short to be a secret", "Set SECRET_KEY, 50 at random.")
    elif kept.exists() and kept.stat().st_mode & 0o077:
        yield warning("secret key", f"others may read {kept}", f"chmod 600 {kept}")
    else:
        yield ok("secret key", "long enough, and nobody else's to read")


def https() -> Iterator[Finding]:
    site = urlsplit(settings.SITE_URL)
    is_local = site.hostname in ("127.0.0.1", "localhost", "::1")
    if site.scheme != "https":
        helps = "Put HTTPS in front, and set SITE_URL to https://..."
        if is_local:
            yield ok("https", f"{settings.SITE_URL} is this machine's own")
        else:
            yield failing("https", f"{settings.SITE_URL} sends passwords in the clear", helps)
        return
    if not settings.ALLAUTH_TRUSTED_PROXY_COUNT or not settings.SECURE_PROXY_SSL_HEADER:
        helps = "Set BEHIND_HTTPS_PROXY=1 and TRUSTED_PROXIES=1 where a proxy ends HTTPS."
        yield warning("https", "no proxy is trusted: every visitor has the proxy's address", helps)
    elif settings.SECURE_HSTS_SECONDS < HALF_A_YEAR:
        yield warning("https", "browsers may come back without it", "Set HSTS_SECONDS=31536000.")
    else:
        yield ok("https", settings.SITE_URL)
    if not {site.hostname, "*", f".{site.hostname}"} & set(settings.ALLOWED_HOSTS):
        yield failing("https", f"{site.hostname} is refused", "Add it to ALLOWED_HOSTS.")
