"""What templates of the forum ask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django import template

from resources.models import PostReport

register = template.Library()


@register.filter
def of_post(reports: Mapping[int, Sequence[PostReport]], pk: int) -> Sequence[PostReport]:
    """The open reports of one post."""
    return reports.get(pk, ())
