"""allauth's forms with what we ask besides."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import ChangePasswordForm as ChangeForm
from allauth.account.forms import ResetPasswordKeyForm as ResetForm
from django import forms
from django.utils import timezone

from accounts.actions.tokens import revoke_all
from accounts.models import Person


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
