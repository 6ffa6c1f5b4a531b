"""By what the API's lists of engagements can be narrowed."""

from __future__ import annotations

import django_filters


class OfOne(django_filters.FilterSet):
    """`?engagement=ENG-2026-000031` gives what hangs on that one."""

    engagement = django_filters.CharFilter("engagement__number")
