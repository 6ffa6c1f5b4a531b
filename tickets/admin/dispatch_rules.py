"""The rules by which incidents are given out: the managers' settings (programme.md rule 6)."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.http import SignedInRequest
from core.errors import Refusal
from tickets import policies
from tickets.actions.dispatch_rules import change_rules, rules_at
from tickets.forms.dispatch_rules import DispatchRulesForm
from tickets.models import DispatchRulesVersion
from tickets.rules.dispatch_rules import ORDERS, WISHES

SHOWN = 20  # versions


@require_http_methods(["GET", "HEAD", "POST"])
def dispatch_rules(request: SignedInRequest) -> HttpResponse:
    """The rules that count now, to edit, with the versions before them."""
    if not policies.may_set_dispatch(request.user):
        raise Http404  # others do not learn that there is such a page
    at = timezone.now()
    form, status = DispatchRulesForm(rules_at(at), request.POST or None), 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                said = _save(request, form)
            except Refusal as refusal:
                form.add_error(None, str(refusal))
                status = refusal.status
            else:
                messages.success(request, said)
                return redirect("admin:dispatch_rules")
    history = list(DispatchRulesVersion.objects.select_related("made_by")[:SHOWN])
    context = {
        "form": form,
        "history": [_shown(one) for one in history],
        "counting": DispatchRulesVersion.objects.counting(at).first(),
        "section": "Rules of dispatch",
    }
    return render(request, "staff/dispatch_rules.html", context, status=status)


def _save(request: SignedInRequest, form: DispatchRulesForm) -> str:
    """What became of it."""
    made = change_rules(
        form.rules(),
        reason=form.cleaned_data["reason"],
        by=request.user,
        at=timezone.now(),
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
