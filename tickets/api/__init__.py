"""What the incident desk brings to `/api/v1/`, a file a subject."""

from tickets.api.call_backs import CallBackViewSet
from tickets.api.incidents import IncidentViewSet

ROUTES = [
    ("incidents", IncidentViewSet, "incident"),
    ("call-backs", CallBackViewSet, "call-back"),
]
