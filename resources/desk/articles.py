"""The team's articles: the list, one with its versions, and what is done with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import SignedInRequest
from core.errors import Refusal
from core.form_pages import submitted
from core.journal import entries_of
from core.markdown import render_page
from core.paging import paged
from core.reading import one_or_404
from resources import policies
from resources.actions.articles import heard, publishing, writing
from resources.errors import FormUnusable
from resources.forms.articles import (
    AddressForm,
    ArticleForm,
    DefectsForm,
    FileForm,
    PublishForm,
    ReasonForm,
    VouchForm,
    first_shown,
)
from resources.models import Article, ArticleVersion, ArticleVote, Category
from resources.reads.articles.desk import TABS, articles_for_desk
from resources.reads.loop import loops_of
from resources.rules.differences import differences

PAGE = 50
SECTION = "Articles"
VOTES = 20
ENTRIES = 30


def check_allowed(request: SignedInRequest) -> None:
    """Others do not learn that there is such a page."""
    if not policies.may_write_articles(request.user):
        raise Http404


@require_safe
def articles(request: SignedInRequest) -> HttpResponse:
    """All of them, or those of one tab; `?q=` narrows by words of the title."""
    check_allowed(request)
    tab, words = request.GET.get("tab", ""), request.GET.get("q", "").replace("\0", "")[:80]
    found = articles_for_desk(tab, words.strip(), timezone.now().date())
    context = {
        "page_obj": paged(found, request, size=PAGE),
        "tabs": TABS,
        "tab": tab,
        "words": words,
        "has_shelves": Category.objects.exists(),
        "today": timezone.now().date(),
        "section": SECTION,
    }
    return render(request, "resources/desk/articles.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def article_new(request: SignedInRequest) -> HttpResponse:
    check_allowed(request)
    form = ArticleForm(request.POST or None, initial={"title": request.GET.get("title", "")[:150]})

    def save() -> HttpResponse:
        made = writing.save_draft(form.draft(), by=request.user, at=timezone.now())
        messages.success(request, "The draft is kept. Add pictures, then ask for a review.")
        return redirect("admin:article", made.article_id)

    done, status = submitted(request, form, save)
    if done is not None:
        return done
    context = {"form": form, "section": SECTION}
    return render(request, "resources/desk/article_new.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def article(request: SignedInRequest, pk: int) -> HttpResponse:
    """One article: its next version to write, its files and versions, what readers say."""
    check_allowed(request)
    found = one_or_404(Article.objects.for_desk(), pk=pk)
    latest = found.versions.select_related("category", "written_by", "reviewed_by").first()
    assert latest is not None, "an article begins with a version"
    form = ArticleForm(request.POST or None, initial=first_shown(latest))

    def save() -> HttpResponse:
        writing.save_draft(form.draft(), by=request.user, at=timezone.now(), article=found)
        messages.success(request, "The draft is kept. What readers see has not changed.")
        return redirect("admin:article", found.pk)

    done, status = submitted(request, form, save)
    if done is not None:
        return done
    context = _about(request, found, latest) | {"form": form}
    return render(request, "resources/desk/article.html", context, status=status)


def _about(request: SignedInRequest, found: Article, latest: ArticleVersion) -> dict[str, Any]:
    votes = ArticleVote.objects.visible_to(request.user).filter(article=found)
    files = list(found.attached.all())
    missing = render_page(latest.body, {one.name: "#" for one in files}).missing
    return {
        "article": found,
        "latest": latest,
        "next": latest if latest.is_open else None,
        "files": files,
        "loops": loops_of(list(found.defects.order_by("number")), request.user, timezone.now()),
        "missing": missing if latest.is_open else (),
        "versions": found.versions.select_related("written_by")[:20],
        "votes": votes.filter(helped=False, settled_at=None).select_related("person")[:VOTES],
        "helped": votes.filter(helped=True).count(),
        "used": found.uses.count(),
        "entries": entries_of(found).reverse()[:ENTRIES],
        "may_publish": latest.is_open and policies.may_publish(request.user, latest),
        "may_keep": policies.may_keep_shelves(request.user),
        "publish_form": PublishForm(request.user.timezone),
        "today": timezone.now().date(),
        "section": SECTION,
    }


@require_safe
def article_version(request: SignedInRequest, pk: int, number: int) -> HttpResponse:
    """A version as it is read, and what it changed against the one before."""
    check_allowed(request)
    found = one_or_404(Article.objects.for_desk(), pk=pk)
    version = one_or_404(found.versions.select_related("category", "written_by"), number=number)
    before = found.versions.filter(number__lt=number).first()
    context = {
        "article": found,
        "version": version,
        "before": before,
        "lines": differences(before.body, version.body) if before else [],
        "section": SECTION,
    }
    return render(request, "resources/desk/article_version.html", context)


@require_POST
def article_preview(request: SignedInRequest) -> HttpResponse:
    """What is typed, as readers would see it; nothing is kept. For htmx."""
    check_allowed(request)
    pk = request.POST.get("article", "")
    found = Article.objects.filter(pk=pk).first() if pk.isascii() and pk.isdigit() else None
    files = writing.addresses_of(found) if found is not None else {}
    page = render_page(request.POST.get("body", "")[:100_000], files)
    return render(request, "resources/desk/_article_preview.html", {"page": page})


@require_POST
def article_action(request: SignedInRequest, pk: int, name: str) -> HttpResponse:
    """One step of an article; a refusal is said on its page, and changes nothing."""
    check_allowed(request)
    found = one_or_404(Article.objects.for_desk(), pk=pk)
    action = ACTIONS.get(name)
    if action is None:
        raise Http404
    try:
        messages.success(request, action(request, found))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("admin:article", found.pk)


def _latest(article: Article) -> ArticleVersion:
    latest = article.versions.select_related("article").first()
    assert latest is not None
    return latest


def _cleaned(form: Any) -> dict[str, Any]:
    if not form.is_valid():
        raise FormUnusable(problem=next(iter(form.errors.values()))[0])
    said: dict[str, Any] = form.cleaned_data
    return said


def _ask_review(request: SignedInRequest, article: Article) -> str:
    publishing.ask_review(_latest(article), by=request.user, at=timezone.now())
    return "It waits for review."


def _send_back(request: SignedInRequest, article: Article) -> str:
    reason = ReasonForm(request.POST)
    reason.is_valid()
    said = reason.cleaned_data.get("reason", "")
    publishing.send_back(_latest(article), reason=said, by=request.user, at=timezone.now())
    return "It is a draft again."


def _publish(request: SignedInRequest, article: Article) -> str:
    form = PublishForm(request.user.timezone, request.POST)
    _cleaned(form)
    when = form.moment()
    publishing.publish(_latest(article), by=request.user, at=timezone.now(), when=when)
    return "It is published." if when is None else f"It will be published {when:%d %b %Y, %H:%M}."


def _withdraw(request: SignedInRequest, article: Article) -> str:
    said = _cleaned(ReasonForm(request.POST))
    publishing.withdraw(article, reason=said["reason"], by=request.user, at=timezone.now())
    return "Nobody reads it any more."


def _vouch(request: SignedInRequest, article: Article) -> str:
    said = _cleaned(VouchForm(request.POST))
    publishing.vouch_for(article, until=said["until"], by=request.user, at=timezone.now())
    return f"It counts as checked until {said['until']:%d %b %Y}."


def _move(request: SignedInRequest, article: Article) -> str:
    said = _cleaned(AddressForm(request.POST))
    writing.move(article, said["slug"].strip(), by=request.user, at=timezone.now())
    return "It has its new address; the former one leads there."


def _defects(request: SignedInRequest, article: Article) -> str:
    said = _cleaned(DefectsForm(request.POST))
    named = writing.name_defects(article, said["numbers"], by=request.user, at=timezone.now())
    if not named:
        return "It is about no known defect."
    return f"Its page, and those of {', '.join(one.number for one in named)}, lead to each other."


def _add_file(request: SignedInRequest, article: Article) -> str:
    said = _cleaned(FileForm(request.POST, request.FILES))
    file = writing.add_file(article, said["file"], by=request.user, at=timezone.now())
    sign = "!" if file.is_picture else ""
    return f"Added. In the text: {sign}[What it shows]({file.name})"


def _settle(request: SignedInRequest, article: Article) -> str:
    heard.settle_votes(article, by=request.user, at=timezone.now())
    return "What readers missed is dealt with."


ACTIONS: dict[str, Callable[[SignedInRequest, Article], str]] = {
    "ask-review": _ask_review,
    "send-back": _send_back,
    "publish": _publish,
    "withdraw": _withdraw,
    "vouch": _vouch,
    "move": _move,
    "defects": _defects,
    "add-file": _add_file,
    "settle": _settle,
}
