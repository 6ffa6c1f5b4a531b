"""How amounts are stored."""

from __future__ import annotations

from typing import Any

MONEY: dict[str, Any] = {"max_digits": 12, "decimal_places": 2}
