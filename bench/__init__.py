"""How the desk behaves when it grows: `make bench`, or one by `python -m bench.pages`.

Importing this package starts a throw-away PostgreSQL and Redis, as the tests' plugin does, and
makes the tables: the environment's own servers and data are never touched. Done in the package
itself because the models can only be imported after it.
"""

import os

for _name in ("DATABASE_URL", "REDIS_URL", "DATA_DIR"):
    os.environ.pop(_name, None)
os.environ |= {
    "DJANGO_SETTINGS_MODULE": "axsupport.settings",
    "STAFF_NEED_SECOND_FACTOR": "no",  # the client signs in without one
    "LOG_LEVEL": "ERROR",
}

if os.environ.get("BENCH_KEEP") == "1":
    from bench.tools.keeping import start_kept_postgres

    start_kept_postgres()

import django  # noqa: E402
from django.core.management import call_command  # noqa: E402

import tests.servers  # noqa: E402, F401 -- starts what the environment does not name

django.setup()
call_command("migrate", verbosity=0)
