"""The customers' pages: overview, their incidents, one incident, a new one."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import ContactRequest, contact_required
from accounts.tenancy import keep_what_was_written
from core.errors import Refusal
from core.form_pages import submitted
from core.reading import one_or_404
from entitlements.policies import may_order
from entitlements.reads.availability import Way, ways_for
from entitlements.reads.coverage_summary import LicenceCoverage, licences_of, summary_of
from tickets.actions import conversation, lifecycle, ratings
from tickets.actions.drafts import DraftOf
from tickets.actions.electing import elect_gold
from tickets.actions.filing import Report, file_incident
from tickets.actions.forum import link_topic
from tickets.actions.gold_choice import gold_now
from tickets.actions.ladder.escalation_requests import ask_escalation
from tickets.actions.repeats import filed_once
from tickets.enums import UNFINISHED, DraftKind, State, Tier
from tickets.errors import KeyReused
from tickets.forms.drafts import closing_kept
from tickets.forms.portal import EscalationForm, IncidentForm, MessageForm, RatingForm
from tickets.models import Incident, Message
from tickets.reads.countdown import countdowns
from tickets.reads.customers_history import history_of
from tickets.reads.escalation_asked import asked_to_go_up, is_asked, read_requests
from tickets.reads.from_forum import topic_asked, words_of
from tickets.reads.live import public_version
from tickets.reads.loop import knows_builds, loop_of_incident
from tickets.reads.promise import explained, promise_of
from tickets.reads.solutions import newest_solution
from tickets.reads.who_takes_part import told_of

CARDS = 12  # licences whose support is shown beside something else
SENT_BEFORE = "You sent this already and changed it since. Send it again to add a second message."
BEGUN_BEFORE = (
    "You began a report before, which stands here. File or discard it first, then make an incident"
    " of your topic."
)
FILED_BEFORE = "You filed this already and changed it since. Send it again to file a second one."


@require_safe
@contact_required
def overview(request: ContactRequest) -> HttpResponse:
    """What support the organisation has, and what is going on."""
    visible = Incident.objects.visible_to(request.user)
    unfinished = visible.unfinished()
    waiting = Count("pk", filter=Q(state=State.WAITING))
    numbers = unfinished.aggregate(open=Count("pk"), waiting=waiting)
    at, newest = timezone.now(), list(unfinished.for_list().newest_first()[:8])
    return render(
        request,
        "tickets/overview.html",
        {
            "coverage": _cards(request),
            "unfinished": newest,
            "counts": countdowns(newest, at=at),
            "open_count": numbers["open"],
            "waiting_count": numbers["waiting"],
            "now": at,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@contact_required
def incident_new(request: ContactRequest) -> HttpResponse:
    """File an incident. What was typed is never lost: a refusal shows the form again."""
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    form = IncidentForm(request.user, request.organisation, *given, at=timezone.now())
    of = DraftOf(request.user, DraftKind.REPORT)
    kept = of.found()
    form.take_up(of, reverse("tickets:report_draft"), kept)
    topic = topic_asked(request.user, (request.POST or request.GET).get("topic", ""))
    if topic is not None and kept is not None and request.method != "POST":
        messages.info(request, BEGUN_BEFORE)
        topic = None
    elif topic is not None:
        form.initial.update(words_of(topic))

    def refused(refusal: Refusal) -> None:
        if isinstance(refusal, KeyReused):
            form.renew_key()
            form.add_error(None, FILED_BEFORE)
        else:
            form.add_error(None, str(refusal))

    with closing_kept(form):
        done, status = submitted(request, form, lambda: _file(request, form), refused=refused)
    if done is not None:
        return done
    if status >= 400:
        form.keep(request.FILES.getlist("files"), at=timezone.now())
    coverage = _cards(request)
    form.group_services(coverage)
    page = {
        "form": form,
        "coverage": coverage,
        "may_call": next((one for one in coverage if one.answers_calls), None),
        "has_support": not coverage or any(one.levels for one in coverage),
        "may_order": may_order(request.user, request.organisation),
        "max_bytes": settings.ATTACHMENT_MAX_BYTES,
        "topic": topic,
    }
    shown = render(request, "tickets/incident_new.html", page, status=status)
    return keep_what_was_written(shown)


@require_safe
@contact_required
def incident_gold(request: ContactRequest) -> HttpResponse:
    """What spending a Gold incident would mean for what `incident_new` names now; for htmx."""
    form = IncidentForm(request.user, request.organisation, request.GET, at=timezone.now())
    form.errors.clear()  # asked while it is being filled in
    return render(request, "tickets/_gold_choice.html", {"form": form})


def _cards(request: ContactRequest) -> list[LicenceCoverage]:
    """The support of the first licences; the coverage page has all of them."""
    first = licences_of(request.organisation)[:CARDS]
    return summary_of(request.organisation, at=timezone.now(), licences=first)


def _file(request: ContactRequest, form: IncidentForm) -> HttpResponse:
    at = timezone.now()
    asked, files = form.asked(), form.all_files()

    def file() -> Incident:
        filed = file_incident(Report(reporter=request.user, files=files, **asked), at=at)
        topic = topic_asked(request.user, request.POST.get("topic", ""))
        if topic is not None:
            link_topic(filed, topic, by=request.user, at=at)
        form.was_sent()
        return filed

    incident, fresh = filed_once(
        request.user,
        key=form.cleaned_data["key"],
        asked={**asked, "files": [file.name for file in files]},
        at=at,
        file=file,
    )
    if fresh:
        messages.success(request, f"Filed as {incident.number}. We mail you each answer.")
    else:
        messages.info(request, f"You filed this already: it is {incident.number}, and only once.")
    return redirect("tickets:detail", incident.number)


@require_http_methods(["GET", "HEAD", "POST"])
@contact_required
def incident_detail(request: ContactRequest, number: str) -> HttpResponse:
    """One incident with its promise and its conversation; a POST adds a message."""
    incident = _incident(request, number)
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    form, status = MessageForm(*given), 200
    of = DraftOf(request.user, DraftKind.MESSAGE, incident)
    form.take_up(of, reverse("tickets:message_draft", args=[incident.number]), of.found())
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                with closing_kept(form):
                    return _write(request, incident, form)
            except KeyReused as refusal:
                form.renew_key()
                form.add_error(None, SENT_BEFORE)
                status = refusal.status
            except Refusal as refusal:
                form.add_error(None, str(refusal))
                status = refusal.status
        form.keep(request.FILES.getlist("files"), at=timezone.now())
    if incident.merged_into is not None and request.method != "POST":
        messages.info(request, f"{incident.number} repeats this one, where it goes on.")
        return redirect("tickets:detail", incident.merged_into.number)
    said = Message.objects.visible_to(request.user).said_on(incident)
    conversation_now = list(said.for_conversation())
    rating = getattr(incident, "rating", None)
    at = timezone.now()
    promise = promise_of(incident, at=at)
    loop = loop_of_incident(incident, request.user, at)
    shown = render(
        request,
        "tickets/incident_detail.html",
        {
            "gold": gold_now(incident, at=at) if promise.state == "open" else None,
            "incident": incident,
            "promise": promise,
            "explained": explained(incident, promise, reader=timezone.get_current_timezone()),
            "history": history_of(incident, conversation_now, knows_builds=knows_builds(loop)),
            "telephone": _telephone(incident, at=at) if promise.state == "breached" else None,
            "list_url": came_from_list(request),
            "loop": loop,
            "live_version": public_version(incident, len(conversation_now)),
            "asked_to_go_up": asked_to_go_up(incident),
            "may_ask_to_go_up": incident.state in UNFINISHED
            and incident.tier < Tier.TS3
            and incident.decision.level is not None,
            "escalation_form": EscalationForm(),
            "told": told_of(incident, request.user),
            "form": form,
            "max_bytes": settings.ATTACHMENT_MAX_BYTES,
            "may_order": may_order(request.user, request.organisation),
            "rating": rating,
            "rating_form": RatingForm(
                initial={"score": rating.score, "comment": rating.comment} if rating else None
            ),
            "now": timezone.now(),
        },
        status=status,
    )
    return keep_what_was_written(shown)


def _telephone(incident: Incident, *, at: datetime) -> Way | None:
    """Whether the customer may call about it now, where our answer is late."""
    if incident.licence is None:
        return None
    incident.licence.organisation = incident.organisation  # known: spares a query
    return ways_for(incident.licence, incident.project, at=at).telephone


def came_from_list(request: ContactRequest) -> str:
    """The list as its reader narrowed it, where they came from it; else the whole list."""
    base = reverse("tickets:list")
    try:
        came = urlsplit(request.headers.get("Referer", ""))
    except ValueError:  # somebody else's idea of an address
        return base
    if came.netloc == request.get_host() and came.path == base and came.query:
        return f"{base}?{came.query}"
    return base


def _newest(number: str) -> HttpResponse:
    """The incident's page at what was said last."""
    return redirect(f"{reverse('tickets:detail', args=[number])}#newest")


def _write(request: ContactRequest, asked: Incident, form: MessageForm) -> HttpResponse:
    """Add the message once, however often the form is sent, and lead to where it went."""
    at, body, files = timezone.now(), form.cleaned_data["body"], form.all_files()

    def write() -> Incident:
        message = conversation.write(asked, author=request.user, at=at, body=body, files=files)
        form.was_sent()
        return message.incident

    answered, fresh = filed_once(
        request.user,
        key=form.cleaned_data["key"],
        asked={"on": asked.pk, "body": body, "files": [file.name for file in files]},
        at=at,
        file=write,
    )
    if not fresh:
        return _newest(answered.number)
    if asked.merged_into_id == answered.pk:
        messages.success(request, f"{asked.number} repeats this one: your message was added here.")
    elif asked.pk != answered.pk:
        messages.info(
            request,
            f"{asked.number} was closed long ago, so your message became this new incident.",
        )
    else:
        messages.success(request, gettext("Your message was added."))
    return _newest(answered.number)


@require_POST
@contact_required
def incident_close(request: ContactRequest, number: str) -> HttpResponse:
    incident = lifecycle.close(_incident(request, number), by=request.user, at=timezone.now())
    messages.success(request, f"{incident.number} is closed. Write on it to open it again.")
    return redirect("tickets:detail", incident.number)


@require_POST
@contact_required
def incident_elect(request: ContactRequest, number: str) -> HttpResponse:
    incident = elect_gold(_incident(request, number), by=request.user, at=timezone.now())
    messages.success(request, f"A Gold incident is spent on {incident.number}.")
    return redirect("tickets:detail", incident.number)


@require_POST
@contact_required
def incident_ask_escalation(request: ContactRequest, number: str) -> HttpResponse:
    """Ask for the next technical level; a refusal is said on the incident's page."""
    incident = _incident(request, number)
    form = EscalationForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    ask_escalation(incident, reason=reason, by=request.user, at=timezone.now())
    messages.success(request, gettext("A lead of ours decides about it, and you are told by mail."))
    return redirect("tickets:detail", incident.number)


@require_POST
@contact_required
def incident_reopen(request: ContactRequest, number: str) -> HttpResponse:
    incident = lifecycle.reopen(_incident(request, number), by=request.user, at=timezone.now())
    messages.success(request, f"{incident.number} is open again.")
    return redirect("tickets:detail", incident.number)


@require_POST
@contact_required
def incident_rate(request: ContactRequest, number: str) -> HttpResponse:
    incident = _incident(request, number)
    form = RatingForm(request.POST)
    if form.is_valid():
        ratings.rate(incident, at=timezone.now(), **form.cleaned_data)
        messages.success(request, gettext("Thank you. Your answer can be changed for a week."))
    else:
        messages.error(request, gettext("Choose one of the five answers."))
    return redirect("tickets:detail", incident.number)


def _incident(request: ContactRequest, number: str) -> Incident:
    found = Incident.objects.visible_to(request.user).select_related(
        "organisation",
        "reporter",
        "owner",
        "worker",
        "service",
        "licence",
        "follows",
        "merged_into",
        "defect",
        "rating",
        "decision__level__calendar",
        "decision__pack",
    )
    shown = found.annotate(is_asked=is_asked(), **newest_solution())
    incident = one_or_404(shown, number=number)
    read_requests(incident)
    return incident
