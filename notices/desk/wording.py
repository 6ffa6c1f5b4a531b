"""What the desk writes, for support managers: the kinds of notices, and the words of each."""

from __future__ import annotations

from difflib import unified_diff
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.form_pages import submitted
from core.framing import framed
from notices.forms import WordingForm
from notices.kinds import GROUPS, KINDS
from notices.models import WordingVersion
from notices.sending.rendering import Words, wording_of
from notices.sending.rendering import render as words_of
from notices.wording.examples import facts_for
from notices.wording.language import Wording, delivered, owed, placeholders
from notices.wording.versions import as_delivered, reword, try_on_oneself

if TYPE_CHECKING:
    from accounts.http import SignedInRequest

SECTION = "What the desk writes"
SHOWN = 20  # versions


@require_safe
def wordings(request: SignedInRequest) -> HttpResponse:
    """Every kind of notice, with who worded it last; in one query."""
    _managers_only(request)
    newest = WordingVersion.objects.order_by("kind", "-version").distinct("kind")
    edited = {one.kind: one for one in newest.select_related("made_by") if not one.is_delivered}
    groups = [
        (group.name, [(kind, edited.get(kind.key)) for kind in group.kinds]) for group in GROUPS
    ]
    return render(request, "staff/wordings.html", {"groups": groups, "section": SECTION})


@require_http_methods(["GET", "HEAD", "POST"])
def wording(request: SignedInRequest, kind: str) -> HttpResponse:
    """The words of one kind, to edit; a POST saves them as a version."""
    _look(request, kind)
    counting = wording_of(kind) or delivered(kind)
    form = WordingForm(kind, counting, request.POST or None)

    def save() -> HttpResponse:
        made = reword(kind, form.wording(), by=request.user, at=timezone.now())
        said = "Saved. The next mail of this kind says it so."
        messages.success(request, said if made else "Nothing was different.")
        return redirect("admin:wording", kind)

    done, status = submitted(request, form, save)
    if done is not None:
        return done
    return _page(request, kind, form, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: SignedInRequest, kind: str) -> HttpResponse:
    """A document for a frame: what counts, or what was typed, filled in; `as=text` as text."""
    _look(request, kind)
    form = WordingForm(kind, wording_of(kind) or delivered(kind), request.POST or None)
    if request.method == "POST" and not form.is_valid():
        said = [str(one) for of_field in form.errors.values() for one in of_field]
        return framed("\n".join(said), status=400, content_type="text/plain")
    words = _filled(request, kind, form.wording() if form.is_bound else wording_of(kind))
    if request.POST.get("as", request.GET.get("as")) == "text":
        return framed(f"Subject: {words.subject}\n\n{words.text}", content_type="text/plain")
    return framed(words.html)


@require_POST
def test(request: SignedInRequest, kind: str) -> HttpResponse:
    """Mail what was typed to the manager, marked as a test; nothing is saved."""
    _look(request, kind)
    form = WordingForm(kind, delivered(kind), request.POST)
    if not form.is_valid():
        return _page(request, kind, form, status=400)
    words = _filled(request, kind, form.wording())
    key = f"{request.user.pk}:{form.cleaned_data['key']}"
    try_on_oneself(kind, words, key=key, by=request.user, at=timezone.now())
    messages.success(request, f"A test is on its way to {request.user.email}. Nothing was saved.")
    return _page(request, kind, WordingForm(kind, form.wording()))


@require_POST
def reset(request: SignedInRequest, kind: str) -> HttpResponse:
    """The delivered words count again."""
    _look(request, kind)
    as_delivered(kind, by=request.user, at=timezone.now())
    messages.success(request, "The words that the desk came with count again.")
    return redirect("admin:wording", kind)


def _page(
    request: SignedInRequest, kind: str, form: WordingForm, status: int = 200
) -> HttpResponse:
    stays = owed(kind)
    context = {
        "kind": KINDS[kind],
        "form": form,
        "is_edited": wording_of(kind) is not None,
        "placeholders": [(name, name in stays) for name in placeholders(kind)],
        "history": _history(kind),
        "section": SECTION,
    }
    return render(request, "staff/wording.html", context, status=status)


def _managers_only(request: SignedInRequest) -> None:
    if not request.user.is_manager:
        raise Http404  # others do not learn that there is such a page


def _look(request: SignedInRequest, kind: str) -> None:
    _managers_only(request)
    if kind not in KINDS:
        raise Http404


def _filled(request: SignedInRequest, kind: str, words: Wording | None) -> Words:
    reader, facts = request.user, facts_for(kind, at=timezone.now())
    return words_of(kind, facts, name=reader.name, timezone=reader.timezone, wording=words)


def _history(kind: str) -> list[tuple[WordingVersion, list[str]]]:
    """The newest versions, each with the lines that it changed."""
    found = WordingVersion.objects.filter(kind=kind).select_related("made_by")
    versions = list(found.order_by("-version")[: SHOWN + 1])
    texts = [_lines(one.wording or delivered(kind)) for one in versions]
    texts.append(_lines(delivered(kind)))
    return [
        (one, [*unified_diff(before, after, n=1, lineterm="")][2:])
        for one, after, before in zip(versions, texts, texts[1:], strict=False)
    ][:SHOWN]


def _lines(words: Wording) -> list[str]:
    return [f"Subject: {words.subject}", *words.text.splitlines()]
