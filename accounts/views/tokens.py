"""A person's own API tokens: what there is, a new one, the end of one."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actions import tokens
from accounts.forms import TokenForm
from accounts.http import SignedInRequest, layout_of, password_again
from core import rls
from core.errors import Refusal


@require_safe
@login_required
def token_list(request: SignedInRequest) -> HttpResponse:
    """One's own tokens, those that work first; none can be read again."""
    person, now = request.user, timezone.now()
    valid = person.api_tokens.valid(now).order_by("-created_at", "-pk")
    over = person.api_tokens.exclude(pk__in=valid.values("pk")).order_by("-created_at", "-pk")
    context = {"valid": valid, "over": over[:20], "layout": layout_of(person)}
    return render(request, "accounts/tokens.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@password_again
def make(request: SignedInRequest) -> HttpResponse:
    """A form, and then the token itself, which is shown this once. Asks for the password again."""
    person, now = request.user, timezone.now()
    form = TokenForm(request.POST or None)
    context = {"form": form, "layout": layout_of(person)}
    if request.method != "POST" or not form.is_valid():
        status = 400 if form.errors else 200
        return render(request, "accounts/token_new.html", context, status=status)
    try:
        with rls.everything():  # the vendor's own people belong to no organisation
            token = tokens.make_api_token(person, **form.cleaned_data, at=now)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return render(request, "accounts/token_new.html", context, status=refusal.status)
    return render(request, "accounts/token_made.html", context | {"token": token})


@require_POST
@login_required
def revoke(request: SignedInRequest, pk: int) -> HttpResponse:
    token = get_object_or_404(request.user.api_tokens.select_related("person"), pk=pk)
    with rls.everything():  # the vendor's own people belong to no organisation
        tokens.revoke(token, by=request.user, at=timezone.now())
    messages.success(request, f"The token “{token.name}” opens nothing any more.")
    return redirect("accounts:tokens")
