"""What the tests of the API share: a client with a token, a report, addresses."""

from django.utils import timezone
from rest_framework.test import APIClient

from accounts.actions.tokens import make_api_token

URL = "/api/v1/incidents/"
KEY = {"Idempotency-Key": "abc-1"}


def client_of(person) -> APIClient:
    """A client with a token of the person's own, as scripts have it."""
    client = APIClient()
    token = make_api_token(person, at=timezone.now())
    client.credentials(HTTP_AUTHORIZATION=f"Token {token}")
    return client


def report(**fields):
    return {
        "licence": "AXI-NORTH",
        "service": "troubleshooting",
        "priority": 2,
        "subject": "IMAP hangs",
        "body": "Since this morning.",
    } | fields


def page_action(incident, name) -> str:
    return f"{URL}{incident.number}/{name}/"
