"""People's pages: the organisation's people, one's own profile, the way in by an invitation."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import policies
from accounts.actions import factors, invitations, organisations, people
from accounts.enums import Reach
from accounts.errors import TooManyInvitations
from accounts.forms import (
    ROLES,
    AcceptForm,
    GoldDefaultForm,
    InviteForm,
    ProfileForm,
    ReachForm,
    RoleForm,
    SharesForm,
    ToldForm,
)
from accounts.http import (
    ContactRequest,
    SignedInRequest,
    contact_required,
    layout_of,
    password_again,
)
from accounts.mending import mended
from accounts.models import Invitation, Person
from accounts.signin import AccountAdapter
from core import closing, rls
from core.errors import Refusal
from core.throttle import within
from notices.digests.choices import set_choices
from notices.digests.quiet_hours import set_quiet_hours
from notices.models import BouncingAddress


def _admin_contacts_only(request: ContactRequest) -> None:
    """For other contacts there is no such page."""
    if not policies.may_manage_people_of(request.user, request.organisation):
        raise Http404


def _people_page(
    request: ContactRequest, form: InviteForm | None = None, status: int = 200
) -> HttpResponse:
    organisation = request.organisation
    now = timezone.now()
    colleagues = Person.objects.visible_to(request.user).order_by("-is_active", "name", "pk")
    with_factor = Authenticator.objects.filter(user__organisation=organisation)
    open_invitations = Invitation.objects.filter(
        organisation=organisation, accepted_at=None, withdrawn_at=None
    )
    context = {
        "organisation": organisation,
        "people": colleagues.select_related("organisation"),
        "roles": ROLES,
        "invitations": open_invitations.select_related("invited_by").order_by("-invited_at"),
        "form": form or InviteForm(),
        "gold_form": GoldDefaultForm(initial={"gold_default": organisation.gold_default}),
        "shares_form": SharesForm(initial={"shares": organisation.shares}),
        "reaches": Reach.choices,
        "with_factor": set(with_factor.values_list("user_id", flat=True)),
        "bouncing": BouncingAddress.objects.for_list(request.user),
        "now": now,
    }
    return render(request, "accounts/people.html", context, status=status)


@require_safe
@contact_required
def people_list(request: ContactRequest) -> HttpResponse:
    """The organisation's people and open invitations, for its admin contact."""
    _admin_contacts_only(request)
    return _people_page(request)


def _count_tries(request: ContactRequest) -> None:
    """Refused tries count, too: else one could ask for address after address who has an account."""
    most = 2 * settings.INVITATIONS_A_DAY
    if not within(most, f"invite:{request.organisation.pk}", seconds=24 * 3600):
        raise TooManyInvitations(count=settings.INVITATIONS_A_DAY)


@require_POST
@contact_required
def invite(request: ContactRequest) -> HttpResponse:
    _admin_contacts_only(request)
    form = InviteForm(request.POST)
    if not form.is_valid():
        return _people_page(request, form, status=400)
    try:
        _count_tries(request)
        invitations.invite(
            request.organisation, **form.cleaned_data, by=request.user, at=timezone.now()
        )
    except Refusal as refusal:
        form.add_error("email", str(refusal))
        return _people_page(request, form, status=refusal.status)
    messages.success(request, f"We write to {form.cleaned_data['email']} now.")
    return redirect("accounts:people")


@require_POST
@contact_required
def withdraw(request: ContactRequest, pk: int) -> HttpResponse:
    _admin_contacts_only(request)
    ours = Invitation.objects.filter(organisation=request.organisation)
    invitation = get_object_or_404(ours, pk=pk)
    invitations.withdraw(invitation, by=request.user, at=timezone.now())
    messages.success(request, f"The invitation of {invitation.email} is withdrawn.")
    return redirect("accounts:people")


@require_POST
@contact_required
def change_role(request: ContactRequest, pk: int) -> HttpResponse:
    _admin_contacts_only(request)
    person = get_object_or_404(Person.objects.visible_to(request.user), pk=pk)
    form = RoleForm(request.POST)
    if not form.is_valid():
        return HttpResponse("Choose a role from the list.", status=400, content_type="text/plain")
    people.change_role(person, role=form.cleaned_data["role"], by=request.user, at=timezone.now())
    messages.success(request, f"The role of {person} is changed.")
    return redirect("accounts:people" if person != request.user else "tickets:overview")


@require_POST
@contact_required
def change_reach(request: ContactRequest, pk: int) -> HttpResponse:
    """Which reports one contact sees (F4)."""
    _admin_contacts_only(request)
    person = get_object_or_404(Person.objects.visible_to(request.user), pk=pk)
    form = ReachForm(request.POST)
    if not form.is_valid():
        return HttpResponse("Choose from the list.", status=400, content_type="text/plain")
    reach = form.cleaned_data["reach"]
    people.set_reach(person, reach=reach, by=request.user, at=timezone.now())
    messages.success(request, f"Which reports {person} sees is changed.")
    return redirect("accounts:people")


@require_http_methods(["GET", "HEAD", "POST"])
@contact_required
def deactivate(request: ContactRequest, pk: int) -> HttpResponse:
    """What closing the account would do, and the doing."""
    _admin_contacts_only(request)
    person = get_object_or_404(Person.objects.visible_to(request.user), pk=pk)
    if request.method != "POST":
        context = {"person": person, "foreseen": closing.foreseen(person, at=timezone.now())}
        return render(request, "accounts/close.html", context)
    people.deactivate(person, by=request.user, at=timezone.now())
    messages.success(request, f"The account of {person} is closed.")
    return redirect("accounts:people")


@require_POST
@contact_required
def reactivate(request: ContactRequest, pk: int) -> HttpResponse:
    _admin_contacts_only(request)
    person = get_object_or_404(Person.objects.visible_to(request.user), pk=pk)
    people.reactivate(person, by=request.user, at=timezone.now())
    messages.success(request, f"The account of {person} is open again.")
    return redirect("accounts:people")


@require_POST
@contact_required
@password_again
def reset_factor(request: ContactRequest, pk: int) -> HttpResponse:
    """For a colleague who lost the device. Asks for one's own password again."""
    _admin_contacts_only(request)
    person = get_object_or_404(Person.objects.visible_to(request.user), pk=pk)
    factors.reset(person, by=request.user, at=timezone.now())
    messages.success(request, f"{person} signs in with the password alone now. They are notified.")
    return redirect("accounts:people")


@require_POST
@contact_required
def gold_default(request: ContactRequest) -> HttpResponse:
    _admin_contacts_only(request)
    form = GoldDefaultForm(request.POST)
    if not form.is_valid():
        return HttpResponse("Choose from the list.", status=400, content_type="text/plain")
    organisations.set_gold_default(
        request.organisation,
        value=form.cleaned_data["gold_default"],
        by=request.user,
        at=timezone.now(),
    )
    messages.success(request, gettext("Saved."))
    return redirect("accounts:people")


@require_POST
@contact_required
def shares(request: ContactRequest) -> HttpResponse:
    """Which reports the organisation's people see (F4)."""
    _admin_contacts_only(request)
    form = SharesForm(request.POST)
    if not form.is_valid():
        return HttpResponse("Choose from the list.", status=400, content_type="text/plain")
    wanted = form.cleaned_data["shares"]
    organisations.set_shares(request.organisation, value=wanted, by=request.user, at=timezone.now())
    messages.success(request, gettext("Saved."))
    return redirect("accounts:people")


@require_POST
@contact_required
def mend_address(request: ContactRequest, pk: int, name: str) -> HttpResponse:
    """Correct an address that takes no mail ("correct"), or say that it works again ("works")."""
    _admin_contacts_only(request)
    period = get_object_or_404(BouncingAddress.objects.for_list(request.user), pk=pk)
    messages.success(request, mended(request, period, name, at=timezone.now()))
    return redirect("accounts:people")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def profile(request: SignedInRequest) -> HttpResponse:
    """One's own name, time zone, language and telephone."""
    person = request.user
    form = ProfileForm(person, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            with rls.everything():  # the vendor's own people belong to no organisation
                people.set_profile(person, **form.cleaned_data, at=timezone.now())
        except Refusal as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, gettext("Saved."))
            return redirect("accounts:profile")
    context = {"form": form, "layout": layout_of(person)}
    return render(request, "accounts/profile.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def told(request: SignedInRequest) -> HttpResponse:
    """What one is notified, how, and when not."""
    person = request.user
    form = ToldForm(person, request.POST or None)
    if request.method == "POST" and form.is_valid():
        given, at = form.cleaned_data, timezone.now()
        with rls.everything():  # the vendor's own people belong to no organisation
            set_quiet_hours(person, starts=given["starts"], ends=given["ends"], at=at)
            set_choices(person, wishes=form.wishes(), hour=given["hour"], at=at)
        messages.success(request, gettext("Saved."))
        return redirect("accounts:told")
    context = {"form": form, "layout": layout_of(person), "zone": person.timezone}
    status = 400 if form.errors else 200
    return render(request, "accounts/told.html", context, status=status)


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """The page of an invitation's link: a name, a password, and you are in."""
    at = timezone.now()
    invitation = invitations.invitation_of(token, at=at)
    form = AcceptForm(
        request.POST or None, initial={"name": invitation.name}, email=invitation.email
    )
    if request.method == "POST" and form.is_valid():
        person = invitations.accept(token, **form.cleaned_data, at=at)
        with rls.everything():  # signing in notes the moment on the person
            AccountAdapter(request).login(request, person)
        messages.success(request, f"Welcome, {person}.")
        return redirect("tickets:overview")
    return render(request, "accounts/accept.html", {"form": form, "invitation": invitation})
