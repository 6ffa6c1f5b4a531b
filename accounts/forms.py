from __future__ import annotations

import zoneinfo
from dataclasses import dataclass
from functools import cache
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import password_validation
from django.utils.translation import gettext_lazy as _

from accounts.enums import CUSTOMER_ROLES, GoldDefault, Reach, Role, Shares, TokenScope
from accounts.models import Person
from core.countries import countries
from core.security import security_kinds
from notices.digests.choices import HOUR, choices_for

ROLES = [(role.value, role.label) for role in CUSTOMER_ROLES]


@cache
def timezones() -> list[tuple[str, str]]:
    """The zones that people live in, and UTC."""
    names = (one for one in zoneinfo.available_timezones() if "/" in one)
    places = sorted(one for one in names if not one.startswith(("Etc/", "SystemV/", "posix/")))
    return [(one, one.replace("_", " ")) for one in ("UTC", *places)]


@cache
def country_choices() -> list[tuple[str, str]]:
    """ISO 3166, by name."""
    return sorted(((one.code, one.name) for one in countries().values()), key=lambda one: one[1])


class InviteForm(forms.Form):
    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    name = forms.CharField(max_length=200, required=False)
    role = forms.ChoiceField(
        choices=ROLES,
        initial=Role.CONTACT,
        help_text=_("An admin contact also invites people and sets when Gold incidents are used."),
    )


class AddressForm(forms.Form):
    """The address that somebody has now, in place of one that takes no mail."""

    email = forms.EmailField(label=_("Right address"), max_length=254)


class NewAddressForm(forms.Form):
    email = forms.EmailField(
        label=_("New address"),
        max_length=254,
        help_text=_("We mail a link there; it works for a day."),
    )


class RoleForm(forms.Form):
    role = forms.ChoiceField(choices=ROLES)


class ReachForm(forms.Form):
    """Which reports one contact sees (F4)."""

    reach = forms.ChoiceField(choices=Reach.choices, required=False)


class SharesForm(forms.Form):
    """Which reports the organisation's people see (F4)."""

    shares = forms.ChoiceField(
        label=_("Which reports people see"),
        widget=forms.RadioSelect,
        choices=[
            (Shares.ALL, _("Everybody sees all reports.")),
            (Shares.OWN, _("Each sees their own, and those that they take part in.")),
        ],
        help_text=_(
            "Admin contacts see all. A private report only its people see. Service reports"
            " name every report: who sees their own alone does not read them."
        ),
    )


class GoldDefaultForm(forms.Form):
    gold_default = forms.ChoiceField(
        label=_("When a report comes and Gold could serve it"),
        widget=forms.RadioSelect,
        choices=[
            (GoldDefault.ALWAYS, _("Always spend a Gold incident, until none is left.")),
            (GoldDefault.HIGHEST, _("Spend one only on reports of the highest priority.")),
            (GoldDefault.NEVER, _("Never spend one, unless the reporter chooses to.")),
            (
                GoldDefault.ASK,
                _(
                    "Ask the reporter: the form in the portal wants an answer. A report by mail"
                    " spends none."
                ),
            ),
        ],
        help_text=_("Whoever reports in the portal can choose otherwise for that report."),
    )


class ProfileForm(forms.Form):
    name = forms.CharField(max_length=200)
    phone = forms.CharField(
        label=_("Telephone"),
        max_length=40,
        required=False,
        help_text=_("With the country's prefix."),
    )
    timezone = forms.ChoiceField(
        label=_("Time zone"),
        choices=timezones,
        help_text=_("Moments on pages and in mails are in it."),
    )
    language = forms.ChoiceField(
        choices=settings.LANGUAGES,
        help_text=_("We answer in English, or in it where a partner can."),
    )
    single_keys = forms.BooleanField(
        label=_("Single letters are keys"),
        required=False,
        help_text=_(
            "Such as r to answer, on the engineers' pages; the question mark shows them all."
        ),
    )
    undo_seconds = forms.TypedChoiceField(
        label=_("Take back an answer"),
        choices=[
            ("", _("As long as the desk says")),
            (0, _("Never: each goes out at once")),
            *((seconds, f"For {seconds} seconds") for seconds in (5, 10, 20, 30)),
        ],
        coerce=int,
        empty_value=None,
        required=False,
        help_text=_("Until then it waits; it counts from the moment that you sent it."),
    )

    def __init__(self, person: Person, data: Any = None) -> None:
        super().__init__(data, initial={name: getattr(person, name) for name in self.base_fields})
        if not person.is_staff:
            del self.fields["single_keys"], self.fields["undo_seconds"]


def _clock(label: str) -> forms.TimeField:
    return forms.TimeField(
        label=label, required=False, widget=forms.TimeInput({"type": "time"}, format="%H:%M")
    )


class ToldForm(forms.Form):
    """Quiet hours, how to be told of each group of notices, and the hour of the mail of the day.

    The window is on the person's own clock; over midnight where it ends before it starts.
    """

    starts = _clock("Quiet from")
    ends = _clock("Quiet until")

    def __init__(self, person: Person, data: Any = None) -> None:
        quiet = getattr(person, "quiet_hours", None)
        chosen = getattr(person, "notice_choices", None)
        now = {"starts": quiet.starts, "ends": quiet.ends} if quiet else {}
        super().__init__(data, initial=now)
        self.groups = choices_for(person)
        for one in self.groups:
            self.fields[one.key] = forms.ChoiceField(
                label=one.name,
                choices=[(wish.value, wish.label) for wish in one.wishes],
                initial=chosen.wishes.get(one.key, one.default) if chosen else one.default,
                help_text=one.hint,
            )
        self.fields["hour"] = forms.TypedChoiceField(
            label=_("Hour of the mail of the day"),
            choices=[(hour, f"{hour:02}:00") for hour in range(24)],
            coerce=int,
            initial=chosen.digest_hour if chosen else HOUR,
            help_text=_("On a day on which nothing came up there is none."),
        )

    def wishes(self) -> dict[str, str]:
        return {one.key: self.cleaned_data[one.key] for one in self.groups}

    def chosen(self) -> list[forms.BoundField]:
        """The fields of the groups, for the page."""
        return [self[one.key] for one in self.groups]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        starts, ends = cleaned.get("starts"), cleaned.get("ends")
        if (starts is None) != (ends is None) and not self.errors:
            self.add_error(
                "ends" if ends is None else "starts", "Give both hours, or leave both empty."
            )
        elif starts is not None and starts == ends:
            self.add_error("ends", "Some hour must be left. Choose another end.")
        return cleaned


class TokenForm(forms.Form):
    """What a new API token is for, what it may do, and how long."""

    name = forms.CharField(
        label=_("What is it for?"),
        max_length=80,
        help_text=_("Such as “nightly export to our ERP”."),
    )
    scope = forms.ChoiceField(
        label=_("What may it do?"),
        widget=forms.RadioSelect,
        choices=[
            (TokenScope.READ, _("Read what you may read.")),
            (TokenScope.WRITE, _("Read and write: report incidents, answer, close.")),
        ],
        initial=TokenScope.READ,
    )
    days = forms.TypedChoiceField(
        label=_("How long does it work?"),
        choices=[
            (30, _("30 days")),
            (90, _("90 days")),
            (180, _("Half a year")),
            (365, _("A year")),
        ],
        coerce=int,
        initial=90,
    )


@dataclass(frozen=True)
class SecurityAsked:
    """What the page of security events is narrowed to; "" narrows nothing."""

    who: str
    kind: str
    days: int


class SecurityForm(forms.Form):
    """Filters of the security events. What can not be read narrows nothing."""

    DAYS = ((1, "A day"), (7, "A week"), (30, "30 days"), (90, "90 days"), (365, "A year"))

    who = forms.CharField(
        max_length=100,
        required=False,
        label=_("Name or address"),
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    kind = forms.ChoiceField(required=False, label=_("What"))
    days = forms.ChoiceField(required=False, label=_("How far back"), choices=DAYS, initial=30)

    def __init__(self, data: Any) -> None:
        said = data.copy()
        said.setdefault("days", "30")
        super().__init__(said)
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            ("", "Anything"),
            *((one.entry_kind, one.looks.text) for one in security_kinds()),
        ]

    def asked(self) -> SecurityAsked:
        self.full_clean()
        read = self.cleaned_data
        days = int(read.get("days") or 30)
        return SecurityAsked(read.get("who", ""), read.get("kind", ""), days)


class AcceptForm(forms.Form):
    """A name and a password that is good enough for the person it is for."""

    name = forms.CharField(label=_("Your name"), max_length=200)
    password = forms.CharField(
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 10 characters; a few words that belong together nowhere are best."),
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        password = cleaned.get("password")
        if password:
            person = Person(email=self.email, name=cleaned.get("name", ""))
            try:
                password_validation.validate_password(password, person)
            except forms.ValidationError as error:
                self.add_error("password", error)
        return cleaned
