"""What is known of a level or a channel, for templates that have only its name."""

from __future__ import annotations

from django import template

from entitlements.channels import Channel
from entitlements.levels import Level, LevelFacts

register = template.Library()


@register.filter
def level_facts(level: str) -> LevelFacts | None:
    """The facts of a level; None for a name that is none."""
    return Level(level).facts if level in Level.values else None


@register.filter
def is_spoken(channel: str) -> bool:
    """Whether a report by that channel was spoken (E2)."""
    return channel in Channel.values and Channel(channel).facts.spoken
