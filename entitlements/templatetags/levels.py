"""The badge of a support level. Built into every template (settings)."""

from __future__ import annotations

from functools import lru_cache

from django import template
from django.utils.safestring import SafeString

from core.templatetags.looks import badge
from entitlements.levels import Level

register = template.Library()


@register.simple_tag(name="level")
@lru_cache(maxsize=64)
def level_badge(level: str | None, label: str = "No level") -> SafeString:
    """`label` is said where nothing serves it."""
    if level not in Level.values:
        return badge(label)
    facts = Level(level).facts
    return badge(facts.label, facts.tone, facts.icon)
