"""What the engineers' pages need in their templates."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from django import template

register = template.Library()


@register.simple_tag
def fresh_key() -> str:
    """By which what a form sends twice is done once."""
    return secrets.token_hex(16)


@register.filter
def of(found: Mapping[int, Any], key: int) -> Any:
    """What was found for one row of a list; None where there is nothing."""
    return found.get(key)
