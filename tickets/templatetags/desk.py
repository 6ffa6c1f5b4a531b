"""What the engineers' pages need in their templates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

register = template.Library()


@register.filter
def of(found: Mapping[int, Any], key: int) -> Any:
    """What was found for one row of a list; None where there is nothing."""
    return found.get(key)
