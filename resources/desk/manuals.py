"""The team's documentation: the list, one manual with its versions, and what is done with them."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import SignedInRequest
from core.errors import Refusal
from core.form_pages import submitted
from core.journal import entries_of
from core.kinds import words_of
from core.paging import paged
from core.reading import one_or_404
from resources import policies
from resources.actions.manuals import keeping
from resources.desk.articles import check_allowed
from resources.errors import FormUnusable
from resources.forms.manuals import ManualFileForm, ManualForm
from resources.models import Manual, ManualVersion

PAGE = 50
SECTION = "Documentation"
ENTRIES = 20


@require_safe
def manuals(request: SignedInRequest) -> HttpResponse:
    """All of them, with how many versions each has."""
    check_allowed(request)
    rows = Manual.objects.annotate(count=Count("versions")).order_by("title", "pk")
    context = {"page_obj": paged(rows, request, size=PAGE), "section": SECTION}
    return render(request, "resources/desk/manuals.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def manual_new(request: SignedInRequest) -> HttpResponse:
    check_allowed(request)
    form = ManualForm(request.POST or None, initial={"product": settings.VENDOR["product"]})

    def save() -> HttpResponse:
        made = keeping.save_manual(form.draft(), by=request.user, at=timezone.now())
        messages.success(request, "It is kept. Add its file for a version.")
        return redirect("admin:manual", made.pk)

    done, status = submitted(request, form, save)
    if done is not None:
        return done
    context = {"form": form, "section": SECTION}
    return render(request, "resources/desk/manual_new.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def manual(request: SignedInRequest, pk: int) -> HttpResponse:
    """One manual: what it is, and its versions."""
    check_allowed(request)
    found = one_or_404(Manual.objects.all(), pk=pk)
    names = ("title", "product", "kind", "summary", "audience", "levels", "editions")
    form = ManualForm(request.POST or None, initial={one: getattr(found, one) for one in names})

    def save() -> HttpResponse:
        keeping.save_manual(form.draft(), by=request.user, at=timezone.now(), manual=found)
        messages.success(request, "It is kept.")
        return redirect("admin:manual", found.pk)

    done, status = submitted(request, form, save)
    if done is not None:
        return done
    counted = found.versions.annotate(count=Count("pages")).select_related("added_by", "manual")
    context = {
        "manual": found,
        "versions": counted.order_by("-place", "-pk"),
        "form": form,
        "file_form": ManualFileForm(),
        "entries": [(one, words_of(one, str)) for one in entries_of(found).reverse()[:ENTRIES]],
        "may_publish": policies.may_publish_manuals(request.user),
        "section": SECTION,
    }
    return render(request, "resources/desk/manual.html", context, status=status)


@require_POST
def manual_action(request: SignedInRequest, pk: int, name: str) -> HttpResponse:
    """One step of a manual; a refusal is said on its page, and changes nothing."""
    check_allowed(request)
    found = one_or_404(Manual.objects.all(), pk=pk)
    action = MANUAL_ACTIONS.get(name)
    if action is None:
        raise Http404
    try:
        messages.success(request, action(request, found))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("admin:manual", found.pk)


def _add(request: SignedInRequest, manual: Manual) -> str:
    form = ManualFileForm(request.POST, request.FILES)
    if not form.is_valid():
        raise FormUnusable(problem=next(iter(form.errors.values()))[0])
    said = form.cleaned_data
    added = keeping.add_manual_version(
        manual,
        said["file"],
        version=said["version"],
        is_preview=said["is_preview"],
        by=request.user,
        at=timezone.now(),
    )
    return f"{added.version} is here. Look at it, then publish it."


def _version(request: SignedInRequest, manual: Manual) -> ManualVersion:
    asked = request.POST.get("version", "")
    pk = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 16 else 0
    return one_or_404(manual.versions.select_related("manual"), pk=pk)


def _publish(request: SignedInRequest, manual: Manual) -> str:
    one = _version(request, manual)
    keeping.publish_manual(one, by=request.user, at=timezone.now())
    return f"{one.version} is published."


def _retire(request: SignedInRequest, manual: Manual) -> str:
    one = _version(request, manual)
    keeping.retire_manual(one, by=request.user, at=timezone.now())
    return f"{one.version} is retired: its addresses lead to the newest version."


def _remove(request: SignedInRequest, manual: Manual) -> str:
    one = _version(request, manual)
    keeping.remove_manual_version(one, by=request.user, at=timezone.now())
    return f"{one.version} is removed."


MANUAL_ACTIONS: dict[str, Callable[[SignedInRequest, Manual], str]] = {
    "add": _add,
    "publish": _publish,
    "retire": _retire,
    "remove": _remove,
}
