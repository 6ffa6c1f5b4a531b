"""A page with a form whose action may refuse: nothing that was typed is lost."""

from __future__ import annotations

from collections.abc import Callable

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse

from core.errors import Refusal


def submitted(
    request: HttpRequest,
    form: BaseForm,
    act: Callable[[], HttpResponse],
    *,
    refused: Callable[[Refusal], object] | None = None,
) -> tuple[HttpResponse | None, int]:
    """The answer of `act` for a valid form that was sent; else None, and the page's status.

    A refusal stands on the form, which the caller shows again as it was typed: 400 for what the
    form itself finds, the refusal's own status otherwise, 200 where nothing was sent. `act` is
    one action, so that a refusal has written nothing. `refused` puts the refusal on the form where
    that takes more, such as a fresh key.
    """
    if request.method != "POST":
        return None, 200
    if not form.is_valid():
        return None, 400
    try:
        return act(), 200
    except Refusal as refusal:
        if refused is not None:
            refused(refusal)
        else:
            form.add_error(None, str(refusal))
        return None, refusal.status
