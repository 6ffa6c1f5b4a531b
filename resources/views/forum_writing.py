"""The forum as its readers write it: asking, answering, accepting, following, reporting."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import ContactRequest, SignedInRequest, contact_required, person_required
from core.errors import Refusal
from core.form_pages import submitted
from core.reading import one_or_404
from resources import policies
from resources.actions.forum import accepting, cards, following, posting, reporting
from resources.enums import PostState
from resources.forms.forum import (
    AnswerForm,
    EditForm,
    FollowForm,
    NamesForm,
    ReportForm,
    TopicForm,
)
from resources.models import Board, ForumChoice, Post, Topic
from resources.reads.forum.cards import will_be_named
from resources.reads.forum.pages import Who
from resources.views.forum import forum_frame, topic_page, who_of

WAITS = (
    "Thank you. It waits for a moderator, who looks at everybody's first post; you get a mail when"
    " it is shown."
)


def _topic(who: Who, board: str, pk: int) -> Topic:
    return one_or_404(who.topics.select_related("board", "asked_by", "article"), pk=pk)


def _post(who: Who, pk: int) -> Post:
    return one_or_404(who.posts.select_related("topic__board", "card"), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@person_required
def topic_new(request: SignedInRequest, board: str) -> HttpResponse:
    """Begin a topic. What was typed is never lost: a refusal shows the form again."""
    who = who_of(request, timezone.now())
    found = one_or_404(Board.objects.visible_to(who.reader), slug=board)
    form = TopicForm(request.POST or None, initial={"title": request.GET.get("title", "")[:150]})

    def save() -> HttpResponse:
        made = posting.ask(found, **form.cleaned_data, by=request.user, at=timezone.now())
        if made.state == PostState.HELD:
            messages.success(request, WAITS)
        return redirect(made)

    done, status = submitted(request, form, save)
    if done is not None:
        return done
    context = {"form": form, "board": found, "named": will_be_named(request.user, who.card)}
    page = context | forum_frame(request, who)
    return render(request, "resources/forum_new.html", page, status=status)


@require_POST
@person_required
def topic_answer(request: SignedInRequest, board: str, pk: int) -> HttpResponse:
    """Answer a topic. A refusal shows its page again, with what was typed."""
    who = who_of(request, timezone.now())
    found = _topic(who, board, pk)
    form = AnswerForm(request.POST)

    def save() -> HttpResponse:
        made = posting.answer(found, **form.cleaned_data, by=request.user, at=timezone.now())
        if made.state == PostState.HELD:
            messages.success(request, WAITS)
        return redirect(made)

    done, status = submitted(request, form, save)
    return done if done is not None else topic_page(request, who, found, form, status)


@require_POST
@person_required
def topic_follow(request: SignedInRequest, board: str, pk: int) -> HttpResponse:
    """Hear of each answer by mail, or no more."""
    found = _topic(who_of(request, timezone.now()), board, pk)
    _follow(request, found, "You get a mail with each answer.", "You hear no more of this topic.")
    return redirect(found)


@require_POST
@person_required
def board_follow(request: SignedInRequest, board: str) -> HttpResponse:
    """Hear of each new topic by mail, or no more."""
    who = who_of(request, timezone.now())
    found = one_or_404(Board.objects.visible_to(who.reader), slug=board)
    _follow(request, found, "You get a mail with each new topic.", "You hear no more of it.")
    return redirect(found)


def _follow(request: SignedInRequest, what: Topic | Board, begun: str, ended: str) -> None:
    form = FollowForm(request.POST)
    if not form.is_valid():
        raise Http404
    wanted = form.cleaned_data["wanted"]
    following.follow(what, wanted=wanted, by=request.user, at=timezone.now())
    messages.success(request, begun if wanted else ended)


@require_http_methods(["GET", "HEAD", "POST"])
@person_required
def post_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Other words for one's own post."""
    who = who_of(request, timezone.now())
    found = _post(who, pk)
    if who.card is None or found.card_id != who.card.pk:
        raise Http404
    initial = {"title": found.topic.title, "body": found.body}
    form = EditForm(request.POST or None, initial=initial, with_title=found.is_first)

    def save() -> HttpResponse:
        posting.edit(found, **form.cleaned_data, by=request.user, at=timezone.now())
        return redirect(found)

    done, status = submitted(request, form, save)
    if done is not None:
        return done
    context = {"form": form, "post": found} | forum_frame(request, who)
    return render(request, "resources/post_edit.html", context, status=status)


@require_safe
@person_required
def post_history(request: SignedInRequest, pk: int) -> HttpResponse:
    """What a post said before: for its author and the moderators."""
    who = who_of(request, timezone.now())
    found = _post(who, pk)
    is_mine = who.card is not None and found.card_id == who.card.pk
    if not is_mine and not policies.may_moderate(who.person):
        raise Http404
    context = {"post": found, "versions": found.versions.all()[:50]} | forum_frame(request, who)
    return render(request, "resources/post_history.html", context)


@require_POST
@person_required
def post_accept(request: SignedInRequest, pk: int) -> HttpResponse:
    """This answer helped, or it did not after all."""
    found = _post(who_of(request, timezone.now()), pk)
    form = FollowForm(request.POST)
    if not form.is_valid():
        raise Http404
    wanted = form.cleaned_data["wanted"]
    try:
        accepting.accept(found, wanted=wanted, by=request.user, at=timezone.now())
        messages.success(request, "Accepted: others find it first." if wanted else "Taken back.")
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect(found)


@require_http_methods(["GET", "HEAD", "POST"])
@person_required
def post_report(request: SignedInRequest, pk: int) -> HttpResponse:
    """Tell the moderators of a post."""
    who = who_of(request, timezone.now())
    found = _post(who, pk)
    form = ReportForm(request.POST or None)

    def save() -> HttpResponse:
        reporting.report(found, **form.cleaned_data, by=request.user, at=timezone.now())
        messages.success(request, gettext("Thank you. A moderator looks at it."))
        return redirect(found.topic)

    done, status = submitted(request, form, save)
    if done is not None:
        return done
    context = {"form": form, "post": found} | forum_frame(request, who)
    return render(request, "resources/post_report.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@contact_required
def names(request: ContactRequest) -> HttpResponse:
    """How the organisation's people are named in the forum: its admin contacts decide."""
    if not policies.may_choose_names(request.user):
        raise Http404
    choice = ForumChoice.objects.visible_to(request.user).first()
    chosen: dict[str, Any] = {}
    if choice is not None:
        chosen = {"full_name": choice.full_name, "with_company": choice.with_company}
    form = NamesForm(request.POST if request.method == "POST" else None, initial=chosen)
    if form.is_valid():
        cards.choose_names(**form.cleaned_data, by=request.user, at=timezone.now())
        messages.success(
            request, gettext("Your people are named so, on what they wrote before as well.")
        )
        return redirect("resources:forum")
    context = {"form": form} | forum_frame(request, who_of(request, timezone.now()))
    return render(request, "resources/forum_names.html", context)
