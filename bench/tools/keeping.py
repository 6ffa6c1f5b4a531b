"""The servers and data of a bench, kept for the next run where `BENCH_KEEP=1` says so.

They live in `BENCH_DIR` (`.bench` in the checkout). Remove the folder to begin anew.
"""

from __future__ import annotations

import atexit
import os
from pathlib import Path

from axsupport.up.commands import PROJECT
from embedded.locate import database_url
from embedded.postgres import Postgres
from embedded.processes import Family, clear_leftovers, wait_until

CHECKOUT = Path(__file__).parents[2]


def start_kept_postgres() -> None:
    """Start the kept PostgreSQL and name it in the environment, as an operator would."""
    folder = Path(os.environ.get("BENCH_DIR", CHECKOUT / ".bench")).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    record = folder / "processes.json"
    clear_leftovers(record)
    family = Family(record)
    atexit.register(family.close)
    postgres = Postgres(folder / "pg", folder / "run", PROJECT, durable=False)
    postgres.make()
    postgres.clear_leftovers()
    postgres.start(family, folder / "postgres.log")
    if not wait_until(postgres.answers, patience=30):
        raise SystemExit(f"PostgreSQL does not answer: see {folder / 'postgres.log'}")
    os.environ["DATABASE_URL"] = database_url(postgres.sockets, PROJECT)
