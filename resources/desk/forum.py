"""The moderators' pages: what waits for them, boards, and what they do with posts and topics."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import SignedInRequest
from core.errors import Refusal
from core.form_pages import submitted
from core.paging import paged
from core.reading import one_or_404
from resources import policies
from resources.actions.forum import articles, moderating, ordering
from resources.actions.forum.boards import keep_board
from resources.errors import FormUnusable, TopicMergedWithItself
from resources.forms.forum import BoardForm, MergeForm, MoveForm, WhyForm
from resources.models import Board, Post, PostReport, Topic
from resources.reads.forum.desk import held_posts, reported_posts

PAGE = 30
SECTION = "Forum"


def check_allowed(request: SignedInRequest) -> None:
    """Others do not learn that there is such a page."""
    if not policies.may_moderate(request.user):
        raise Http404


@require_safe
def forum(request: SignedInRequest) -> HttpResponse:
    """What waits: first posts, and what readers reported."""
    check_allowed(request)
    reported = list(reported_posts()[:PAGE])
    reports: dict[int, list[PostReport]] = {}
    for one in PostReport.objects.still_open().filter(post__in=reported).select_related("card"):
        reports.setdefault(one.post_id, []).append(one)
    context = {
        "page_obj": paged(held_posts(), request, size=PAGE),
        "reported": [(post, reports.get(post.pk, [])) for post in reported],
        "has_boards": Board.objects.exists(),
        "section": SECTION,
    }
    return render(request, "resources/desk/forum.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def boards(request: SignedInRequest) -> HttpResponse:
    """The boards; leads and managers add one here."""
    return _edit(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
def board(request: SignedInRequest, pk: int) -> HttpResponse:
    return _edit(request, one_or_404(Board.objects.all(), pk=pk))


def _edit(request: SignedInRequest, old: Board | None) -> HttpResponse:
    check_allowed(request)
    names = ("name", "what", "audience", "levels", "position")
    initial = {name: getattr(old, name) for name in names} if old else None
    form = BoardForm(request.POST or None, initial=initial)

    def save() -> HttpResponse:
        kept = keep_board(form.draft(), by=request.user, at=timezone.now(), old=old)
        messages.success(request, f"“{kept.name}” is kept.")
        return redirect("admin:forum_boards")

    done, status = submitted(request, form, save)
    if done is not None:
        return done
    context = {
        "rows": Board.objects.all(),
        "form": form,
        "old": old,
        "may_keep": policies.may_keep_boards(request.user),
        "section": SECTION,
    }
    return render(request, "resources/desk/boards.html", context, status=status)


@require_POST
def post_action(request: SignedInRequest, pk: int, name: str) -> HttpResponse:
    """One decision about a post; leads back to where it was made."""
    check_allowed(request)
    found = one_or_404(Post.objects.select_related("topic__board", "card"), pk=pk)
    action = POST_ACTIONS.get(name)
    if action is None:
        raise Http404
    _do(request, lambda: action(request, found))
    then = request.POST.get("then", "")
    hosts = {request.get_host()}
    if then.startswith("/") and url_has_allowed_host_and_scheme(then, allowed_hosts=hosts):
        return redirect(then)
    return redirect("admin:forum")


@require_POST
def topic_action(request: SignedInRequest, pk: int, name: str) -> HttpResponse:
    """One step of a topic; leads to its page, wherever that is by then."""
    check_allowed(request)
    found = one_or_404(Topic.objects.select_related("board"), pk=pk)
    action = TOPIC_ACTIONS.get(name)
    if action is None:
        raise Http404
    to = _do(request, lambda: action(request, found)) or found
    return redirect(*to) if isinstance(to, tuple) else redirect(to)


def _do(request: SignedInRequest, act: Callable[[], tuple[str, Any]]) -> Any:
    """Where it leads; None after a refusal, which changed nothing and is said."""
    try:
        said, to = act()
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return None
    messages.success(request, said)
    return to


def _cleaned(form: Any) -> dict[str, Any]:
    if not form.is_valid():
        raise FormUnusable(problem=next(iter(form.errors.values()))[0])
    said: dict[str, Any] = form.cleaned_data
    return said


def _show(request: SignedInRequest, post: Post) -> tuple[str, Any]:
    moderating.show(post, by=request.user, at=timezone.now())
    return "Readers see it.", None


def _refuse(request: SignedInRequest, post: Post) -> tuple[str, Any]:
    said = _cleaned(WhyForm(request.POST))
    moderating.refuse(post, **said, by=request.user, at=timezone.now())
    return "It is not shown; its author reads why.", None


def _hide(request: SignedInRequest, post: Post) -> tuple[str, Any]:
    said = _cleaned(WhyForm(request.POST))
    moderating.hide(post, **said, by=request.user, at=timezone.now())
    return "Hidden; its author reads why.", None


def _let_stay(request: SignedInRequest, post: Post) -> tuple[str, Any]:
    moderating.let_stay(post, by=request.user, at=timezone.now())
    return "It stays.", None


def _lock(request: SignedInRequest, topic: Topic) -> tuple[str, Any]:
    return "Locked.", ordering.lock(topic, wanted=True, by=request.user, at=timezone.now())


def _unlock(request: SignedInRequest, topic: Topic) -> tuple[str, Any]:
    return "Open again.", ordering.lock(topic, wanted=False, by=request.user, at=timezone.now())


def _move(request: SignedInRequest, topic: Topic) -> tuple[str, Any]:
    board = _cleaned(MoveForm(request.POST))["board"]
    moved = ordering.move(topic, board, by=request.user, at=timezone.now())
    return f"It stands on “{board}”; its former address leads there.", moved


def _merge(request: SignedInRequest, topic: Topic) -> tuple[str, Any]:
    number = _cleaned(MergeForm(request.POST))["into"]
    into = Topic.objects.filter(pk=number, merged_into=None).first()
    if into is None:
        raise TopicMergedWithItself()
    merged = ordering.merge(topic, into, by=request.user, at=timezone.now())
    return "All of it stands here now; its former address leads here.", merged


def _article(request: SignedInRequest, topic: Topic) -> tuple[str, Any]:
    made = articles.article_of_topic(topic, by=request.user, at=timezone.now())
    messages.info(request, "Look whether it names anybody before you ask for a review.")
    return "A draft was made of it.", ("admin:article", made.pk)


POST_ACTIONS: dict[str, Callable[[SignedInRequest, Post], tuple[str, Any]]] = {
    "show": _show,
    "refuse": _refuse,
    "hide": _hide,
    "let-stay": _let_stay,
}
TOPIC_ACTIONS: dict[str, Callable[[SignedInRequest, Topic], tuple[str, Any]]] = {
    "lock": _lock,
    "unlock": _unlock,
    "move": _move,
    "merge": _merge,
    "article": _article,
}
