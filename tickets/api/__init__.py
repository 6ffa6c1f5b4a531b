"""What the incident desk brings to `/api/v1/`, a file a subject."""

from django.urls import path

from tickets.api.defects import DefectViewSet
from tickets.api.incidents import IncidentViewSet
from tickets.api.search import SearchView

ROUTES = [("incidents", IncidentViewSet, "incident"), ("defects", DefectViewSet, "defect")]
PATHS = [path("search/", SearchView.as_view(), name="search")]
