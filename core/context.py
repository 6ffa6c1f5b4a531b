"""What every template may use."""

from django.conf import settings
from django.http import HttpRequest


def vendor(request: HttpRequest) -> dict[str, object]:
    """Name, product, addresses of the vendor, from the settings."""
    return {"vendor": settings.VENDOR}
