"""What every process of the desk reads from its environment, with or without Django.

The events' process needs nothing else: it stays small by not loading the settings.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from embedded.locate import embedded_redis, redis_url

BASE_DIR = Path(__file__).resolve().parent.parent


def data_dir() -> Path:
    """The folder of everything that stays."""
    return Path(os.environ.get("DATA_DIR") or BASE_DIR / ".data").resolve()


def secret_key(data: Path) -> str:
    """SECRET_KEY; without one a desk on one machine makes its own, once, and keeps it."""
    given = os.environ.get("SECRET_KEY", "")
    kept = data / "secret_key"
    if given:
        return given
    if not kept.exists():
        data.mkdir(parents=True, exist_ok=True)
        fresh = kept.with_name(f"secret_key.{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(50))
        fresh.rename(kept)
    return kept.read_text().strip()


def broker(data: Path) -> str:
    """REDIS_URL; without one the embedded Redis of the data folder."""
    given = os.environ.get("REDIS_URL", "")
    return given or redis_url(embedded_redis(data) or data / "run" / "redis.sock")
