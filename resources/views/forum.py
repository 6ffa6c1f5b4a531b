"""The forum as it is read: its boards, a board, a topic, and where a post stands."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.authentication import person_of_request
from core.paging import paged
from core.reading import one_or_404
from resources import policies
from resources.enums import PostState
from resources.forms.forum import AnswerForm
from resources.models import Article, Board, Post, PostReport, Topic, TopicIncident
from resources.reads.forum.cards import card_of, will_be_named
from resources.reads.forum.pages import (
    POSTS,
    TABS,
    Who,
    boards_of,
    follows,
    page_of,
    searched,
    topics_of,
)
from resources.reads.readers import reader_of
from resources.rules.forum import quoted
from resources.views.articles import frame, hold_back, moved_to

ROWS = 30
NEWEST = 10
SECTION = "Forum"


def who_of(request: HttpRequest, at: datetime) -> Who:
    """Whoever asks, as the forum knows them."""
    person = person_of_request(request)
    return Who(person, reader_of(person, at), card_of(person))


def forum_frame(request: HttpRequest, who: Who) -> dict[str, Any]:
    """What each page of the forum needs of its reader."""
    return frame(request, who.person) | {
        "section": SECTION if who.person is not None and who.person.is_staff else "",
        "who": who,
        "may_post": policies.may_post(who.person),
        "may_moderate": policies.may_moderate(who.person),
    }


def not_here(request: HttpRequest, who: Who) -> HttpResponse:
    """The same for what is not there and what is not for this reader."""
    page = forum_frame(request, who)
    return render(request, "resources/forum_not_here.html", page, status=404)


@require_safe
def forum(request: HttpRequest) -> HttpResponse:
    """The boards and the newest topics; `?q=` searches, `?show=` narrows."""
    at = timezone.now()
    who = who_of(request, at)
    text = request.GET.get("q", "").replace("\0", "").strip()
    if text:
        return _results(request, who, text, at)
    tab = request.GET.get("show", "")
    topics = topics_of(who, tab)
    context: dict[str, Any] = {"tabs": TABS, "tab": tab}
    if tab:
        context["page_obj"] = paged(topics, request, size=ROWS)
    else:
        context |= {"boards": list(boards_of(who.reader)), "newest": topics[:NEWEST]}
        if who.person is not None:
            context["may_choose_names"] = policies.may_choose_names(who.person)
    return render(request, "resources/forum.html", context | forum_frame(request, who))


def _results(request: HttpRequest, who: Who, text: str, at: datetime) -> HttpResponse:
    hold_back(request, who.person)
    page = request.GET.get("page", "")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1
    context = {"found": searched(text, who.person, at, page=number), "words": text}
    return render(request, "resources/forum_found.html", context | forum_frame(request, who))


@require_safe
def board(request: HttpRequest, board: str) -> HttpResponse:
    """The topics of one board, what was said last first."""
    who = who_of(request, timezone.now())
    found = Board.objects.visible_to(who.reader).filter(slug=board).first()
    if found is None:
        return not_here(request, who)
    tab = request.GET.get("show", "")
    context = {
        "board": found,
        "tabs": TABS,
        "tab": tab,
        "page_obj": paged(topics_of(who, tab, found), request, size=ROWS),
        "follows": follows(who.card, found),
    }
    return render(request, "resources/board.html", context | forum_frame(request, who))


@require_safe
def topic(request: HttpRequest, board: str, pk: int) -> HttpResponse:
    """A question and its answers; `?quote=` begins an answer with one of them.

    An address on a former board, or of a topic that was merged, leads to where it is now.
    """
    who = who_of(request, timezone.now())
    found = who.topics.select_related("board", "asked_by", "article").filter(pk=pk).first()
    if found is None:
        return _where_it_went(request, who, pk)
    if found.board.slug != board:
        query = request.META.get("QUERY_STRING", "")
        to = found.get_absolute_url()
        return moved_to(f"{to}?{query}" if query else to)
    return topic_page(request, who, found, AnswerForm(initial={"body": _quotation(request, who)}))


def _where_it_went(request: HttpRequest, who: Who, pk: int) -> HttpResponse:
    into = who.topics.select_related("board").filter(merged__pk=pk).first()
    if into is None:
        return not_here(request, who)
    return moved_to(into.get_absolute_url())


def _quotation(request: HttpRequest, who: Who) -> str:
    pk = request.GET.get("quote", "")
    if not (pk.isascii() and pk.isdigit() and len(pk) < 19):
        return ""
    post = who.posts.select_related("card").filter(pk=pk).first()
    return quoted(post.card.name, post.body) if post is not None else ""


def topic_page(
    request: HttpRequest, who: Who, topic: Topic, form: AnswerForm, status: int = 200
) -> HttpResponse:
    """One page of a topic, with the form for an answer."""
    page = paged(who.posts.filter(topic=topic).in_order(), request, size=POSTS)
    posts = list(page.object_list)
    is_mine = who.card is not None and topic.asked_by_id == who.card.pk
    may_moderate = policies.may_moderate(who.person)
    context = {
        "topic": topic,
        "board": topic.board,
        "posts": posts,
        "page_obj": page,
        "accepted": _accepted(topic, posts, page.number),
        "form": form,
        "is_mine": is_mine,
        "may_accept": is_mine or may_moderate,
        "may_answer": _may_answer(who, topic),
        "follows": follows(who.card, topic),
        "named": will_be_named(who.person, who.card) if who.person is not None else "",
        "article": _article(who, topic),
        "incident": _incident(who, topic, is_mine=is_mine),
        "reports": _reports(posts) if may_moderate else {},
        "boards": Board.objects.all() if may_moderate else [],
    }
    page_frame = forum_frame(request, who)
    return render(request, "resources/forum_topic.html", context | page_frame, status=status)


def _may_answer(who: Who, topic: Topic) -> bool:
    if not policies.may_post(who.person) or topic.state != PostState.SHOWN:
        return False
    return topic.locked_at is None or policies.may_moderate(who.person)


def _accepted(topic: Topic, posts: list[Post], number: int) -> Post | None:
    """What is quoted below the question; nothing where it follows at once."""
    if topic.accepted_id is None or number > 1:
        return None
    if len(posts) > 1 and posts[1].pk == topic.accepted_id:
        return None
    return next((one for one in posts if one.pk == topic.accepted_id), None) or (
        Post.objects.select_related("card").get(pk=topic.accepted_id)
    )


def _article(who: Who, topic: Topic) -> Article | None:
    """What was made of it, for those who may read that."""
    if topic.article is None:
        return None
    seen = Article.objects.visible_to(who.reader).select_related("live")
    return seen.filter(pk=topic.article.pk).first()


def _incident(who: Who, topic: Topic, *, is_mine: bool) -> TopicIncident | None:
    """What it became, for whoever asked, and for those of the team who see that customer."""
    if who.person is None or not (is_mine or who.reader.is_staff):
        return None
    return TopicIncident.objects.visible_to(who.person).filter(topic=topic).first()


def _reports(posts: list[Post]) -> dict[int, list[PostReport]]:
    found: dict[int, list[PostReport]] = {}
    for one in PostReport.objects.still_open().filter(post__in=posts).select_related("card"):
        found.setdefault(one.post_id, []).append(one)
    return found


@require_safe
def post(request: HttpRequest, pk: int) -> HttpResponse:
    """Leads to where a post stands by now, of what this reader may read."""
    who = who_of(request, timezone.now())
    found = who.posts.select_related("topic__board").filter(pk=pk).first()
    if found is None:
        return not_here(request, who)
    page = page_of(found, who)
    query = f"?page={page}" if page > 1 else ""
    return redirect(f"{found.topic.get_absolute_url()}{query}#post-{found.pk}")


@require_safe
def post_quote(request: HttpRequest, pk: int) -> HttpResponse:
    """A post as the beginning of an answer, as plain text: for the form that is being filled in."""
    who = who_of(request, timezone.now())
    found = one_or_404(who.posts.select_related("card"), pk=pk)
    said = quoted(found.card.name, found.body)
    return HttpResponse(said, content_type="text/plain; charset=utf-8")
