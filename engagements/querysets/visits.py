from __future__ import annotations

from django.db.models import Q

# A visit that holds its people: dates that were proposed or agreed, or that it was made on.
HOLDS = Q(is_held=True)
