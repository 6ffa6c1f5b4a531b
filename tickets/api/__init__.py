"""What the incident desk brings to `/api/v1/`, a file a subject."""

from django.urls import path

from tickets.api.incidents import IncidentViewSet
from tickets.api.search import SearchView

ROUTES = [("incidents", IncidentViewSet, "incident")]
PATHS = [path("search/", SearchView.as_view(), name="search")]
