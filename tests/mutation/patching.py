"""Puts a fault into a module that is imported already, for the life of one forked process.

Whoever did `from module import function` holds the function itself, so its code is replaced; a
constant is replaced wherever it was imported to. Nothing that was cached survives.
"""

from __future__ import annotations

import sys
from functools import lru_cache
from pathlib import Path
from types import FunctionType
from typing import Any

from tests.mutation.operators import Mutant, mutated

_Cached = type(lru_cache(len))


class NotPatched(Exception):
    """The fault can not be put in where everything is imported already."""


class NotImportable(Exception):
    """With the fault the module can not even be imported, which every test would see."""


def patch(root: Path, mutant: Mutant) -> None:
    path = root / mutant.path
    name = mutant.path.removesuffix(".py").replace("/", ".")
    real = sys.modules.get(name)
    if real is None:
        raise NotPatched(f"{name} is not imported")
    fresh: dict[str, Any] = {
        "__name__": name,
        "__file__": str(path),
        "__package__": real.__package__,
    }
    code = compile(mutated(path.read_bytes(), mutant.number), str(path), "exec")
    shadow = type(sys)(name)
    shadow.__dict__.update(fresh)
    sys.modules[name] = shadow  # dataclasses look for their module
    try:
        exec(code, shadow.__dict__)
    except Exception as error:
        raise NotImportable(name) from error
    finally:
        sys.modules[name] = real
    old, new = _find(vars(real), mutant.owner), _find(vars(shadow), mutant.owner)
    if isinstance(old, FunctionType) and isinstance(new, FunctionType):
        old.__code__ = new.__code__
    else:
        _replace(mutant.owner, old, new)
    _forget_caches(root)


def _find(names: dict[str, Any], owner: str) -> Any:
    """The plain function behind what decorators made of it, or the constant."""
    head, *rest = owner.split(".")
    found = names[head]
    for part in rest:
        found = vars(found)[part]
    for attribute in ("__wrapped__", "fget", "__func__", "func"):
        inner = getattr(found, attribute, None)
        if isinstance(inner, FunctionType):
            return inner
    return found


def _replace(name: str, old: Any, new: Any) -> None:
    if "." in name or isinstance(old, FunctionType):
        raise NotPatched(name)
    for module in list(sys.modules.values()):
        names = getattr(module, "__dict__", {})
        if names.get(name) is old:
            names[name] = new


def _forget_caches(root: Path) -> None:
    for module in list(sys.modules.values()):
        if str(getattr(module, "__file__", None) or "").startswith(str(root)):
            for one in list(vars(module).values()):
                if isinstance(one, _Cached):
                    one.cache_clear()
