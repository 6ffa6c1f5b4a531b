"""The key of the second factors' secrets: one of its own, which can be replaced while we run.

`FACTOR_KEY` names one or more, separated by commas: the first encrypts, all decrypt. Without it
`DATA_DIR/factor_key` holds them, a line each. The file is read again when it changes, so
that running processes follow a rotation.
"""

from __future__ import annotations

import os
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

from accounts.errors import FactorKeyMissing

MARK = "f1:"  # what is encrypted begins with it; what does not is from before there was a key


def encrypt(text: str) -> str:
    return MARK + _keys().encrypt(text.encode()).decode()


def decrypt(text: str) -> str:
    """Error: `FactorKeyMissing`. Text without the mark was never encrypted, and is given back."""
    if not text.startswith(MARK):
        return text
    try:
        return _keys().decrypt(text.removeprefix(MARK).encode()).decode()
    except InvalidToken:
        raise FactorKeyMissing() from None


def is_current(text: str) -> bool:
    """Whether the text is encrypted with the key that encrypts now."""
    if not text.startswith(MARK):
        return False
    try:
        Fernet(_names()[0]).decrypt(text.removeprefix(MARK).encode())
    except InvalidToken:
        return False
    return True


def add_new_key() -> bool:
    """Put a fresh key before those of the file; False where `FACTOR_KEY` names them."""
    if settings.FACTOR_KEY:
        return False
    _write([Fernet.generate_key().decode(), *_names()])
    return True


def drop_old_keys() -> None:
    """Keep only the key that encrypts; call it when nothing is encrypted with the others."""
    if not settings.FACTOR_KEY:
        _write(_names()[:1])


def key_file() -> Path:
    return Path(settings.DATA_DIR, "factor_key")


def _keys() -> MultiFernet:
    return MultiFernet([Fernet(name) for name in _names()])


def _names() -> list[str]:
    if settings.FACTOR_KEY:
        return [one.strip() for one in settings.FACTOR_KEY.split(",") if one.strip()]
    if not key_file().exists():
        _write([Fernet.generate_key().decode()], only_if_new=True)
    stat = key_file().stat()
    return list(_read(str(key_file()), stat.st_mtime_ns, stat.st_ino))


@lru_cache(maxsize=4)
def _read(path: str, changed: int, inode: int) -> tuple[str, ...]:
    return tuple(Path(path).read_text().split())


def _write(names: list[str], *, only_if_new: bool = False) -> None:
    """All at once, readable by us alone; of two processes that start together one wins."""
    key_file().parent.mkdir(parents=True, exist_ok=True)
    fresh = key_file().with_name(f"factor_key.{os.getpid()}")
    fresh.touch(mode=0o600)
    fresh.write_text("\n".join(names) + "\n")
    if only_if_new:
        with suppress(FileExistsError):
            os.link(fresh, key_file())
        fresh.unlink()
    else:
        fresh.rename(key_file())
