from __future__ import annotations

import zoneinfo
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac
from django.utils.functional import cached_property

from accounts.enums import CUSTOMER_ROLES, GoldDefault, Reach, Role, Shares, TokenScope
from accounts.querysets import (
    CLOSED,
    ERASURE_OWED,
    ApiTokenQuerySet,
    OrganisationQuerySet,
    PersonManager,
)
from accounts.rules.browsers import browser_words


def check_timezone(name: str) -> None:
    """Refuse a name that is no IANA zone, with an example of one that is."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError(f"{name} is no IANA time zone. Give one such as Europe/Bucharest.")


class Partner(models.Model):
    """A local partner: gives TS1 in its language to the organisations assigned to it."""

    name = models.CharField(max_length=200, unique=True)
    language = models.CharField(max_length=10, default="en")

    def __str__(self) -> str:
        return self.name


class Organisation(models.Model):
    """A customer company: the tenant."""

    name = models.CharField(max_length=200)
    slug = models.SlugField(max_length=80, unique=True)
    country = models.CharField(max_length=2, default="RO", help_text="ISO 3166, two letters")
    language = models.CharField(max_length=10, default="en")
    timezone = models.CharField(
        max_length=60, default="Europe/Bucharest", validators=[check_timezone]
    )
    partner = models.ForeignKey(Partner, models.PROTECT, null=True, blank=True)
    tam = models.ForeignKey(
        "accounts.Person",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="manages",
        limit_choices_to={"role": Role.TAM},
        verbose_name="technical account manager",
    )
    gold_default = models.CharField(
        max_length=10, choices=GoldDefault.choices, default=GoldDefault.ASK
    )
    shares = models.CharField(
        max_length=3, choices=Shares.choices, default=Shares.ALL, db_default=Shares.ALL
    )
    created_at = models.DateTimeField()
    # No customer any more: its people are out, and after a while all of it is deleted (F2).
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(gold_default__in=GoldDefault.values),
                name="organisation_known_gold_default",
            ),
            models.CheckConstraint(
                condition=Q(shares__in=Shares.values), name="organisation_known_shares"
            ),
        ]
        indexes = [models.Index(fields=["closed_at"], condition=CLOSED, name="organisation_closed")]

    def __str__(self) -> str:
        return self.name

    def correctors(self, besides: Person | None = None) -> list[Person]:
        """Who puts right what is wrong with an account of ours: the admin contacts.

        Where there is none besides the person themselves, the account manager, or the managers.
        """
        active = Person.objects.active().exclude(pk=besides.pk if besides else None)
        ours = list(active.filter(organisation=self, role=Role.ADMIN_CONTACT))
        tam = list(active.filter(pk=self.tam_id))
        return ours or tam or list(active.filter(role=Role.MANAGER))


class Person(AbstractBaseUser):
    """Anyone who signs in: a contact has an organisation, a partner's engineer a partner."""

    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=200)
    role = models.CharField(max_length=20, choices=Role.choices, default=Role.CONTACT)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="people"
    )
    partner = models.ForeignKey(
        Partner, models.PROTECT, null=True, blank=True, related_name="people"
    )
    serves = models.ManyToManyField(
        Organisation,
        blank=True,
        related_name="served_by",
        through="accounts.Assignment",
        help_text="A TS1 engineer without any serves every organisation.",
    )
    timezone = models.CharField(max_length=60, default="Europe/Berlin", validators=[check_timezone])
    language = models.CharField(max_length=10, default="en")
    phone = models.CharField(max_length=40, blank=True)
    is_lead = models.BooleanField(default=False, help_text="Is told of warnings and breaches")
    is_on_duty = models.BooleanField(default=True, help_text="May be given fresh incidents")
    is_active = models.BooleanField(default=True)
    reach = models.CharField(
        max_length=3, choices=Reach.choices, blank=True, default="", db_default=""
    )
    single_keys = models.BooleanField(
        default=True,
        db_default=True,
        help_text="Single letters act on the desk's pages (WCAG 2.1.4)",
    )
    # The view that the queue opens with, by its key (`tickets.desk.listing`); gone ones mean none.
    first_view = models.CharField(max_length=20, blank=True, default="", db_default="")
    undo_seconds = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        help_text="For which an answer can be taken back; empty: as the desk does",
    )
    joined_at = models.DateTimeField()
    # Raised to sign the person out everywhere: each session keeps a digest of it.
    session_epoch = models.PositiveIntegerField(default=0)
    # Nobody knows any more who this was (F2); the row stays, for figures and conversations.
    erased_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[PersonManager] = PersonManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        verbose_name_plural = "people"
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(Lower("email"), name="person_email_once"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="person_known_role"),
            models.CheckConstraint(condition=Q(reach__in=Reach.values), name="person_known_reach"),
            models.CheckConstraint(
                condition=Q(role__in=CUSTOMER_ROLES, organisation__isnull=False)
                | (~Q(role__in=CUSTOMER_ROLES) & Q(organisation=None)),
                name="person_customers_have_an_organisation",
            ),
            models.CheckConstraint(
                condition=Q(role=Role.PARTNER, partner__isnull=False)
                | (~Q(role=Role.PARTNER) & Q(partner=None)),
                name="person_partner_engineers_have_a_partner",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def get_session_auth_hash(self) -> str:
        """What a session must know to be this person's; 0 gives what Django alone would."""
        known = super().get_session_auth_hash()
        if not self.session_epoch:
            return known
        salt = "accounts.models.Person.session_epoch"
        return salted_hmac(salt, f"{known}{self.session_epoch}", algorithm="sha256").hexdigest()

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.partition(" ")[0]

    @property
    def is_customer(self) -> bool:
        return self.role in CUSTOMER_ROLES

    @property
    def sees_all(self) -> bool:
        """Of a customer: every report of the organisation but private ones, or their own (F4)."""
        if self.role == Role.ADMIN_CONTACT or self.reach == Reach.ALL:
            return True
        if self.reach == Reach.OWN or self.organisation is None:
            return False
        return self.organisation.shares == Shares.ALL

    @property
    def is_staff(self) -> bool:
        """May enter the admin: everybody of the vendor and of the partners."""
        return not self.is_customer

    @property
    def is_manager(self) -> bool:
        return self.role == Role.MANAGER

    @cached_property
    def serves_everybody(self) -> bool:
        """A TS1 engineer who is assigned to nobody in particular; asked once a request."""
        if self.role != Role.TS1:
            return False
        known: bool | None = self.__dict__.get("is_assigned")  # of `with_assignments`
        return not (self.assignments.exists() if known is None else known)

    def correctors(self) -> list[Person]:
        """Who puts right what is wrong with this account; of the vendor's people, the managers."""
        if self.organisation is not None:
            return self.organisation.correctors(besides=self)
        managers = Person.objects.active().filter(role=Role.MANAGER)
        return list(managers.exclude(pk=self.pk))

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Django's admin asks this for its model pages, which are the managers' alone."""
        return self.is_active and self.is_manager

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_active and self.is_manager


class Assignment(models.Model):
    """A TS1 engineer serves an organisation."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="assignments")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="assignments")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "organisation"], name="assignment_once")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} serves {self.organisation_id}"


class Invitation(models.Model):
    """An address that may become a person of the organisation. The token is kept as its digest."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="invitations")
    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=200, blank=True)
    role = models.CharField(max_length=20, choices=Role.choices, default=Role.CONTACT)
    digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=CUSTOMER_ROLES), name="invitation_for_customers"
            ),
            models.UniqueConstraint(
                Lower("email"),
                "organisation",
                condition=Q(accepted_at=None, withdrawn_at=None),
                name="invitation_one_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} to {self.organisation_id}"


class Erasure(models.Model):
    """Somebody is erased (F2): the person's row at once, all texts by a sweep, piece by piece.

    `words` are what is looked for, forgotten when it is done; `stage` is the table that the sweep
    is at, `reached` the last row it looked at there, `changed` how many rows it blotted so far.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="erasures")
    # Empty where it follows from the deletion of an organisation.
    asked_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    with_texts = models.BooleanField(default=False)
    words = models.JSONField(default=dict)
    stage = models.CharField(max_length=60, blank=True)
    reached = models.BigIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=ERASURE_OWED, name="erasure_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(done_at=None) | Q(words={}), name="erasure_done_knows_nobody"
            ),
        ]
        indexes = [models.Index(fields=["asked_at"], condition=ERASURE_OWED, name="erasure_owed")]

    def __str__(self) -> str:
        return f"erasure of {self.person_id}"


class ApiToken(models.Model):
    """A key of one person for the API. Only its SHA-256 is kept, so a lost one is replaced.

    One of `scope` read changes nothing. From `expires_at` on it opens nothing; None is no end.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=80, default="command line")
    scope = models.CharField(max_length=5, choices=TokenScope.choices, default=TokenScope.WRITE)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_on = models.DateField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(scope__in=TokenScope.values), name="api_token_known_scope"
            ),
            models.CheckConstraint(
                condition=Q(expires_at=None) | Q(expires_at__gt=F("created_at")),
                name="api_token_ends_after_it_was_made",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} of {self.person_id}"


class SignIn(models.Model):
    """A browser in which somebody is signed in. The row goes when they are signed out there.

    `browser` is what it says of itself; `seen_at` is right to a few minutes.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="sign_ins")
    session_key = models.CharField(max_length=40, unique=True)
    address = models.CharField(max_length=45, blank=True)
    browser = models.CharField(max_length=200, blank=True)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["seen_at"], name="sign_in_seen")]

    def __str__(self) -> str:
        return f"{self.person_id} since {self.started_at:%F %T}"

    @property
    def words(self) -> str:
        """The browser as people call it."""
        return browser_words(self.browser)
