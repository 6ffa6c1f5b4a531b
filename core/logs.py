"""How the desk logs. Imported by the settings, so it imports nothing of Django."""

from __future__ import annotations

from typing import Any

import structlog


def configure_logging() -> dict[str, Any]:
    """Django's LOGGING: one JSON object a line, from our code and from libraries alike."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,  # the request or the task, in each line of it
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processor": structlog.processors.JSONRenderer(),
                "foreign_pre_chain": shared,
            }
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    }
