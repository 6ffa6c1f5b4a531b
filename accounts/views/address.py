"""A person's own address: another one is asked for, and taken by a mailed link."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.actions import addresses
from accounts.errors import TooManyAsked
from accounts.forms import NewAddressForm
from accounts.http import SignedInRequest, layout_of, password_again
from core import rls
from core.errors import Refusal
from core.throttle import within

A_DAY = 5  # times that one person may ask for another address


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@password_again
def ask(request: SignedInRequest) -> HttpResponse:
    """Ask for another address; the link to it is mailed there. Asks for the password again."""
    person = request.user
    form = NewAddressForm(request.POST or None)
    context = {"form": form, "layout": layout_of(person)}
    if request.method != "POST" or not form.is_valid():
        status = 400 if form.errors else 200
        return render(request, "accounts/address.html", context, status=status)
    email = form.cleaned_data["email"]
    try:
        if not within(A_DAY, f"address:{person.pk}", seconds=24 * 3600):
            raise TooManyAsked()
        with rls.everything():  # also to find whether somebody elsewhere has it
            addresses.ask_for_address(person, email=email, at=timezone.now())
    except Refusal as refusal:
        form.add_error("email", str(refusal))
        return render(request, "accounts/address.html", context, status=refusal.status)
    messages.success(request, f"We mailed a link to {email}. Open it while you are signed in.")
    return redirect("accounts:profile")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def take(request: SignedInRequest, token: str) -> HttpResponse:
    """The page of a mailed link: one click, since programs that read mails open links, too."""
    person, now = request.user, timezone.now()
    with rls.everything():  # the vendor's own people belong to no organisation
        email = addresses.address_of_link(person, token, at=now)
        if request.method == "POST":
            addresses.take_address(person, token, at=now)
            messages.success(request, f"You sign in with {email} from now on.")
            return redirect("accounts:profile")
    context = {"email": email, "layout": layout_of(person)}
    return render(request, "accounts/address_take.html", context)


def elsewhere(request: HttpRequest, key: str = "") -> HttpResponse:
    """Of allauth's own pages of addresses there are none."""
    return redirect("accounts:address")
