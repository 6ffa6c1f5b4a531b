"""What the stranger test walks over: every URL of the project, and one organisation's world.

`MARKER` stands in everything that belongs to that organisation, so that one search in an answer
shows whether anything of it came through.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.apps import apps
from django.db import connection
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RegexPattern, RoutePattern
from django.utils.http import int_to_base36
from django.utils.regex_helper import normalize

from accounts.models import Organisation, Person
from core.journal import record
from engagements.desk.training import ACTIONS as TRAINING_ACTIONS
from engagements.forms.kinds import DESK_ACTIONS, PORTAL_ACTIONS, REQUESTABLE
from mailroom.forms import FORMS as MAIL_FORMS
from reports.enums import ReportState
from resources.desk.articles import ACTIONS as ARTICLE_ACTIONS
from resources.desk.beta import BETA_ACTIONS
from resources.desk.forum import POST_ACTIONS, TOPIC_ACTIONS
from resources.desk.manuals import MANUAL_ACTIONS
from resources.desk.newsletters import ACTIONS as ISSUE_ACTIONS
from resources.desk.releases import RELEASE_ACTIONS
from tests import factories as make
from tests.factories import accounts_kept
from tickets.desk.page_actions import PAGE_ACTIONS
from tickets.models import Incident

MARKER = "kvyxmarker"
DEFECT = "AX-10412"


@dataclass
class World:
    """One organisation with a row in every tenant table, all of it marked."""

    organisation: Organisation
    contact: Person
    incident: Incident
    rows: dict[str, Any]  # one object a model, by its label

    def markers(self) -> list[bytes]:
        """In lower case. Numbers are made by the desk, so the marker is not in them."""
        issued = self.rows["reports.servicereport"].number
        return [one.lower().encode() for one in (MARKER, self.incident.number, issued)]


def make_world() -> World:
    """A covered incident with everything on it, contracts, reports, mails, people."""
    partner = make.make_partner(name=f"{MARKER} partner")
    organisation = make.make_organisation(
        name=f"{MARKER} Ltd", slug=f"{MARKER}-ltd", partner=partner
    )
    make.make_tam(organisation)
    contact = make.make_contact(
        organisation, name=f"Ana {MARKER}", email=f"ana@{MARKER}.example", phone=f"+1 {MARKER}"
    )
    licence = make.make_licence(organisation, key=f"{MARKER}-1")
    pack = make.make_pack(licence)
    project = make.make_project(organisation, name=f"{MARKER} project")
    local = make.make_partner_engineer()
    incident = make.make_incident(
        organisation=organisation,
        reporter=contact,
        licence=licence,
        subject=f"{MARKER} subject",
        version=MARKER,
        defect=make.make_defect(number=DEFECT),
    )
    message = make.make_message(incident, body=f"{MARKER} body")
    attachment = make.make_attachment(
        message, name=f"{MARKER}.log", content=f"{MARKER} content".encode()
    )
    target = make.make_target(incident)
    record("test.noted", incident, at=make.NINE, by=contact, note=f"{MARKER} journal")
    rows = [
        partner,
        organisation,
        contact,
        licence,
        subscription := make.make_subscription(licence),
        make.make_renewal(subscription, note=f"{MARKER} renewal"),
        pack,
        pack.entries.get(),
        make.make_order(licence, ordered_by=contact, purchase_reference=f"{MARKER} order"),
        make.make_billing(organisation, name=f"{MARKER} billing", changed_by=contact),
        make.make_technical_contract(organisation, reference=f"{MARKER} contract"),
        project,
        incident.decision,
        incident,
        incident.defect,
        message,
        attachment,
        target,
        make.make_warning(target),
        make.make_internal_target(incident),
        engagement := make.make_engagement(
            organisation, requested_by=contact, title=f"{MARKER} engagement"
        ),
        make.make_requirements(engagement, values={"musts": f"{MARKER} musts"}),
        make.make_setting_change(engagement, host=f"{MARKER}-mx"),
        make.make_sizing(engagement, advice=f"{MARKER} advice"),
        make.make_step(engagement, title=f"{MARKER} step"),
        make.make_cut_over(engagement, stop_contact=f"{MARKER} stops"),
        decision := make.make_round(engagement),
        make.make_criterion(decision, text=f"{MARKER} criterion"),
        make.make_go_vote(decision, role=f"{MARKER} role"),
        make.make_feature_request(engagement, goal=f"{MARKER} goal"),
        make.make_roadmap_item(),
        make.make_audit(engagement, permitted_by=f"{MARKER} permits"),
        case := make.make_case(engagement, title=f"{MARKER} case"),
        run := make.make_run(case, observed=f"{MARKER} seen"),
        make.make_evidence(run, name=f"{MARKER}.log", content=f"{MARKER} log".encode()),
        make.make_finding(case, title=f"{MARKER} finding"),
        make.make_visit_request(engagement, place=f"{MARKER} place"),
        visit := make.make_visit(engagement, words=f"{MARKER} words"),
        make.make_visitor(visit),
        make.make_diary_entry(visit, what=f"{MARKER} done"),
        make.make_member(engagement, person=contact, part=f"{MARKER} part"),
        phase := make.make_phase(engagement, name=f"{MARKER} phase"),
        make.make_task(phase, title=f"{MARKER} task", for_customer=True),
        make.make_risk(engagement, what=f"{MARKER} risk"),
        make.make_promise(engagement),
        said := make.make_engagement_message(engagement, body=f"{MARKER} said"),
        make.make_engagement_file(said, name=f"{MARKER}.txt", content=f"{MARKER} f".encode()),
        make.make_document_version(
            engagement, title=f"{MARKER} document", content=f"%PDF {MARKER}".encode()
        ),
        make.make_escalation_request(incident, reason=f"{MARKER} wants more"),
        make.make_handover(incident, reason=f"{MARKER} reason", tried=f"{MARKER} tried"),
        make.make_mail(
            organisation=organisation,
            incident=incident,
            sender=contact.email,
            subject=f"{MARKER} mail",
            raw=f"Subject: {MARKER}\nContent-Type: text/html\n\n<p>{MARKER}</p>\n".encode(),
            became=message,
            reason=f"{MARKER} reason",
        ),
        make.make_handled_request(incident),
        make.make_dispatch(incident, reason=f"{MARKER} dispatched"),
        make.make_owed_redispatch(incident, reason=f"{MARKER} to another"),
        make.make_participant(
            incident, person=make.make_contact(organisation, name=f"Colleague {MARKER}")
        ),
        make.make_follower(incident),
        *_aside_of(incident),
        make.make_worked(incident),
        make.make_notification(incident),
        make.make_call(incident, contact=contact),
        make.make_call_back(contact, topic=f"{MARKER} topic", incident=incident),
        make.make_phone_number(contact),
        make.make_quiet_hours(contact),
        make.make_passkey(contact, name=f"{MARKER} passkey"),
        make.make_sign_in(contact, browser=f"{MARKER} browser"),
        make.make_token(contact, name=f"{MARKER} token"),
        make.make_choices(contact),
        make.make_bouncing(contact),
        make.make_pattern(person=local),
        make.make_shift(person=local),
        make.make_swap(asked_by=local, words=f"{MARKER} words"),
        make.make_absence(person=local, reason=f"{MARKER} away"),
        make.make_tag(incident, name=f"{MARKER}-tag"),
        make.make_seen(incident),
        make.make_canned(title=f"{MARKER} canned"),
        make.make_saved_view(name=f"{MARKER} view"),
        article := make.make_article(audience="staff"),
        article.live,
        article.live.category,
        make.make_article_file(article),
        make.make_vote(person=contact, article=article, why=f"{MARKER} missing"),
        make.make_use(organisation, article=article, incident_id=incident.pk),
        make.make_deflection(person=contact, subject_id=article.pk),
        make.make_missed(),
        manual := make.make_manual(audience="staff"),
        manual_version := make.make_manual_version(manual),
        make.make_manual_page(manual_version),
        make.make_manual_picture(manual_version),
        release := make.make_release("1.7.3", published_at=None),
        release_file := make.make_release_file(release, signature="-----BEGIN X-----"),
        make.make_fix(release),
        make.make_release_upload(release),
        make.make_download(licence=licence, person=contact, file=release_file),
        beta := make.make_beta(ended_at=make.NINE, ended_for="It is over"),
        make.make_beta_feedback(
            member=make.make_beta_member(programme=beta, licence=licence, person=contact),
            subject=f"{MARKER} said",
        ),
        make.make_running(licence=licence),
        make.make_upgrade_bought(licence=licence),
        make.make_news_choice(person=contact),
        make.make_outside_reader(),
        make.make_reach(organisation, versions=[f"10.6.1 {MARKER}"]),
        letter := make.make_issue(audience="levels", levels=["premium"]),
        letter.newsletter,
        *_forum_of(organisation, contact, incident),
        draft := make.make_draft(incident, body=f"{MARKER} draft"),
        make.make_draft_file(draft, name=f"{MARKER}.png"),
        make.make_merge(
            incident,
            into=make.make_incident(
                organisation=organisation, reporter=contact, subject=f"{MARKER} twin"
            ),
        ),
        make.make_solution(incident, text=f"{MARKER} solution"),
        make.make_rating(
            make.make_incident(
                organisation=organisation,
                reporter=contact,
                state="solved",
                subject=f"{MARKER} solved",
            ),
            comment=f"{MARKER} comment",
        ),
        make.make_invitation(
            organisation=organisation, email=f"new@{MARKER}.example", name=f"New {MARKER}"
        ),
        make.make_notice(to=contact, about=incident, last_error=f"{MARKER} refused", attempts=1),
        accounts_kept.make_note(organisation, text=f"{MARKER} noted", next_step=f"{MARKER} step"),
        accounts_kept.make_plan(organisation, agenda=f"{MARKER} agenda"),
        accounts_kept.make_score(organisation),
        accounts_kept.make_report_schedule(organisation),
        accounts_kept.make_picture_schedule(query=f"customer={MARKER}-ltd"),
        make.make_report(organisation, considerations=f"{MARKER} considered"),
        brought := make.make_import(name="customers.csv"),
        make.make_import_line(organisation, of=brought, values=[f"{MARKER} Ltd", "RO"]),
        make.make_reference(organisation, text=f"{MARKER}-7"),
        *_training_of(organisation, contact),
        old := make.make_old_incident(organisation, subject=f"{MARKER} old"),
        remark := make.make_old_message(old, body=f"{MARKER} said", author_name=f"Ana {MARKER}"),
        make.make_old_file(remark, name=f"{MARKER}.old"),
    ]
    issued = make.make_report(
        organisation,
        state=ReportState.ISSUED,
        month=date(2026, 1, 1),
        content={"text": f"{MARKER} content"},
    )
    rows += [issued, make.make_document(issued, pdf=f"%PDF-1.7 {MARKER}".encode())]
    found = {one._meta.label_lower: one for one in rows}
    found["claim"] = make.make_claim(organisation, key=f"{MARKER}-2", claimed_by=contact)
    return World(organisation, contact, incident, found)


def _aside_of(incident: Incident) -> list[Any]:
    """A side conversation with its words and its people."""
    aside = make.make_aside(incident, topic=f"{MARKER} aside")
    return [
        aside,
        make.make_aside_member(aside),
        make.make_aside_message(aside, body=f"{MARKER} aside"),
    ]


def _forum_of(organisation: Organisation, contact: Person, incident: Incident) -> list[Any]:
    """A topic that they began, which all customers read: nothing of them may cross (F3)."""
    card = make.make_card(contact)
    topic = make.make_topic(by=card)
    answer = make.make_post(topic, by=card, is_first=False)
    return [
        topic,
        topic.board,
        card,
        card.author,
        answer,
        make.make_post_version(answer, body=f"{MARKER} that was taken out"),
        make.make_post_report(answer, card=card, why="It is mine."),
        make.make_following(topic, card=card),
        make.make_forum_choice(organisation),
        make.make_topic_incident(
            organisation, topic=topic, incident_id=incident.pk, number=incident.number
        ),
    ]


def _training_of(organisation: Organisation, contact: Person) -> list[Any]:
    """A session for them alone with all that belongs to it."""
    session = make.make_training(organisation=organisation, place=f"{MARKER} place")
    one = make.make_registration(
        organisation, session=session, person=contact, name=f"{MARKER} pupil", email=contact.email
    )
    return [
        session,
        one,
        make.make_attendance(one),
        make.make_feedback(one, words=f"{MARKER} words"),
        make.make_certificate(one, holder=f"{MARKER} holder"),
        session.course,
        make.make_material(session.course),
    ]


def snapshot(world: World) -> dict[str, list[str]]:
    """Every row of the organisation, as text, by table. The tables are found in the catalogue."""
    from tests.test_walls import column_of, tenant_tables  # noqa: PLC0415 -- tests of its own

    found = {}
    with connection.cursor() as cursor:
        for table in tenant_tables():
            cursor.execute(
                f"SELECT to_jsonb(one)::text FROM {table} one WHERE {column_of(table)} = %s"
                " ORDER BY 1",
                [world.organisation.pk],
            )
            found[table] = [row[0] for row in cursor.fetchall()]
    return found


@dataclass(frozen=True)
class Place:
    """One URL of the project, filled with what is the organisation's."""

    name: str
    path: str
    is_theirs: bool  # it names a thing of the organisation


class UnknownArgument(Exception):
    """The walk met a URL that it can not fill."""

    def __init__(self, argument: str, pattern: str, name: str) -> None:
        super().__init__(
            f"tests/strangers.py does not know what to put for <{argument}> of {name!r}, {pattern}."
            " Teach it in `arguments_of`: give a thing of the world there, and make the thing in"
            " `make_world` if it is new."
        )


def places(world: World) -> Iterator[Place]:
    """Every URL of the project's resolver, filled; several for one that takes several names."""
    for pattern, name in _patterns(get_resolver(), [], ""):
        text = "/" + "".join(one.template for one in pattern)
        wanted = [argument for one in pattern for argument in one.arguments]
        for values in _fillings(world, name, text, wanted):
            known = {key: value for key, (value, _) in values.items()}
            theirs = any(is_theirs for _, is_theirs in values.values())
            yield Place(name, text % known, theirs)


@dataclass(frozen=True)
class _Part:
    template: str  # with %(argument)s for each argument
    arguments: tuple[str, ...]


def _patterns(
    resolver: URLResolver, before: list[_Part], namespace: str
) -> Iterator[tuple[list[_Part], str]]:
    for one in resolver.url_patterns:
        parts = [*before, _part(one.pattern)]
        if isinstance(one, URLResolver):
            inner = f"{namespace}{one.namespace}:" if one.namespace else namespace
            yield from _patterns(one, parts, inner)
        elif isinstance(one, URLPattern):
            yield parts, f"{namespace}{one.name or ''}"


def _part(pattern: Any) -> _Part:
    if isinstance(pattern, RoutePattern):
        template = re.sub(r"<(?:[^:>]+:)?(\w+)>", r"%(\1)s", str(pattern))
        return _Part(template, tuple(re.findall(r"%\((\w+)\)s", template)))
    if isinstance(pattern, RegexPattern):
        template, arguments = normalize(str(pattern.regex.pattern))[0]
        return _Part(template, tuple(arguments))
    return _Part(str(pattern), ())


def _fillings(
    world: World, name: str, text: str, wanted: list[str]
) -> list[dict[str, tuple[object, bool]]]:
    """Each way to fill the arguments: the value, and whether it is a thing of the world."""
    fillings: list[dict[str, tuple[object, bool]]] = [{}]
    for argument in wanted:
        choices = arguments_of(world, name, text, argument)
        if choices is None:
            raise UnknownArgument(argument, text, name)
        fillings = [{**one, argument: choice} for one in fillings for choice in choices]
    return fillings


def arguments_of(
    world: World, name: str, text: str, argument: str
) -> list[tuple[object, bool]] | None:
    """What to put for one argument of one URL; None when nobody said yet.

    Links of mails (an invitation, a rating, a new password) are keys by themselves, so a stranger
    gets wrong ones.
    """
    model = re.match(r"/admin/(\w+)/(\w+)/%\(object_id\)s/", text)
    if model and argument == "object_id":
        return [_object(world, f"{model[1]}.{model[2]}")]
    kind = _MODEL_OF.get((name, argument))
    if kind is not None:
        return [(world.rows[kind].pk, True)]
    rest: dict[str, list[tuple[object, bool]]] = {
        "number": [(_numbered(world, name), True)],
        "slug": [(world.organisation.slug, True)],
        "defect": [(DEFECT, False)],
        "kind": [(one.value, False) for one in REQUESTABLE]
        if name == "engagements:new"
        else [("incident_answered", False)],
        "token": [("wrong", False)],
        "table": [("people", False)],
        "suffix": [("csv", False)],
        "level": [("default", False), ("premium", False)],
        "key": [("wrong", False)],
        "uidb36": [(int_to_base36(world.contact.pk), False)],
        "format": [(".json" if "%(format)s" in text.rpartition("/")[2] else "json", False)],
        "app_label": [("accounts", False)],
        "url": [("nothing/here/", False)],
        "content_type_id": [(_content_type(), False)],
        "object_id": [(world.contact.pk, True)],
    }
    if (name, argument) in _OF_THE_VENDOR:
        of, field = _OF_THE_VENDOR[name, argument]
        return [(getattr(world.rows[of], field), False)]
    if (name, argument) in _THEIRS:
        of, field = _THEIRS[name, argument]
        return [(getattr(world.rows[of], field), True)]
    if (name, argument) in _DEEDS:
        return [(page_action, True) for page_action in _DEEDS[name, argument]]
    if name == "admin:engagement_list_kept":
        return [("modules", False), ("plan-golive", False)]
    if name in ("admin:calendar_year", "admin:calendar_running"):
        return [(_CALENDAR_YEAR[argument], False)]
    return rest.get(argument)


def _numbered(world: World, name: str) -> str:
    of_it = "engagement" in name
    return str(world.rows["engagements.engagement"].number if of_it else world.incident.number)


# What may be done at a URL that names the action.
_DEEDS: dict[tuple[str, str], Iterable[str]] = {
    ("accounts:mend_address", "name"): ("correct", "works"),
    ("admin:mend_address", "name"): ("correct", "works"),
    ("admin:incident_action", "name"): PAGE_ACTIONS,
    ("admin:article_action", "name"): ARTICLE_ACTIONS,
    ("admin:manual_action", "name"): MANUAL_ACTIONS,
    ("admin:release_action", "name"): RELEASE_ACTIONS,
    ("admin:training_action", "name"): TRAINING_ACTIONS,
    ("admin:forum_post_action", "name"): POST_ACTIONS,
    ("admin:forum_topic_action", "name"): TOPIC_ACTIONS,
    ("admin:newsletter_action", "name"): ISSUE_ACTIONS,
    ("admin:beta_action", "name"): BETA_ACTIONS,
    ("admin:incident_draft", "kind"): ("answer", "note"),
    ("admin:mail_decide", "name"): MAIL_FORMS,
    ("admin:first_step", "name"): ("mail", "catalogue", "calendars"),
    ("admin:report_by_mail", "action"): ("stop", "resume"),
    ("admin:picture_by_mail", "action"): ("try", "stop", "resume", "leave"),
    ("admin:import_step", "step"): ("read", "try", "bring", "undo", "go-on", "discard"),
    ("admin:rota_swap_action", "page_action"): ("agree", "decline", "withdraw"),
    ("admin:engagement_action", "name"): DESK_ACTIONS,
    ("engagements:action", "name"): PORTAL_ACTIONS,
    ("admin:call_back_action", "name"): ("take", "release", "withdraw", "outcome"),
}

_CALENDAR_YEAR: dict[str, object] = {"calendar": "working_hours", "version": 1, "year": 2026}

# Things of the vendor, which are no organisation's: an article for staff alone and what is on it.
_ARTICLE, _SHELF = "resources.article", "resources.category"
_ISSUE, _LETTER = "resources.newsletterissue", "resources.newsletter"
_OF_THE_VENDOR = {
    ("engagements:training_material", "token"): ("engagements.coursematerial", "token"),
    ("engagements:training_course", "course"): ("engagements.trainingcourse", "key"),
    ("admin:training_course", "course"): ("engagements.trainingcourse", "key"),
    ("admin:training_material_add", "course"): ("engagements.trainingcourse", "key"),
    ("admin:roadmap_item", "pk"): ("engagements.roadmapitem", "pk"),
    **{
        (f"resources:{page}", "board"): ("resources.board", "slug")
        for page in ("board", "board_feed", "board_follow", "forum_new")
        + ("forum_topic", "forum_answer", "forum_follow")
    },
    **{
        (f"resources:{page}", "pk"): ("resources.topic", "pk")
        for page in ("forum_topic", "forum_answer", "forum_follow")
    },
    **{
        (f"resources:post{page}", "pk"): ("resources.post", "pk")
        for page in ("", "_quote", "_edit", "_history", "_accept", "_report")
    },
    ("admin:forum_board", "pk"): ("resources.board", "pk"),
    ("admin:forum_incident", "pk"): ("resources.topic", "pk"),
    ("admin:forum_post_action", "pk"): ("resources.post", "pk"),
    ("admin:forum_topic_action", "pk"): ("resources.topic", "pk"),
    ("resources:newsletter", "slug"): (_LETTER, "slug"),
    ("resources:newsletter_feed", "slug"): (_LETTER, "slug"),
    ("resources:newsletter_issue", "slug"): (_LETTER, "slug"),
    ("resources:newsletter_issue", "number"): (_ISSUE, "number"),
    ("admin:newsletter_issue", "pk"): (_ISSUE, "pk"),
    ("admin:newsletter_mail", "pk"): (_ISSUE, "pk"),
    ("admin:newsletter_action", "pk"): (_ISSUE, "pk"),
    ("admin:newsletter_kind", "pk"): (_LETTER, "pk"),
    ("resources:permalink", "pk"): (_ARTICLE, "pk"),
    ("resources:article", "address"): (_ARTICLE, "slug"),
    ("resources:article_vote", "address"): (_ARTICLE, "slug"),
    ("resources:topic", "topic"): (_SHELF, "slug"),
    ("resources:topic_feed", "topic"): (_SHELF, "slug"),
    ("resources:file", "token"): ("resources.articlefile", "token"),
    ("api:article-detail", "slug"): (_ARTICLE, "slug"),
    ("api:defect-detail", "number"): ("resources.defect", "number"),
    ("api:defect-fix", "number"): ("resources.defect", "number"),
    ("api:defect-reopen", "number"): ("resources.defect", "number"),
    ("admin:article", "pk"): (_ARTICLE, "pk"),
    ("admin:article_version", "pk"): (_ARTICLE, "pk"),
    ("admin:article_version", "number"): ("resources.articleversion", "number"),
    ("admin:article_action", "pk"): (_ARTICLE, "pk"),
    ("admin:article_category", "pk"): (_SHELF, "pk"),
    ("admin:missed_settled", "pk"): ("resources.missedsearch", "pk"),
    ("resources:manual", "slug"): ("resources.manual", "slug"),
    ("resources:manual_version", "slug"): ("resources.manual", "slug"),
    ("resources:manual_version", "version"): ("resources.manualversion", "version"),
    ("resources:manual_file", "slug"): ("resources.manual", "slug"),
    ("resources:manual_file", "version"): ("resources.manualversion", "version"),
    ("resources:manual_page", "slug"): ("resources.manual", "slug"),
    ("resources:manual_page", "version"): ("resources.manualversion", "version"),
    ("resources:manual_page", "path"): ("resources.manualpage", "path"),
    ("admin:manual", "pk"): ("resources.manual", "pk"),
    ("admin:manual_action", "pk"): ("resources.manual", "pk"),
    ("resources:release", "pk"): ("resources.release", "pk"),
    ("resources:beta_programme", "slug"): ("resources.betaprogramme", "slug"),
    ("resources:beta_join", "slug"): ("resources.betaprogramme", "slug"),
    ("resources:beta_leave", "slug"): ("resources.betaprogramme", "slug"),
    ("resources:beta_feedback", "slug"): ("resources.betaprogramme", "slug"),
    ("resources:beta_file", "pk"): ("resources.releasefile", "pk"),
    ("admin:beta", "pk"): ("resources.betaprogramme", "pk"),
    ("admin:beta_action", "pk"): ("resources.betaprogramme", "pk"),
    ("resources:release_checksums", "pk"): ("resources.release", "pk"),
    ("resources:release_signature", "pk"): ("resources.releasefile", "pk"),
    ("resources:download", "pk"): ("resources.releasefile", "pk"),
    ("api:release-detail", "pk"): ("resources.release", "pk"),
    ("api:release-download", "pk"): ("resources.release", "pk"),
    ("admin:release", "pk"): ("resources.release", "pk"),
    ("admin:release_upload", "pk"): ("resources.release", "pk"),
    ("admin:release_action", "pk"): ("resources.release", "pk"),
    ("admin:release_file", "pk"): ("resources.releasefile", "pk"),
    ("admin:release_piece", "token"): ("resources.releaseupload", "token"),
}

# Things of the organisation that a URL names by another field than their key.
_THEIRS = {
    ("entitlements:order", "number"): ("entitlements.order", "number"),
    ("entitlements:order_cancel", "number"): ("entitlements.order", "number"),
    ("entitlements:order_paper", "number"): ("entitlements.order", "number"),
    **{
        (f"{site}:renewal{rest}", "number"): ("entitlements.renewalproposal", "number")
        for site, rests in (
            ("entitlements", ("", "_paper", "_accept", "_decline")),
            ("admin", ("", "_paper", "_step")),
        )
        for rest in rests
    },
    ("admin:order", "number"): ("entitlements.order", "number"),
    ("admin:order_step", "number"): ("entitlements.order", "number"),
    ("admin:order_paper", "number"): ("entitlements.order", "number"),
}

# Which of the world's things a number in a URL means.
_MODEL_OF = {
    ("admin:training", "pk"): "engagements.trainingsession",
    ("admin:training_action", "pk"): "engagements.trainingsession",
    ("api:training-session-detail", "pk"): "engagements.trainingsession",
    ("api:training-certificate-detail", "pk"): "engagements.certificate",
    ("engagements:training_session", "pk"): "engagements.trainingsession",
    ("engagements:training_calendar", "pk"): "engagements.trainingsession",
    ("engagements:training_withdraw", "pk"): "engagements.registration",
    ("engagements:training_feedback", "pk"): "engagements.registration",
    ("engagements:training_certificate", "pk"): "engagements.certificate",
    ("admin:privacy_person", "pk"): "accounts.person",
    ("admin:privacy_export", "pk"): "accounts.person",
    ("admin:privacy_erase", "pk"): "accounts.person",
    ("admin:privacy_organisation", "pk"): "accounts.organisation",
    ("admin:privacy_close", "pk"): "accounts.organisation",
    ("admin:privacy_reopen", "pk"): "accounts.organisation",
    ("tickets:attachment_page", "pk"): "tickets.attachment",
    ("resources:advisory_read", "pk"): "resources.advisoryreach",
    ("admin:beta_said", "pk"): "resources.betafeedback",
    ("admin:canned_answer", "pk"): "tickets.cannedanswer",
    ("admin:saved_view", "pk"): "tickets.savedview",
    ("mailroom:message_mail", "pk"): "tickets.message",
    ("admin:incident_message", "message"): "tickets.message",
    ("admin:incident_aside_say", "aside"): "tickets.aside",
    ("admin:incident_aside_ask", "aside"): "tickets.aside",
    ("admin:incident_aside_leave", "aside"): "tickets.aside",
    ("accounts:withdraw", "pk"): "accounts.invitation",
    ("accounts:role", "pk"): "accounts.person",
    ("accounts:reach", "pk"): "accounts.person",
    ("accounts:deactivate", "pk"): "accounts.person",
    ("accounts:reset_factor", "pk"): "accounts.person",
    ("accounts:reactivate", "pk"): "accounts.person",
    ("accounts:token_revoke", "pk"): "accounts.apitoken",
    ("mfa_edit_webauthn", "pk"): "mfa.authenticator",
    ("mfa_remove_webauthn", "pk"): "mfa.authenticator",
    ("accounts:session_end", "pk"): "accounts.signin",
    ("admin:claim", "pk"): "claim",
    ("admin:call_back", "pk"): "telephone.callback",
    ("admin:call_back_action", "pk"): "telephone.callback",
    ("admin:number_forget", "pk"): "telephone.phonenumber",
    ("accounts:mend_address", "pk"): "notices.bouncingaddress",
    ("admin:mend_address", "pk"): "notices.bouncingaddress",
    ("admin:mail", "pk"): "mailroom.inboundmail",
    ("admin:mail_decide", "pk"): "mailroom.inboundmail",
    ("admin:mail_raw", "pk"): "mailroom.inboundmail",
    ("admin:rota_pattern_remove", "pk"): "rota.pattern",
    ("admin:rota_absence_withdraw", "pk"): "rota.absence",
    ("admin:rota_shift", "pk"): "rota.shift",
    ("admin:rota_swap_ask", "pk"): "rota.shift",
    ("admin:rota_swap_action", "pk"): "rota.swap",
    ("admin:report", "pk"): "reports.servicereport",
    ("admin:report_issue", "pk"): "reports.servicereport",
    ("admin:report_revise", "pk"): "reports.servicereport",
    **{
        (f"admin:{page}", "pk"): "office.dataimport"
        for page in ("import", "import_progress", "import_lines", "import_step")
    },
    ("admin:account_step", "pk"): "office.accountnote",
    ("admin:schedule_report", "pk"): "office.reportschedule",
    ("admin:report_by_mail", "pk"): "office.reportschedule",
    ("admin:schedule_picture", "pk"): "office.pictureschedule",
    ("admin:picture_by_mail", "pk"): "office.pictureschedule",
    ("office:old_incident", "pk"): "office.oldincident",
    ("office:old_file", "pk"): "office.oldfile",
    ("api:call-back-detail", "pk"): "telephone.callback",
    ("api:call-back-withdraw", "pk"): "telephone.callback",
    ("api:incident-pack-detail", "pk"): "entitlements.incidentpack",
    ("api:licence-detail", "pk"): "entitlements.licence",
    ("api:report-detail", "pk"): "reports.servicereport",
    ("entitlements:pack", "pk"): "entitlements.incidentpack",
    ("reports:detail", "pk"): "reports.servicereport",
    ("reports:pdf", "pk"): "reports.servicereport",
    ("telephone:call_back_withdraw", "pk"): "telephone.callback",
    ("engagements:evidence", "pk"): "engagements.auditevidence",
    ("engagements:file", "pk"): "engagements.messagefile",
    ("engagements:document", "pk"): "engagements.documentversion",
    ("tickets:attachment", "pk"): "tickets.attachment",
    ("mailroom:original", "pk"): "tickets.message",
}


def _object(world: World, label: str) -> tuple[object, bool]:
    """The world's row of the model; of the vendor's own models, such as levels, any row."""
    if label in world.rows:
        return world.rows[label].pk, True
    model: Any = apps.get_model(label)
    found = model.objects.first()
    return (found.pk if found else 1), False


def _content_type() -> int:
    return int(apps.get_model("contenttypes.contenttype").objects.get_for_model(Person).pk)
