"""One writer at a time on an incident."""

from __future__ import annotations

from tickets.models import Incident


def locked(incident: Incident) -> Incident:
    """The row as it is now, held until the end of the transaction.

    Without what it points to: an action reads two or three of those one by one, in a tenth of the
    time that one query with a dozen joined and walled tables is planned in. What the caller has
    read of those already, and the row still points to, is not read again.
    """
    fresh = Incident.objects.select_for_update().get(pk=incident.pk)
    for name, row in incident._state.fields_cache.items():
        key = getattr(fresh, f"{name}_id", None)
        if row is not None and key == row.pk:
            setattr(fresh, name, row)
    return fresh
