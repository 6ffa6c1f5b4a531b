"""Subscriptions: sold here, renewed, upgraded, downgraded, cancelled, corrected; never edited."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils import timezone

from accounts.models import Person
from core.errors import Refusal
from entitlements import policies
from entitlements.actions import changes, offers, subscriptions
from entitlements.actions.offers import Offer
from entitlements.admin.action_pages import ActionAdmin, action_page, manager_of
from entitlements.enums import Level
from entitlements.forms import admin as forms
from entitlements.forms.subscriptions import (
    CancelForm,
    CorrectForm,
    DowngradeForm,
    RenewForm,
    SubscriptionDeedForm,
    UpgradeForm,
)
from entitlements.levels import SUBSCRIBED_LEVELS, subscribed_next_to
from entitlements.models import Subscription

Do = Callable[[Subscription, dict[str, Any], datetime, Person], Subscription]
Foresee = Callable[[Subscription, datetime], Offer]


@dataclass(frozen=True)
class PageAction:
    """One change that a manager may make. `levels` are those it is offered for.

    `title` and `what` are filled with `level`, the one that it sells, and `held`.
    """

    name: str
    title: str
    what: str
    form: type[SubscriptionDeedForm]
    do: Do
    levels: tuple[Level, ...] = SUBSCRIBED_LEVELS
    offer: Foresee | None = None
    sells: Callable[[str], Level | None] = lambda held: Level(held)

    def worded(self, held: str) -> PageAction:
        """The same action with its words for a subscription of the level `held`."""
        sold = self.sells(held)
        words = {"level": sold.label if sold else "", "held": Level(held).label}
        title, what = self.title.format(**words), self.what.format(**words)
        return replace(self, title=title, what=what)


def _renew(one: Subscription, asked: dict[str, Any], at: datetime, by: Person) -> Subscription:
    return changes.renew(one.licence, level=one.level, at=at, by=by, **asked)


def _upgrade(one: Subscription, asked: dict[str, Any], at: datetime, by: Person) -> Subscription:
    return changes.upgrade(one.licence, at=at, by=by, **asked)


def _downgrade(one: Subscription, asked: dict[str, Any], at: datetime, by: Person) -> Subscription:
    return changes.downgrade(one.licence, at=at, by=by, **asked)


def _cancel(one: Subscription, asked: dict[str, Any], at: datetime, by: Person) -> Subscription:
    return changes.cancel(one, at=at, by=by, **asked)


def _correct(one: Subscription, asked: dict[str, Any], at: datetime, by: Person) -> Subscription:
    ends_on = asked.pop("last_on") + timedelta(days=1)
    return changes.correct(one, at=at, by=by, ends_on=ends_on, **asked)


PAGE_ACTIONS = (
    PageAction(
        "renew",
        "Renew",
        "Sells a year more of the same level. Entered late but without a gap, it brings Gold"
        " incidents back that had expired meanwhile.",
        RenewForm,
        _renew,
        offer=lambda one, at: offers.renewal(one.licence, level=one.level, at=at),
    ),
    PageAction(
        "upgrade",
        "Upgrade to {level}",
        "Sells a year of {level} from today on. {held} ends, and its unused days are credited."
        " Clocks that run are due at the earlier of the old moment and the new one.",
        UpgradeForm,
        _upgrade,
        SUBSCRIBED_LEVELS[1:],
        lambda one, at: offers.upgrade(one.licence, at=at),
        partial(subscribed_next_to, better=True),
    ),
    PageAction(
        "downgrade",
        "Downgrade to {level}",
        "Sells a year of {level} from the end of the {held} that runs. It counts from the next"
        " incident on; Gold incidents that are left then expire.",
        DowngradeForm,
        _downgrade,
        SUBSCRIBED_LEVELS[:-1],
        lambda one, at: offers.downgrade(one.licence, at=at),
        partial(subscribed_next_to, better=False),
    ),
    PageAction(
        "cancel",
        "Cancel the subscription",
        "Ends it early. What was promised for incidents that are open stays promised.",
        CancelForm,
        _cancel,
    ),
    PageAction(
        "correct",
        "Correct a mistake",
        "The wrong one becomes void, the right one stands in its place, and clocks that run for"
        " this licence are counted again from their start.",
        CorrectForm,
        _correct,
    ),
)


@dataclass(frozen=True)
class Foreseen:
    """What an action would sell if nothing is typed, or the sentence why it can not."""

    offer: Offer | None = None
    price: Decimal | None = None
    refusal: str = ""


class VoidFilter(admin.SimpleListFilter):
    title = "validity"
    parameter_name = "void"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("no", "Counts"), ("yes", "Void")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() is None:
            return queryset
        return queryset.filter(void_at__isnull=self.value() == "no")


@admin.register(Subscription)
class SubscriptionAdmin(ActionAdmin):
    form = forms.SubscriptionForm
    change_form_template = "staff/subscription_change.html"
    list_display = (
        "licence",
        "organisation",
        "level",
        "starts_on",
        "last_on",
        "price",
        "currency",
        "void",
    )
    list_filter = (VoidFilter, "level", "ends_on")
    list_select_related = ("licence", "organisation")
    search_fields = ("licence__key", "organisation__name")
    ordering = ("ends_on",)
    actions = ("renew",)

    @admin.display(description="Last day", ordering="ends_on")
    def last_on(self, subscription: Subscription) -> str:
        return f"{subscription.ends_on - timedelta(days=1):%Y-%m-%d}"

    @admin.display(description="Void since")
    def void(self, subscription: Subscription) -> str:
        return f"{subscription.void_at:%Y-%m-%d}" if subscription.void_at else ""

    def get_urls(self) -> list[URLPattern]:
        door = self.admin_site.admin_view
        mine = [
            path(
                f"<int:object_id>/{page_action.name}/",
                door(self._page_of(page_action)),
                name=f"entitlements_subscription_{page_action.name}",
            )
            for page_action in PAGE_ACTIONS
        ]
        return [*mine, *super().get_urls()]

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kw: Any) -> Any:
        one = kw.get("obj")
        if one is not None and one.void_at is None:
            fitting = [found for found in PAGE_ACTIONS if one.level in found.levels]
            context["page_actions"] = [found.worded(one.level) for found in fitting]
        return super().render_change_form(request, context, *args, **kw)

    def carry_out(self, form: Any, *, at: datetime, by: Person) -> Subscription:
        given = dict(form.cleaned_data)
        return subscriptions.subscribe(given.pop("licence"), at=at, by=by, **given)

    @admin.action(description="Renew for a year, without a gap", permissions=["add"])
    def renew(self, request: HttpRequest, queryset: QuerySet[Subscription]) -> None:
        by = manager_of(request)
        for one in queryset.select_related("licence__organisation"):
            try:
                made = changes.renew(one.licence, level=one.level, at=timezone.now(), by=by)
            except Refusal as refusal:
                messages.warning(request, f"{one.licence.key}: {refusal}")
            else:
                messages.success(request, f"{one.licence.key}: {made}")

    def _page_of(self, page_action: PageAction) -> Callable[[HttpRequest, int], HttpResponse]:
        def page(request: HttpRequest, object_id: int) -> HttpResponse:
            by = manager_of(request)
            one = _managed(by, object_id)
            form = page_action.form(one, *([request.POST] if request.method == "POST" else []))
            return action_page(
                request,
                "staff/subscription_action.html",
                form,
                lambda at: page_action.do(one, dict(form.cleaned_data), at, by),
                said=lambda done: f"Done: {done.licence.key}, {done}.",
                goes_to="admin:entitlements_subscription_change",
                context={
                    "subscription": one,
                    "page_action": page_action.worded(one.level),
                    "foreseen": _foreseen(page_action, one, timezone.now()),
                    "section": "Subscriptions",
                },
            )

        return page


def _foreseen(page_action: PageAction, one: Subscription, at: datetime) -> Foreseen:
    if page_action.offer is None:
        return Foreseen()
    try:
        offer = page_action.offer(one, at)
        return Foreseen(offer, offer.price)
    except Refusal as refusal:
        return Foreseen(refusal=str(refusal))


def _managed(person: Person, pk: int) -> Subscription:
    """For whoever may manage contracts; for everybody else there is none."""
    if not policies.may_manage_contracts(person):
        raise Http404
    visible = Subscription.objects.visible_to(person)
    return get_object_or_404(visible.select_related("licence", "organisation"), pk=pk)
