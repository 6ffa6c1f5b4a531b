"""Admin lists whose add form is an action; its refusal is shown on the form."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar, cast

from django.contrib import admin, messages
from django.db.models import Model
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.models import Person
from core.errors import Refusal
from core.model_admin import ReadOnlyAdmin
from entitlements import policies


def manager_of(request: HttpRequest) -> Person:
    return cast(Person, request.user)


class ActionAdmin(ReadOnlyAdmin):
    """A list with an add form that calls an action; its refusal is shown on the form."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return policies.may_manage_contracts(manager_of(request))

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The form's own fields when adding; every field of the row when looking."""
        if obj is None:
            return super().get_fields(request, obj)
        return [field.name for field in self.opts.concrete_fields if field.name != "id"]

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        form.refusal = getattr(request, "refusal", None)
        return form

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """A refused action wrote nothing (its transaction is gone); the form says why."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except Refusal as refusal:
            request.refusal = refusal  # type: ignore[attr-defined]  # read again by get_form
            return super().changeform_view(request, object_id, form_url, extra_context)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        made = self.carry_out(form, at=timezone.now(), by=manager_of(request))
        obj.pk = made.pk
        obj.refresh_from_db()

    def carry_out(self, form: Any, *, at: datetime, by: Person) -> Model:
        raise NotImplementedError


class LookInline(admin.TabularInline):  # type: ignore[type-arg]  # not generic at run time
    can_delete = False
    extra = 0

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


M = TypeVar("M", bound=Model)


def action_page(
    request: HttpRequest,
    template: str,
    form: Form,
    do: Callable[[datetime], M],
    *,
    said: Callable[[M], str],
    goes_to: str,
    context: dict[str, Any],
) -> HttpResponse:
    """One form that carries out one action, and then goes to `goes_to` of the row it gave.

    A refusal is shown on the form, which keeps what was typed.
    """
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                done = do(timezone.now())
            except Refusal as refusal:
                form.add_error(None, str(refusal))
                status = refusal.status
            else:
                messages.success(request, said(done))
                return redirect(goes_to, done.pk)
    return render(request, template, context | {"form": form}, status=status)
