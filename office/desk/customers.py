"""The account manager's home: my customers, and what matters about each now."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import SignedInRequest
from core.form_pages import submitted
from core.text import clean
from office import policies
from office.actions.health import set_rules
from office.forms.accounts import HealthForm
from office.models import HealthRulesVersion
from office.reads.health import counting_rules
from office.reads.portfolio import SORTS, portfolio_of

PAGE = 100
SECTION = "My customers"


@require_safe
def customers(request: SignedInRequest) -> HttpResponse:
    """`?q=` narrows by words, `?show=` by what matters, `?sort=` orders."""
    if not policies.may_see_customers(request.user):
        raise Http404
    words = clean(request.GET.get("q", ""))[:100]
    asked = {key: request.GET.get(key, "") for key in ("show", "sort")}
    found = portfolio_of(request.user, at=timezone.now(), words=words, **asked)
    page = Paginator(found.rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "found": found,
        "page_obj": page,
        "rows": page.object_list,
        "words": words,
        "sorts": [(key, label) for key, (label, _) in SORTS.items()],
        "is_narrowed": bool(words or asked["show"]),
        "section": SECTION,
        **asked,
    }
    return render(request, "staff/office/customers.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def health_rules(request: SignedInRequest) -> HttpResponse:
    """What the health score is made with; every edit is a version, with who and when."""
    if not policies.may_set_health(request.user):
        raise Http404  # others do not learn that there is such a page
    form = HealthForm(counting_rules().rules, request.POST or None)

    def save() -> HttpResponse:
        made = set_rules(form.wanted(), by=request.user, at=timezone.now())
        said = "Saved. Scores are made so from now on." if made else "Nothing was different."
        messages.success(request, said)
        return redirect("admin:health_rules")

    done, status = submitted(request, form, save)
    if done is not None:
        return done
    context = {
        "form": form,
        "history": HealthRulesVersion.objects.select_related("made_by")[:20],
        "section": "Health score",
    }
    return render(request, "staff/office/health_rules.html", context, status=status)
