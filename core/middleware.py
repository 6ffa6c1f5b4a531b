from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from core.errors import Refusal


class RefusalMiddleware:
    """Show every `Refusal` in one place, so that no view needs a try."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Refusal):
            return None
        if request.accepts("text/html"):
            return render(request, "refusal.html", {"refusal": error}, status=error.status)
        return JsonResponse({"code": error.code, "detail": str(error)}, status=error.status)
