"""What is done at warnings and breaches, by level: the managers' settings (X3)."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import SignedInRequest
from core.errors import Refusal
from entitlements.enums import Level
from tickets import policies
from tickets.actions.promises.alarm_policies import DEFAULT, change_policy, follow_default, in_force
from tickets.forms.alarms import PolicyForm
from tickets.models import AlarmPolicy

_NAMES = {"default": "Every other level", **dict(Level.choices)}


def _level(name: str) -> str:
    """The level that a URL names; "default" is the one for the others."""
    if name not in _NAMES:
        raise Http404
    return DEFAULT if name == "default" else name


def _check_allowed(request: SignedInRequest) -> None:
    if not policies.may_set_alarms(request.user):
        raise Http404  # others do not learn that there is such a page


@require_safe
def alarm_policies(request: SignedInRequest) -> HttpResponse:
    """Each level with what is done at its warnings and its breach, and since when."""
    _check_allowed(request)
    counts = in_force()
    newest = AlarmPolicy.objects.order_by("level", "-version").distinct("level")
    made = {one.level: one for one in newest.select_related("made_by")}
    rows = [
        {
            "name": name,
            "label": label,
            "made": made.get(_level(name)),
            "steps": counts[_level(name)].steps,
            "is_own": name == "default" or _level(name) in made and made[name].steps,
        }
        for name, label in _NAMES.items()
    ]
    context = {"rows": rows, "section": "Alarms"}
    return render(request, "staff/alarm_policies.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def alarm_policy(request: SignedInRequest, level: str) -> HttpResponse:
    """The policy of one level to edit; "follow" posted gives it the default's again."""
    _check_allowed(request)
    key = _level(level)
    form = PolicyForm(in_force()[key].steps, request.POST or None)
    refused, status = "", 200
    if request.method == "POST":
        status = 400
        try:
            if "follow" in request.POST and key != DEFAULT:
                follow_default(key, by=request.user, at=timezone.now())
                return _saved(request, level)
            if form.is_valid():
                change_policy(key, form.steps(), by=request.user, at=timezone.now())
                return _saved(request, level)
        except Refusal as refusal:
            refused, status = str(refusal), refusal.status
    history = AlarmPolicy.objects.filter(level=key).select_related("made_by")[:20]
    context = {
        "form": form,
        "label": _NAMES[level],
        "is_default": key == DEFAULT,
        "is_own": any(one.steps for one in history[:1]),
        "history": history,
        "refused": refused,
        "section": "Alarms",
    }
    return render(request, "staff/alarm_policy.html", context, status=status)


def _saved(request: SignedInRequest, level: str) -> HttpResponse:
    messages.success(request, f"Saved. {_NAMES[level]}: this counts from now on.")
    return redirect("admin:alarm_policies")
