"""People, partners and organisations for managers; every write goes through `accounts.actions`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.widgets import FilteredSelectMultiple
from django.contrib.auth.models import Group
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_safe

from accounts.actions import (
    exporting,
    factors,
    invitations,
    organisations,
    people,
    sessions,
    tokens,
)
from accounts.desk import privacy
from accounts.desk.security import security
from accounts.enums import CUSTOMER_ROLES, ENGINEER_ROLES, VENDOR_ROLES, Role
from accounts.forms import country_choices, timezones
from accounts.models import Invitation, Organisation, Partner, Person
from core import closing
from core.admin import Site
from core.errors import Refusal
from core.model_admin import ReadOnlyAdmin
from core.paging import paged
from core.widgets import LongSelect

if TYPE_CHECKING:  # at run time the class is not generic
    _OrganisationChoice = forms.ModelMultipleChoiceField[Organisation]
else:
    _OrganisationChoice = forms.ModelMultipleChoiceField

STAFF_ROLES = [(one.value, one.label) for one in (*ENGINEER_ROLES, Role.TAM, Role.MANAGER)]
CUSTOMERS = [(one.value, one.label) for one in CUSTOMER_ROLES]
PAGE = 50


@require_safe
def people_page(request: HttpRequest) -> HttpResponse:
    """Whom the person may see, by name; `?q=` narrows. Managers go on to the pages that change."""
    found = Person.objects.visible_to(request.user)
    words = request.GET.get("q", "").replace("\0", "").strip()
    is_partner = request.user.role == Role.PARTNER  # type: ignore[union-attr]  # behind the door
    if words:
        by_address = Q(email__icontains=words)
        if is_partner:  # of the vendor's people they read the names alone
            by_address &= ~Q(role__in=VENDOR_ROLES)
        found = found.filter(Q(name__icontains=words) | by_address)
    rows = found.select_related("organisation", "partner").order_by("-is_active", "name", "pk")
    page = paged(rows, request, size=PAGE)
    context = {"page_obj": page, "words": words, "title": "People", "names_alone": is_partner}
    return render(request, "accounts/staff_people.html", context)


# Written by the sign-in pages alone; nobody looks at or hands out another person's keys.
admin.site.unregister([Group, EmailAddress, Authenticator])

assert isinstance(admin.site, Site)
admin.site.note_export = lambda by, what: exporting.note_export(by, what, at=timezone.now())
admin.site.add_pages(
    ("people/", people_page, "people"),
    ("security/", security, "security"),
    *privacy.PAGES,
)


class StaffForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """Somebody of the vendor or of a partner. Customers' people come in by invitation."""

    role = forms.ChoiceField(choices=STAFF_ROLES)
    timezone = forms.ChoiceField(choices=timezones)
    language = forms.ChoiceField(choices=settings.LANGUAGES)
    serves = forms.ModelMultipleChoiceField(
        Organisation.objects.all(),
        required=False,
        help_text="For TS1: whom they serve. Nobody in particular means everybody.",
    )

    class Meta:
        model = Person
        fields = (
            "email",
            "name",
            "role",
            "partner",
            "timezone",
            "language",
            "phone",
            "is_lead",
            "is_on_duty",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["serves"] = list(self.instance.serves.all())


class CustomerForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """A customer's person: the role, and whose they are; the rest is their own to write."""

    role = forms.ChoiceField(choices=CUSTOMERS)
    move_to = forms.ModelChoiceField(
        Organisation.objects.order_by("name"),
        required=False,
        widget=LongSelect,
        empty_label="Stays where they are",
        label="Move to",
        help_text="They are a contact there. What they reported stays where it"
        " was, they see it no more, their API tokens end, and they are signed out.",
    )

    class Meta:
        model = Person
        fields = ("role",)


@admin.register(Person)
class PersonAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    list_display = ("name", "email", "role", "organisation", "partner", "is_lead", "is_active")
    list_filter = ("role", "is_active", "is_lead", "organisation")
    list_select_related = ("organisation", "partner")
    search_fields = ("name", "email")
    ordering = ("name",)
    actions = ("close", "open_again", "reset_factor", "sign_out")

    def get_form(
        self, request: HttpRequest, obj: Person | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        kwargs["form"] = CustomerForm if obj is not None and obj.is_customer else StaffForm
        kwargs["fields"] = None  # those of the form
        return super().get_form(request, obj, change, **kwargs)

    def get_fields(self, request: HttpRequest, obj: Person | None = None) -> Any:
        if obj is not None and obj.is_customer:
            return ("email", "name", "organisation", "role", "move_to", "privacy")
        return (*StaffForm.Meta.fields, "serves", *(("privacy",) if obj is not None else ()))

    def get_readonly_fields(self, request: HttpRequest, obj: Person | None = None) -> Any:
        if obj is not None and obj.is_customer:
            return ("email", "name", "organisation", "privacy")
        return ("privacy",)

    @admin.display(description="What is held about them")
    def privacy(self, person: Person) -> str:
        url = reverse("admin:privacy_person", args=[person.pk])
        return format_html('<a href="{}">Look, export or erase</a>', url)

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Person, form: Any, change: bool) -> None:
        at, by, said = timezone.now(), request.user, dict(form.cleaned_data)
        serves = said.pop("serves", ())
        if not change:
            obj.pk = people.add_staff(**said, at=at, by=by).pk  # type: ignore[arg-type]
        elif isinstance(form, CustomerForm) and said["move_to"] is not None:
            people.move(obj, said["move_to"], by=by, at=at)  # type: ignore[arg-type]
        elif isinstance(form, CustomerForm):
            people.change_role(obj, role=said["role"], by=by, at=at)  # type: ignore[arg-type]
        else:
            people.change_staff(obj, by=by, at=at, **said)  # type: ignore[arg-type]
        if isinstance(form, StaffForm):
            kept = serves if said["role"] == Role.TS1 else ()
            people.assign(obj, kept, by=by, at=at)  # type: ignore[arg-type]

    @admin.action(description="Close these accounts", permissions=["change"])
    def close(self, request: HttpRequest, queryset: QuerySet[Person]) -> HttpResponse | None:
        """First what would happen; then, when that page says so, the doing."""
        if request.POST.get("sure") != "yes":
            at = timezone.now()
            closings = [(one, closing.foreseen(one, at=at)) for one in queryset]
            title = "Close this account?" if len(closings) == 1 else "Close these accounts?"
            context = {"title": title, "closings": closings}
            return render(request, "accounts/staff_close.html", context)
        for person in queryset:
            try:
                people.deactivate(person, by=request.user, at=timezone.now())  # type: ignore[arg-type]
            except Refusal as refusal:
                messages.error(request, str(refusal))
        return None

    @admin.action(description="Open these accounts again", permissions=["change"])
    def open_again(self, request: HttpRequest, queryset: QuerySet[Person]) -> None:
        for person in queryset:
            people.reactivate(person, by=request.user, at=timezone.now())  # type: ignore[arg-type]

    @admin.action(description="Reset the second factor of these people", permissions=["change"])
    def reset_factor(self, request: HttpRequest, queryset: QuerySet[Person]) -> None:
        """Whoever does this must be sure who asked for it; each is mailed."""
        for person in queryset:
            try:
                factors.reset(person, by=request.user, at=timezone.now())  # type: ignore[arg-type]
                messages.success(request, f"The second factor of {person} is reset.")
            except Refusal as refusal:
                messages.error(request, str(refusal))

    @admin.action(description="Sign out everywhere, and revoke tokens", permissions=["change"])
    def sign_out(self, request: HttpRequest, queryset: QuerySet[Person]) -> None:
        """For an account that somebody else may be in."""
        by, at = request.user, timezone.now()
        for person in queryset:
            here = request if person == by else None
            sessions.end_everywhere(person, by=by, at=at, request=here)  # type: ignore[arg-type]
            count = tokens.revoke_all(person, by=by, at=at)  # type: ignore[arg-type]
            messages.success(request, f"{person} is signed out; {count} tokens are revoked.")


class ServedField(_OrganisationChoice):
    """Customers by name, with the partner that serves them now."""

    def label_from_instance(self, obj: Organisation) -> str:
        return f"{obj} ({obj.partner})" if obj.partner else obj.name


class PartnerForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    language = forms.ChoiceField(
        choices=settings.LANGUAGES,
        help_text="Reports in it come to this partner first, where the level is supplied by one.",
    )
    organisations = ServedField(
        Organisation.objects.select_related("partner").order_by("name"),
        required=False,
        widget=FilteredSelectMultiple("organisations", is_stacked=False),
        help_text="Whom the partner serves at TS1. One of another partner moves here.",
    )

    class Meta:
        model = Partner
        fields = ("name", "language")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["organisations"] = list(self.instance.organisation_set.all())


class EngineerInline(admin.TabularInline):  # type: ignore[type-arg]  # not generic at run time
    """The partner's people; they are invited on the page of a person."""

    model = Person
    fields = readonly_fields = ("name", "email", "language", "is_on_duty", "is_active")
    verbose_name_plural = "engineers"
    show_change_link = True
    can_delete = False
    extra = 0

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(Partner)
class PartnerAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    form = PartnerForm
    list_display = ("name", "language", "served", "engineers")
    search_fields = ("name",)
    readonly_fields = ("invite",)
    inlines = (EngineerInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Partner]:
        active = Count("people", filter=Q(people__is_active=True), distinct=True)
        counted: QuerySet[Partner] = super().get_queryset(request)
        return counted.annotate(
            served_count=Count("organisation", distinct=True), engineer_count=active
        )

    def get_fields(self, request: HttpRequest, obj: Partner | None = None) -> Any:
        return ("name", "language", "organisations", *(("invite",) if obj else ()))

    def get_inlines(self, request: HttpRequest, obj: Partner | None) -> Any:
        return self.inlines if obj else ()

    @admin.display(description="Organisations", ordering="served_count")
    def served(self, partner: Any) -> int:
        return int(partner.served_count)

    @admin.display(description="Engineers", ordering="engineer_count")
    def engineers(self, partner: Any) -> int:
        return int(partner.engineer_count)

    @admin.display(description="A new engineer")
    def invite(self, partner: Partner) -> str:
        query = {"role": Role.PARTNER.value, "partner": partner.pk, "language": partner.language}
        url = reverse("admin:accounts_person_add", query=query)
        return format_html('<a href="{}">Invite an engineer of {}</a>', url, partner)

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Partner, form: Any, change: bool) -> None:
        at, by = timezone.now(), request.user
        organisations.save_partner(obj, by=by, at=at)  # type: ignore[arg-type]
        served = form.cleaned_data["organisations"]
        organisations.assign_partner(obj, served, by=by, at=at)  # type: ignore[arg-type]


class OrganisationForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    timezone = forms.ChoiceField(choices=timezones, initial="Europe/Bucharest")
    language = forms.ChoiceField(choices=settings.LANGUAGES, initial="en")
    country = forms.ChoiceField(choices=country_choices, initial="RO")
    moves_ends = forms.BooleanField(
        label="Move the end of contracts with the time zone",
        required=False,
        help_text="Only for another time zone: what was promised until some day ends at its"
        " midnight there.",
    )

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        said = cleaned or {}
        before = Organisation.objects.filter(pk=self.instance.pk).first()
        if before is None or said.get("moves_ends") or not said.get("timezone"):
            return cleaned
        after = Organisation(timezone=said["timezone"])
        if ends := organisations.moved_ends(before, after, timezone.now()):
            self.add_error(
                "moves_ends",
                f"What runs until some day would end {ends}. Tick this if it shall, or leave the"
                f" time zone at {before.timezone}.",
            )
        return cleaned

    class Meta:
        model = Organisation
        fields = (
            "name",
            "slug",
            "country",
            "language",
            "timezone",
            "partner",
            "tam",
            "gold_default",
            "shares",
        )


@admin.register(Organisation)
class OrganisationAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    form = OrganisationForm
    list_display = ("name", "country", "language", "partner", "tam", "gold_default")
    list_filter = ("country", "partner", "tam")
    list_select_related = ("partner", "tam")
    search_fields = ("name", "slug")
    prepopulated_fields: ClassVar[dict[str, Sequence[str]]] = {"slug": ("name",)}
    readonly_fields = ("privacy",)

    def get_fields(self, request: HttpRequest, obj: Organisation | None = None) -> Any:
        more = () if obj is None else ("moves_ends", "privacy")
        return (*OrganisationForm.Meta.fields, *more)

    @admin.display(description="A customer no more?")
    def privacy(self, organisation: Organisation) -> str:
        url = reverse("admin:privacy_organisation", args=[organisation.pk])
        return format_html('<a href="{}">Close it, and see what would go</a>', url)

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Organisation, form: Any, change: bool) -> None:
        organisations.save_organisation(
            obj,
            by=request.user,  # type: ignore[arg-type]
            at=timezone.now(),
            moves_ends=form.cleaned_data["moves_ends"],
        )


class InvitationForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    role = forms.ChoiceField(choices=CUSTOMERS)

    class Meta:
        model = Invitation
        fields = ("organisation", "email", "name", "role")


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    """How a manager lets the first people of a new organisation in."""

    form = InvitationForm
    list_display = (
        "email",
        "organisation",
        "role",
        "invited_by",
        "invited_at",
        "expires_at",
        "accepted_at",
        "withdrawn_at",
    )
    list_select_related = ("organisation", "invited_by")
    list_filter = ("organisation",)
    search_fields = ("email",)
    ordering = ("-invited_at",)
    exclude = ("digest",)
    actions = ("withdraw",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def save_model(self, request: HttpRequest, obj: Invitation, form: Any, change: bool) -> None:
        said = form.cleaned_data
        made = invitations.invite(
            said.pop("organisation"),
            **said,
            by=request.user,  # type: ignore[arg-type]
            at=timezone.now(),
        )
        obj.pk = made.pk

    @admin.action(description="Withdraw these invitations", permissions=["view"])
    def withdraw(self, request: HttpRequest, queryset: QuerySet[Invitation]) -> None:
        for invitation in queryset.select_related("organisation"):
            try:
                invitations.withdraw(invitation, by=request.user, at=timezone.now())  # type: ignore[arg-type]
            except Refusal as refusal:
                messages.error(request, f"{invitation.email}: {refusal}")
