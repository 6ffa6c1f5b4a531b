"""The knowledge base: its front page, search, an article, a vote, files and feeds."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
)
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from accounts.authentication import person_of_request
from accounts.http import ContactRequest, contact_required, layout_of
from accounts.models import Person
from core.asking import address_of
from core.paging import paged
from core.reading import one_or_404
from core.throttle import within
from resources import policies
from resources.actions.articles.heard import SAID_A_DAY, note_missed, vote
from resources.errors import TooManySearches
from resources.forms.articles import MissedForm, VoteForm
from resources.models import Article, ArticleFile, ArticleVote, Category
from resources.reads.articles.pages import places_of, related, searched
from resources.reads.loop import loops_of
from resources.reads.readers import reader_of

PAGE = 40
NEWEST = 6
STRANGERS_A_MINUTE = 60  # searches from one address, while somebody types, too
SECTION = "As customers see it"


def frame(request: HttpRequest, person: Person | None) -> dict[str, Any]:
    """What each of these pages needs of its reader."""
    layout = layout_of(person) if person is not None else "portal_base.html"
    return {"layout": layout, "reader": person, "section": SECTION}


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """The shelves and what is new; `?q=` searches."""
    person, at = person_of_request(request), timezone.now()
    text = request.GET.get("q", "").replace("\0", "").strip()
    if text:
        return _results(request, person, text)
    reader = reader_of(person, at)
    newest = Article.objects.visible_to(reader).select_related("live__category")
    context = {
        "categories": Category.objects.with_counts(reader),
        "newest": newest.order_by("-changed_at", "-pk")[:NEWEST],
    }
    return render(request, "resources/help.html", context | frame(request, person))


def _results(request: HttpRequest, person: Person | None, text: str) -> HttpResponse:
    hold_back(request, person)
    page = request.GET.get("page", "")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1
    found = searched(text, person, timezone.now(), page=number)
    context = {"found": found, "words": text, "may_say": policies.may_judge(person)}
    return render(request, "resources/help_found.html", context | frame(request, person))


def hold_back(request: HttpRequest, person: Person | None) -> None:
    """Strangers search no faster than people type. Error: `TooManySearches`."""
    if person is None and not within(
        STRANGERS_A_MINUTE, f"help-search:{address_of(request)}", seconds=60
    ):
        raise TooManySearches()


@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """The first hits, while somebody types; for htmx."""
    text = request.GET.get("q", "").replace("\0", "").strip()
    person = person_of_request(request)
    hold_back(request, person)
    found = searched(text, person, timezone.now(), is_typing=True)
    return render(request, "resources/_help_typing.html", {"found": found, "words": text})


@require_safe
def topic(request: HttpRequest, topic: str) -> HttpResponse:
    """The articles of one shelf."""
    person, at = person_of_request(request), timezone.now()
    category = one_or_404(Category.objects.all(), slug=topic)
    rows = Article.objects.visible_to(reader_of(person, at)).filter(live__category=category)
    page = paged(rows.for_list(), request, size=PAGE)
    context = {"category": category, "page_obj": page}
    return render(request, "resources/topic.html", context | frame(request, person))


def moved_to(address: str) -> HttpResponse:
    """Where a page is by now, for good: search engines follow. No browser keeps it, since a page
    that comes back to an address of before would lead there and back without an end."""
    response = HttpResponsePermanentRedirect(address)
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
def article(request: HttpRequest, address: str) -> HttpResponse:
    """One article. A former address leads to the present one; what one may not read is not there.

    Who has not signed in is told that signing in may show more, whether there is an article or
    not: so nobody learns which addresses exist.
    """
    person, at = person_of_request(request), timezone.now()
    visible = Article.objects.visible_to(reader_of(person, at))
    found = visible.filter(slug=address).select_related("live__category").first()
    if found is None:
        moved = visible.filter(former__slug=address).first()
        if moved is not None:
            return moved_to(moved.get_absolute_url())
        return not_here(request, person)
    assert found.live is not None
    mine = None
    if policies.may_judge(person):
        mine = ArticleVote.objects.filter(article=found, person=person).first()
    today = at.date()
    context = {
        "article": found,
        "live": found.live,
        "places": places_of(found.live),
        "related": related(found, person, at),
        "loops": loops_of(list(found.defects.order_by("number")), person, at),
        "is_unchecked": found.checked_until is not None and found.checked_until < today,
        "may_judge": policies.may_judge(person),
        "may_write": person is not None and policies.may_write_articles(person),
        "vote": mine,
        "asks_why": request.GET.get("why") == "1" and mine is not None and not mine.helped,
    }
    return render(request, "resources/article.html", context | frame(request, person))


@require_safe
def permalink(request: HttpRequest, pk: int) -> HttpResponse:
    """By number: leads to the address of the day, of what this reader may read."""
    person, at = person_of_request(request), timezone.now()
    found = Article.objects.visible_to(reader_of(person, at)).filter(pk=pk).first()
    return redirect(found) if found is not None else not_here(request, person)


def not_here(request: HttpRequest, person: Person | None) -> HttpResponse:
    return render(request, "resources/not_here.html", frame(request, person), status=404)


@require_POST
@contact_required
def article_vote(request: ContactRequest, address: str) -> HttpResponse:
    """Whether it helped. Who says no is asked why, on the page that follows."""
    at = timezone.now()
    visible = Article.objects.visible_to(reader_of(request.user, at))
    found = one_or_404(visible, slug=address)
    form = VoteForm(request.POST)
    if not form.is_valid():
        messages.error(request, gettext("Say whether it helped: yes or no."))
        return redirect(found)
    helped, why = form.cleaned_data["helped"] == "yes", form.cleaned_data["why"]
    vote(found, helped=helped, why=why, by=request.user, at=at)
    if helped or why:
        messages.success(request, gettext("Thank you. The team reads it."))
        return redirect(found)
    return redirect(f"{found.get_absolute_url()}?why=1#helped")


@require_POST
@contact_required
def missed(request: ContactRequest) -> HttpResponse:
    """These words found nothing: counted, so that somebody writes what is missing."""
    form = MissedForm(request.POST)
    if form.is_valid() and within(SAID_A_DAY, f"missed:{request.user.pk}", seconds=24 * 3600):
        note_missed(form.cleaned_data["words"], by=request.user, at=timezone.now())
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204)
    messages.success(request, gettext("Thank you. The team sees what is missing."))
    return redirect("resources:help")


@require_safe
def file(request: HttpRequest, token: str) -> FileResponse:
    """A picture as it is, anything else as a download; of whoever may read its article."""
    person, at = person_of_request(request), timezone.now()
    found = one_or_404(ArticleFile.objects.visible_to(reader_of(person, at)), token=token)
    try:
        opened = found.file.open("rb")
    except FileNotFoundError as error:
        raise Http404("The file is no longer in the store.") from error
    response = FileResponse(
        opened,
        as_attachment=not found.is_picture,
        filename=found.name,
        content_type=found.content_type,
    )
    response["Cache-Control"] = "private, max-age=3600"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
