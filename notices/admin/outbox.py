"""The outbox for managers: what was notified to whom, and what did not reach them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from core.errors import Refusal
from core.model_admin import ReadOnlyAdmin
from notices.models import Notice
from notices.querysets import OWED
from notices.sending.delivery import retry


class StandingFilter(admin.SimpleListFilter):
    title = "standing"
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("failing", "Failing"),
            ("given_up", "Given up"),
            ("owed", "Owed"),
            ("sent", "Sent"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Notice]) -> QuerySet[Notice]:
        found = {
            "failing": queryset.filter(sent_at=None).exclude(last_error=""),
            "given_up": queryset.filter(given_up_at__isnull=False, is_unwanted=False),
            "owed": queryset.filter(OWED),
            "sent": queryset.filter(sent_at__isnull=False),
        }
        return found.get(self.value() or "", queryset)


@admin.register(Notice)
class NoticeAdmin(ReadOnlyAdmin):
    list_display = (
        "recipient",
        "template",
        "subject",
        "made_at",
        "sent_at",
        "attempts",
        "next_at",
        "given_up_at",
        "last_error",
    )
    list_filter = (StandingFilter, "template")
    list_select_related = ("to",)
    search_fields = ("to__email", "address", "key")
    ordering = ("-made_at", "-pk")
    show_full_result_count = False
    actions = ("try_again",)
    exclude = ("context", "is_secret")  # customers' words and links that open doors

    @admin.action(description="Try given-up notices again", permissions=["view"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[Notice]) -> None:
        tried = 0
        for notice in queryset:
            try:
                retry(notice, by=request.user, at=timezone.now())  # type: ignore[arg-type]
                tried += 1
            except Refusal as refusal:
                messages.warning(request, f"{notice.recipient}: {refusal}")
        if tried:
            messages.success(request, f"{tried} will be tried again now.")
