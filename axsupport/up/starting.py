"""What a process that stays looks at before it begins."""

from __future__ import annotations

import sys

from django.db import Error, connection

from core.roles import unfit_role


def refuse_unfit_role(**_: object) -> None:
    """End with one sentence where the database's walls do not bind us.

    A database that is away is no reason: it may come back, and `prepare` looked before.
    """
    try:
        sentence = unfit_role()
    except Error:
        return
    finally:
        connection.close()  # the processes that are forked from us make their own
    if sentence:
        print(sentence, file=sys.stderr, flush=True)
        sys.exit(1)
