"""The rules by which incidents are given out: the managers' settings (rule 6)."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.http import SignedInRequest
from core.errors import Refusal
from entitlements.rules.terms import midnight
from tickets import policies
from tickets.actions.dispatch.dispatch_rules import change_rules, check, rules_at
from tickets.forms.dispatch_rules import DispatchRulesForm, ReplayForm
from tickets.models import DispatchRulesVersion
from tickets.reads.dispatch_history import history
from tickets.rules.dispatch.compare import Comparison, compare
from tickets.rules.dispatch.settings import ORDERS, WISHES

SHOWN = 20  # versions
MOST_SHOWN = 40  # of the incidents that differ


@require_http_methods(["GET", "HEAD", "POST"])
def dispatch_rules(request: SignedInRequest) -> HttpResponse:
    """The rules that count now, to edit, with the versions before them.

    "simulate" posted shows what they would have done in the chosen days, and writes nothing.
    """
    if not policies.may_set_dispatch(request.user):
        raise Http404  # others do not learn that there is such a page
    at, sent = timezone.now(), request.POST or None
    form = DispatchRulesForm(rules_at(at), sent)
    today = at.astimezone(ZoneInfo(request.user.timezone)).date()
    days = ReplayForm(today, sent if "simulate" in request.POST else None)
    context: dict[str, object] = {}
    status = 200
    if request.method == "POST":
        try:
            if "simulate" in request.POST:
                context = _simulated(request, form, days, at)
            elif form.is_valid():
                messages.success(request, _save(request, form, at))
                return redirect("admin:dispatch_rules")
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            status = refusal.status
        if not context:
            status = max(status, 400)
    versions = list(DispatchRulesVersion.objects.select_related("made_by")[:SHOWN])
    context |= {
        "form": form,
        "days": days,
        "versions": [_shown(one) for one in versions],
        "counting": DispatchRulesVersion.objects.counting(at).first(),
        "section": "Rules of dispatch",
    }
    return render(request, "staff/dispatch_rules.html", context, status=status)


def _simulated(
    request: SignedInRequest, form: DispatchRulesForm, days: ReplayForm, at: datetime
) -> dict[str, object]:
    """What the rules would have done, for the page; nothing where a field is wrong."""
    if not (form.is_valid() and days.is_valid()):
        return {}
    rules = form.rules()
    check(rules)
    first_on, last_on = days.cleaned_data["from_on"], days.cleaned_data["to_on"]
    start = midnight(first_on, request.user.timezone)
    end = min(midnight(last_on + timedelta(days=1), request.user.timezone), at)
    found = compare(history(start, end, reader=request.user), rules_at(at), rules)
    return {
        "found": found,
        "first_on": first_on,
        "last_on": last_on,
        "notes": _notes(found),
        "shares": _bars(found),
        "differences": found.differences[:MOST_SHOWN],
        "more": max(0, len(found.differences) - MOST_SHOWN),
    }


def _notes(found: Comparison) -> dict[str, str]:
    """What stands below each figure: the present rules' own."""
    now = {name: f"{number:,} by the present rules" for name, number in asdict(found.now).items()}
    plural = "" if found.incidents == 1 else "s"
    return now | {"all": f"of {found.incidents:,} incident{plural}"}


def _bars(found: Comparison) -> list[dict[str, object]]:
    """Each engineer's row with the lengths of its bars, in percent of the longest."""
    longest = max((max(one.now, one.then) for one in found.shares), default=0) or 1
    return [
        {
            "row": one,
            "now": round(100 * one.now / longest),
            "then": round(100 * one.then / longest),
        }
        for one in found.shares
    ]


def _save(request: SignedInRequest, form: DispatchRulesForm, at: datetime) -> str:
    """What became of it."""
    made = change_rules(
        form.rules(),
        reason=form.cleaned_data["reason"],
        by=request.user,
        at=at,
        starts_at=form.starts(),
    )
    if made is None:
        return "Nothing was different."
    return f"Saved as version {made.version}. It counts for what is given out from then on."


def _shown(version: DispatchRulesVersion) -> dict[str, object]:
    rules = version.rules
    return {
        "made": version,
        "wishes": [WISHES.get(one, one) for one in rules.wishes],  # type: ignore[call-overload]
        "order": [ORDERS.get(one, one) for one in rules.order],  # type: ignore[call-overload]
    }
