"""Causes of incidents, which managers keep."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import Person
from tickets.actions.solutions import keep_cause
from tickets.models import Cause


@admin.register(Cause)
class CauseAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    fields = ("key", "name", "position", "is_offered")
    list_display = ("name", "key", "position", "is_offered")
    list_filter = ("is_offered",)
    search_fields = ("name", "key")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("key",) if obj is not None else ()

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Cause, form: Any, change: bool) -> None:
        kept = keep_cause(
            obj.key,
            name=obj.name,
            position=obj.position,
            is_offered=obj.is_offered,
            by=cast(Person, request.user),
            at=timezone.now(),
        )
        obj.pk = kept.pk
