"""What is known of a channel, for templates that have only its name."""

from __future__ import annotations

from django import template

from entitlements.channels import Channel

register = template.Library()


@register.filter
def is_spoken(channel: str) -> bool:
    """Whether a report by that channel was spoken (E2)."""
    return channel in Channel.values and Channel(channel).facts.spoken
