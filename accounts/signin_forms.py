"""allauth's forms with what we ask besides."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import ChangePasswordForm as ChangeForm
from allauth.account.forms import ResetPasswordKeyForm as ResetForm
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.actions.tokens import revoke_all
from accounts.models import Person
from core import nesting
from core.journal import record


class _AsksAboutTokens(forms.Form):
    """With a new password the API tokens may go, too: asked only of who has some."""

    user: Person

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        now = timezone.now()
        count = self.user.api_tokens.valid(now).count() if self.user else 0
        if count:
            several = f"{count} API tokens" if count > 1 else "API token"
            self.fields["revoke_tokens"] = forms.BooleanField(
                required=False,
                label=f"Revoke my {several}, too",
                help_text="If somebody else may know your password, they may have made one.",
            )

    def save(self) -> None:
        super().save()  # type: ignore[misc]  # that of allauth's form
        if self.cleaned_data.get("revoke_tokens"):
            now = timezone.now()
            revoke_all(self.user, by=self.user, at=now)


class ChangePasswordForm(_AsksAboutTokens, ChangeForm):  # type: ignore[misc]  # without types
    pass


class ResetPasswordForm(_AsksAboutTokens, ResetForm):  # type: ignore[misc]  # without types
    pass


class CodeForm(AuthenticateForm):  # type: ignore[misc]  # without types
    """The code of an app, or a recovery code, after the right password."""

    def clean_code(self) -> str:
        try:
            return str(super().clean_code())
        except ValidationError:
            _note_failure(self.user, "code")
            raise


class CredentialField(forms.JSONField):
    """What a browser says of a passkey: an object, and no deeper than one is."""

    def to_python(self, value: Any) -> Any:
        try:
            read = nesting.read(value) if isinstance(value, str) and value else value
        except nesting.BadJson:
            raise ValidationError(BROKEN) from None
        if value and not isinstance(read, dict):
            raise ValidationError(BROKEN)
        return read or None

    def bound_data(self, data: Any, initial: Any) -> Any:
        """Never shown again: what a browser said of a passkey counts once."""
        return None

    def prepare_value(self, value: Any) -> str:
        return ""


BROKEN = "The browser sent no passkey that can be read. Try again."


class _TakesCredential(forms.Form):
    """fido2 reads what a browser sends, and breaks on what no browser would."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["credential"] = CredentialField(widget=forms.HiddenInput)

    def _reads(self, read: Any) -> Any:
        try:
            return read()
        except ValidationError:
            raise
        except (AttributeError, IndexError, KeyError, LookupError, TypeError, ValueError):
            raise ValidationError(BROKEN) from None


class _ProvesCredential(_TakesCredential):
    def clean_credential(self) -> Any:
        try:
            return self._reads(super().clean_credential)  # type: ignore[misc]  # allauth's
        except ValidationError:
            person = getattr(self, "user", None)
            if person is not None:
                _note_failure(person, "passkey")
            raise


class PasskeyForm(_ProvesCredential, AuthenticateWebAuthnForm):  # type: ignore[misc]  # untyped
    pass


class PasskeySignInForm(_ProvesCredential, LoginWebAuthnForm):  # type: ignore[misc]  # untyped
    pass


class PasskeyAgainForm(_ProvesCredential, ReauthenticateWebAuthnForm):  # type: ignore[misc]  # untyped
    pass


class AddPasskeyForm(_TakesCredential, AddWebAuthnForm):  # type: ignore[misc]  # untyped
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["passwordless"]
        field.label = "Sign in with it alone, without a password"
        field.help_text = "Needs a device that asks for your finger, face or PIN."
        field.initial = True

    def clean(self) -> Any:
        return self._reads(super().clean)


def _note_failure(person: Person, step: str) -> None:
    now = timezone.now()
    record("signin.failed", person, at=now, by=None, step=step)
