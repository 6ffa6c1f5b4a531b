"""What portal and staff pages do alike about an address that takes no mail."""

from __future__ import annotations

from datetime import datetime

from django.http import Http404

from accounts.actions import addresses
from accounts.errors import NoAddress
from accounts.forms import AddressForm
from accounts.http import SignedInRequest
from core import rls
from notices.models import BouncingAddress


def mended(request: SignedInRequest, period: BouncingAddress, name: str, *, at: datetime) -> str:
    """Do what is posted about an address; what was done, in words. Raises Http404 and refusals."""
    person = period.person
    with rls.everything():  # what is held back may belong to no organisation
        if name == "works":
            addresses.works_again(period, by=request.user, at=at)
            return f"We write to {period.address} again."
        form = AddressForm(request.POST)
        if name != "correct" or person is None:
            raise Http404
        if not form.is_valid():
            raise NoAddress()
        email = form.cleaned_data["email"]
        addresses.correct_address(person, email=email, by=request.user, at=at)
        return f"{person} is reached at {email} from now on, and signs in with it."
