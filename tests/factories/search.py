"""What search keeps, without its indexing."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.search import SearchVector
from django.db.models import Value

from accounts.models import Organisation
from core.models import SearchDocument
from tests.factories.base import NINE, numbers


def make_search_document(organisation: Organisation | None = None, **fields: Any) -> SearchDocument:
    """Of an incident that is not there, for everybody of the organisation."""
    defaults = {
        "kind": "incident",
        "subject_id": next(numbers),
        "organisation": organisation,
        "for_customers": True,
        "for_staff": True,
        "at": NINE,
        "text": "text",
        "vector": SearchVector(Value(fields.get("text", "text"))),
    }
    return SearchDocument.objects.create(**defaults | fields)
