"""Categories of articles, and the searches that found none."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import SignedInRequest
from core.form_pages import submitted
from core.paging import paged
from core.reading import one_or_404
from resources import policies
from resources.actions.articles.heard import settle_missed
from resources.actions.articles.shelves import keep_category
from resources.desk.articles import SECTION, check_allowed
from resources.forms.articles import CategoryForm
from resources.models import Category, MissedSearch
from resources.reads.articles.desk import missed_searches as in_vain

PAGE = 50


@require_safe
def missed_searches(request: SignedInRequest) -> HttpResponse:
    """What readers looked for and did not find, the most frequent first."""
    check_allowed(request)
    context = {"page_obj": paged(in_vain(), request, size=PAGE), "section": "Searched in vain"}
    return render(request, "resources/desk/missed.html", context)


@require_POST
def missed_settled(request: SignedInRequest, pk: int) -> HttpResponse:
    """There is an article by now, or none is wanted."""
    check_allowed(request)
    missed = one_or_404(MissedSearch.objects.all(), pk=pk)
    settle_missed(missed, by=request.user, at=timezone.now())
    messages.success(request, f"“{missed.words}” is off the list.")
    return redirect("admin:missed_searches")


@require_http_methods(["GET", "HEAD", "POST"])
def categories(request: SignedInRequest) -> HttpResponse:
    """The shelves; leads and managers add one here."""
    return _edit(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
def category(request: SignedInRequest, pk: int) -> HttpResponse:
    return _edit(request, one_or_404(Category.objects.all(), pk=pk))


def _edit(request: SignedInRequest, old: Category | None) -> HttpResponse:
    check_allowed(request)
    initial = {"name": old.name, "position": old.position} if old else None
    form = CategoryForm(request.POST or None, initial=initial)

    def save() -> HttpResponse:
        kept = keep_category(**form.cleaned_data, by=request.user, at=timezone.now(), old=old)
        messages.success(request, f"“{kept.name}” is kept.")
        return redirect("admin:article_categories")

    done, status = submitted(request, form, save)
    if done is not None:
        return done
    live = Q(versions__live_of__isnull=False)
    context = {
        "rows": Category.objects.annotate(count=Count("versions", filter=live)).order_by(
            "position", "name"
        ),
        "form": form,
        "old": old,
        "may_keep": policies.may_keep_shelves(request.user),
        "section": SECTION,
    }
    return render(request, "resources/desk/categories.html", context, status=status)
