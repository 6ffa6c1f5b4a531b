"""What the incident desk brings to `/api/v1/`, a file a subject."""

from tickets.api.incidents import IncidentViewSet

ROUTES = [("incidents", IncidentViewSet, "incident")]
