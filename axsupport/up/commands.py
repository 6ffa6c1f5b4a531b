"""The commands that make up the desk; `make up` and docker-compose.yml run the very same."""

from __future__ import annotations

WEB_WORKERS = 2
WEB_THREADS = 64  # clients that a process attends to; `settings.PAGE_THREADS` of them at work
TASK_WORKERS = 2

PROJECT = "axsupport"  # the name of the embedded database, and of the role that owns it


def prepare(python: str) -> list[str]:
    """Migrate and, if DEMO says so, load the demo: everything that comes before the first page."""
    return [python, "-m", "axsupport.up.prepare"]


def web(python: str, bind: str) -> list[str]:
    """The web server on `bind` ("127.0.0.1:8000"). Its log goes to standard output."""
    return [
        *(python, "-m", "gunicorn", "axsupport.wsgi"),
        *("--bind", bind),
        "--preload",  # the workers share one import of the desk, in time and in memory
        *("--worker-class", "axsupport.counter.PatientWorker"),
        *("--workers", str(WEB_WORKERS)),
        *("--threads", str(WEB_THREADS)),
        *("--timeout", "60"),
        *("--graceful-timeout", "10"),
        *("--max-requests", "10000", "--max-requests-jitter", "1000"),
    ]


def worker(python: str) -> list[str]:
    """The worker of the sweeps; its processes are replaced now and then to keep memory flat."""
    return _worker(python, "celery,outbox", TASK_WORKERS)


def promises(python: str) -> list[str]:
    """The worker of promises and dispatch alone, so that nothing goes before them.

    Two processes: dispatch, which runs once at a time, never keeps a breach waiting.
    """
    return [*_worker(python, "promises", 2), "--hostname", "promises@%h"]


def _worker(python: str, queue: str, processes: int) -> list[str]:
    return [
        *(python, "-m", "celery", "-A", "axsupport", "worker"),
        *("--loglevel", "INFO"),
        *("--queues", queue),
        *("--pool", "prefork", "--concurrency", str(processes)),
        *("--without-gossip", "--without-mingle"),
        *("--max-tasks-per-child", "2000"),
    ]


def events(python: str, *where: str) -> list[str]:
    """The process that open pages listen to: `--listen HOST:PORT`, `--socket PATH`, or both."""
    return [python, "-m", "axsupport.events", *where]


def lmtp(python: str, listen: str) -> list[str]:
    """The server that a mail server delivers to; only where LMTP_LISTEN says so."""
    return [python, "manage.py", "lmtpd", "--listen", listen]


def imap(python: str) -> list[str]:
    """Fetches from the mailboxes of IMAP_URL; only where that is set."""
    return [python, "manage.py", "imapd"]


def beat(python: str, schedule: str) -> list[str]:
    """The clock of the sweeps. `schedule` is a file that may be thrown away at each start."""
    return [
        *(python, "-m", "celery", "-A", "axsupport", "beat"),
        *("--loglevel", "INFO"),
        *("--schedule", schedule, "--pidfile="),
    ]
