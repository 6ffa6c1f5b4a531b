"""Looks at everything that an operator can get wrong; changes nothing."""

from __future__ import annotations

from django.db import Error, connection

from axsupport.operating import database_checks, service_checks
from axsupport.operating.findings import Check, Finding, failing

OF_THE_DATABASE: tuple[Check, ...] = (
    database_checks.version,
    database_checks.role,
    database_checks.encoding,
    database_checks.walls,
    database_checks.search,
    database_checks.migrations,
    database_checks.forgetting,
    database_checks.clock,
)
OF_THE_REST: tuple[Check, ...] = (
    service_checks.static_files,
    service_checks.redis,
    service_checks.workers,
    service_checks.events,
    service_checks.mail_out,
    service_checks.mail_in,
    service_checks.unproven_mail,
    service_checks.disk,
    service_checks.secret_key,
    service_checks.https,
)


def examine() -> list[Finding]:
    """All findings, in the order in which they are worth reading."""
    found: list[Finding] = []
    try:
        connection.ensure_connection()
    except Error as error:
        says = f"does not answer ({' '.join(str(error).split())})"
        found.append(failing("database", says, "Start it, or correct DATABASE_URL."))
    else:
        for check in OF_THE_DATABASE:
            found += check()
    for check in OF_THE_REST:
        try:
            found += check()
        except Error as error:  # the database is away, which was said
            found.append(failing(check.__name__, f"can not be told ({error})", ""))
    return found
