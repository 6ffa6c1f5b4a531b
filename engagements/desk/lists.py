"""What managers keep for engagements: modules, assumptions, run books, plans; in versions."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import SignedInRequest
from core.errors import NotAllowed
from core.form_pages import submitted
from engagements import policies
from engagements.actions.catalogue import keep_list
from engagements.actions.planning import save_template
from engagements.enums import Subject
from engagements.reads.lists import PLAN, kept_lists, list_page

SECTION = "Lists and plans"
MOST_DIGITS = 6


class TextForm(forms.Form):
    text = forms.CharField(
        label="The list", max_length=50_000, strip=False, widget=forms.Textarea(attrs={"rows": 26})
    )


@require_safe
def lists(request: SignedInRequest) -> HttpResponse:
    """Each with its version."""
    if not policies.may_read_list(request.user):
        raise Http404
    written, plans = kept_lists()
    context = {"written": written, "plans": plans, "section": SECTION}
    return render(request, "engagements/lists.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def kept(request: SignedInRequest, key: str) -> HttpResponse:
    """One of them; managers write a new version. `?version=` shows an earlier one, 0 as
    delivered."""
    if not policies.may_read_list(request.user):
        raise Http404
    asked = request.GET.get("version", "")
    good = asked.isascii() and asked.isdigit() and len(asked) <= MOST_DIGITS
    page = list_page(key, int(asked) if good else None)
    if page is None:
        raise Http404
    may_keep = policies.may_keep_catalogue(request.user)
    if request.method == "POST" and not may_keep:
        raise NotAllowed()
    form = TextForm(request.POST or None, initial={"text": page.text})

    def save() -> HttpResponse:
        text, who, at = form.cleaned_data["text"], request.user, timezone.now()
        if key.startswith(PLAN):
            version = save_template(key.removeprefix(PLAN), text, by=who, at=at).version
        else:
            version = keep_list(Subject(key), text, by=who, at=at).version
        messages.success(request, f"Version {version} is kept. What runs already stays as it is.")
        return redirect("admin:engagement_list_kept", key)

    done, status = submitted(request, form, save)
    if done is not None:
        return done
    context = {"page": page, "form": form, "may_keep": may_keep, "section": SECTION}
    return render(request, "engagements/list_kept.html", context, status=status)


PAGES = (
    ("engagement-lists/", lists, "engagement_lists"),
    ("engagement-lists/<slug:key>/", kept, "engagement_list_kept"),
)
