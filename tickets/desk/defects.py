"""Known defects of the product: the list, and one with its incidents; for the vendor's people."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count, F, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import SignedInRequest
from core import markdown
from core.form_pages import submitted
from core.paging import paged
from core.words import counted
from resources import policies
from resources.actions.defects import describe
from resources.models import Defect
from resources.reads.loop import loops_of
from tickets.actions.bulk import MOST, Choice, Outcome
from tickets.actions.defect_answers import answer_all, rehearse_all, text_for
from tickets.actions.defects import fix_defect, reopen_defect
from tickets.desk.bulk import Steps, in_steps, picked
from tickets.enums import UNFINISHED
from tickets.errors import NothingChosen
from tickets.forms.bulk import AnswerAllForm
from tickets.forms.defects import OFFERED, FixForm, KnownForm, ReopenForm, meant_by
from tickets.models import Incident
from tickets.querysets import IncidentQuerySet
from tickets.reads.canned import draft_for
from tickets.reads.queue import STAMPED, stamp_of

PAGE = 50
SECTION = "Known defects"


def _check_allowed(request: SignedInRequest) -> None:
    if not policies.may_see_defects(request.user):
        raise Http404  # others do not learn that there is such a page


@require_safe
def defects(request: SignedInRequest) -> HttpResponse:
    """Those that are not fixed first, then what was fixed last.

    Counted are the unfinished incidents that the reader sees.
    """
    _check_allowed(request)
    found = Defect.objects.order_by(F("fixed_at").desc(nulls_first=True), "-recorded_at", "-pk")
    page = paged(found, request, size=PAGE)
    seen = Incident.objects.visible_to(request.user).unfinished().filter(defect__in=list(page))
    counted = seen.order_by().values_list("defect").annotate(Count("pk"))
    counts = dict(counted)
    context = {
        "page": page,
        "rows": [(one, counts.get(one.pk, 0)) for one in page],
        "section": SECTION,
    }
    return render(request, "staff/defects.html", context)


@require_safe
def defect_names(request: SignedInRequest) -> HttpResponse:
    """Defects that fit what is typed, as options, each with its number first; for htmx."""
    words = request.GET.get("number", "").replace("\0", "").strip()[:200]
    named = meant_by(words, request.user).values_list("number", "title")[:OFFERED]
    return HttpResponse(
        format_html_join("", '<option value="{} {}"></option>', ((a, b) for a, b in named))
    )


@require_http_methods(["GET", "HEAD", "POST"])
def defect(request: SignedInRequest, defect: str) -> HttpResponse:
    """One with its incidents; "build" posted fixes it, "reason" opens it again."""
    _check_allowed(request)
    found = get_object_or_404(Defect.objects.select_related("recorded_by"), number=defect)
    form_class = FixForm if found.fixed_at is None else ReopenForm
    form = form_class(request.POST or None)

    def act() -> HttpResponse:
        messages.success(request, _done(request, found, form.cleaned_data))
        return redirect("admin:defect", found.number)

    done, status = submitted(request, form, act)
    if done is not None:
        return done
    linked = Incident.objects.visible_to(request.user).filter(defect=found)
    page = paged(linked.for_list().newest_first(), request, size=PAGE)
    may_keep = policies.may_keep_defects(request.user)
    context = {
        "defect": found,
        "page": page,
        "counts": _counts(linked),
        "form": form if may_keep else None,
        "workaround": markdown.render(found.workaround),
        "loop": loops_of([found], request.user, timezone.now())[0].steps,
        "section": SECTION,
    }
    return render(request, "staff/defect.html", context, status=status)


def _counts(linked: IncidentQuerySet) -> dict[str, int]:
    """Of the incidents that the reader sees: how many, of how many customers, still open."""
    return linked.order_by().aggregate(
        incidents=Count("pk"),
        customers=Count("organisation", distinct=True),
        unfinished=Count("pk", filter=Q(state__in=UNFINISHED)),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def defect_known(request: SignedInRequest, defect: str) -> HttpResponse:
    """What is known of it, to be written by those who keep the list."""
    _check_allowed(request)
    if not policies.may_keep_defects(request.user):
        raise Http404
    found = get_object_or_404(Defect, number=defect)
    form = KnownForm(found, request.POST or None)

    def save() -> HttpResponse:
        describe(found, form.known(), by=request.user, at=timezone.now())
        messages.success(request, f"What is known of {found.number} is kept.")
        return redirect("admin:defect", found.number)

    done, status = submitted(request, form, save)
    if done is not None:
        return done
    context = {"defect": found, "form": form, "section": SECTION}
    return render(request, "staff/defect_known.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def defect_answer(request: SignedInRequest, defect: str) -> HttpResponse:
    """One answer to all of its incidents: written, looked at (`step` review), sent (`do`)."""
    _check_allowed(request)
    found, at = get_object_or_404(Defect, number=defect), timezone.now()
    if request.method == "POST":
        choices, matching = picked(request), 0
    else:
        waits = Incident.objects.visible_to(request.user).filter(defect=found).unfinished()
        rows = waits.order_by("received_at", "pk").values("pk", *STAMPED)[:MOST]
        choices = [Choice(one["pk"], stamp_of(one)) for one in rows]
        matching = waits.count() if len(choices) == MOST else len(choices)
    if not choices:
        raise NothingChosen()
    form = AnswerAllForm(
        request.POST if request.method == "POST" else None,
        person=request.user,
        initial={"body": draft_for(found)},
    )
    address = reverse("admin:defect", args=[found.number])

    def act(keep: bool) -> list[Outcome]:
        do = answer_all if keep else rehearse_all
        return do(found, choices, form.to_all(), by=request.user, at=at)

    def preview() -> str:
        seen = Incident.objects.visible_to(request.user).filter(pk__in=[one.pk for one in choices])
        first = seen.filter(defect=found).order_by("pk").first()
        return markdown.render(text_for(first, form.to_all(), request.user)) if first else ""

    return in_steps(
        request,
        _steps(found),
        form,
        choices,
        act,
        matching=matching,
        back=address,
        preview=preview,
    )


def _steps(defect: Defect) -> Steps:
    return Steps(
        title=f"Answer all who have {defect.number}",
        done="answered",
        hint="Each gets your text as an answer of its own, by mail, which meets what is owed there."
        " So it says what helps, or the build that has the fix.",
        url=reverse("admin:defect_answer", args=[defect.number]),
        section=SECTION,
        parent=defect.number,
    )


def _done(request: SignedInRequest, defect: Defect, asked: dict[str, str]) -> str:
    if defect.fixed_at is None:
        told = fix_defect(defect, by=request.user, at=timezone.now(), **asked)
        said = f"{defect.number} is fixed in {asked['build']}."
    else:
        told = reopen_defect(defect, by=request.user, at=timezone.now(), **asked)
        said = f"{defect.number} is open again."
    if not told:
        return f"{said} No incident waits for it."
    return f"{said} Those who have the {counted(told, 'unfinished incident')} are notified."
