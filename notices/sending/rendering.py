"""From an owed notice to a mail: words, time zone, headers. Reads; never writes."""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.conf import settings
from django.template import Context, Engine, Template
from django.utils import dateformat, translation
from django.utils.crypto import salted_hmac
from django.utils.safestring import SafeString, mark_safe

from core import markdown, plain
from notices.enums import Way
from notices.kinds import UNWORDED
from notices.models import Notice, WordingVersion
from notices.sending.calling import Call, number_of
from notices.sending.signing import SignedMail
from notices.sending.threads import facts_of, papers_of, threads_of
from notices.wording.language import SIGN_OFF, Wording, compiled

# Mails that a person wrote. All others are marked as automatic (RFC 3834), so that neither
# out-of-office programs nor other desks answer them.
WRITTEN_BY_PEOPLE = frozenset({"incident_answered", "incident_solved", "engagement_said"})

CALENDAR = "calendar"  # of a context: a calendar file (`core.ical`), which goes with the mail

_OWN_ID = re.compile(r"<notice\.(\d{1,18})\.[0-9a-f]{16}@[^<>@\s]{1,255}>")
_ACTION = re.compile(r"(?P<label>[^:\n]{1,60}): (?P<url>https?://\S+)")


@dataclass(frozen=True)
class Words:
    """What a notice says: one line, plain text, and the same as HTML."""

    subject: str
    text: str
    html: str


@cache
def _plain() -> Engine:
    """Plain text: an escaped apostrophe would reach the reader as `&#x27;`."""
    return Engine(dirs=[str(settings.BASE_DIR / "templates")], autoescape=False)


@cache
def _escaping() -> Engine:
    return Engine(dirs=[str(settings.BASE_DIR / "templates")], autoescape=True)


@cache
def _parts(template: str) -> tuple[Template, Template]:
    """Subject and text of `templates/notices/<template>.txt`, cut before anything is filled in."""
    source = _plain().get_template(f"notices/{template}.txt").source
    subject, _, text = str(source).partition("\n")
    return Template(subject, engine=_plain()), Template(text, engine=_plain())


def wordings_of(templates: Collection[str]) -> dict[str, Wording]:
    """What managers made of the words of these kinds, in one query; not of those they left."""
    worded = set(templates) - UNWORDED
    if not worded:
        return {}
    versions = WordingVersion.objects.filter(kind__in=worded)
    newest = versions.order_by("kind", "-version").distinct("kind")
    return {one.kind: one.wording for one in newest if one.wording is not None}


def wording_of(template: str) -> Wording | None:
    """The same of one kind; None where they left it."""
    return wordings_of([template]).get(template)


@cache
def _sign_off() -> Template:
    return _plain().get_template("notices/_sign_off.txt")


def render(
    template: str,
    context: Mapping[str, Any],
    *,
    name: str = "",
    timezone: str = "UTC",
    wording: Wording | None = None,
) -> Words:
    """The words of one notice for a reader called `name` in the IANA zone `timezone`.

    They are those that the desk came with, or those of `wording`. A value of `context` whose key
    ends in `_at` is an ISO 8601 moment, and reads as "Monday 2 March 2026, 17:00
    (Europe/Bucharest)". Absent keys are empty. Raises TemplateDoesNotExist, and ValueError for a
    moment that is none.
    """
    filled = {key: _in_words(key, value, timezone) for key, value in context.items()}
    filled |= {"name": name, "vendor": settings.VENDOR, "desk_url": settings.SITE_URL}
    with translation.override(settings.LANGUAGE_CODE):
        parts = _parts(template)
        if wording is not None:
            parts = compiled(wording.subject), compiled(wording.text)
            filled[SIGN_OFF] = _sign_off().render(Context(filled, autoescape=False)).strip()
        first, rest = (part.render(Context(filled, autoescape=False)) for part in parts)
        subject = " ".join(first.split())
        long = _long(context)
        marked = str(parts[1].render(Context(filled | _marks(long), autoescape=False)))
        if not _are_whole(marked, long):  # a wording that changes the words: as it stands
            marked, long = str(rest), {}
        marked = re.sub(r"\n{3,}", "\n\n", marked).strip()
        text = _MARK.sub(lambda mark: long[mark[1]], marked) + "\n"
        urls = {value for key, value in context.items() if key.endswith("url")}
        blocks = _blocks(marked, urls, long, _rich(context))
        wrapped = {"subject": subject, "blocks": blocks, "vendor": settings.VENDOR}
        html = _escaping().get_template("notices/wrapper.html").render(Context(wrapped))
    return Words(subject, text, html)


@dataclass(frozen=True)
class Around:
    """What goes around the words of a notice: the managers' wording, the headers of its thread."""

    wording: Wording | None
    thread: Mapping[str, str]


def around_of(notices: Collection[Notice]) -> dict[int, Around]:
    """By key, what goes around these notices right now; a few queries for all of them."""
    wordings = wordings_of({one.template for one in notices})
    threads = threads_of([one for one in notices if one.way == Way.MAIL])
    return {one.pk: Around(wordings.get(one.template), threads.get(one.pk, {})) for one in notices}


def mail_of(notice: Notice, around: Around | None = None) -> SignedMail:
    """The mail of `notice`, ready to send, in the wording that counts right now.

    `around` is what the caller has read already. Each call gives the same Message-ID.
    """
    around = around or around_of([notice])[notice.pk]
    zone, context = notice.to or notice.organisation, facts_of(notice)
    words = render(
        notice.template,
        context,
        name=notice.to.name if notice.to else context.get("name", ""),
        timezone=zone.timezone if zone else settings.TIME_ZONE,
        wording=around.wording,
    )
    headers = {"Message-ID": _message_id(notice.pk), **around.thread} | notice.headers
    if notice.template not in WRITTEN_BY_PEOPLE:
        headers["Auto-Submitted"] = "auto-generated"
    mail = SignedMail(words.subject, words.text, to=[notice.recipient], headers=headers)
    mail.attach_alternative(words.html, "text/html")
    appointments = notice.context.get(CALENDAR)
    if appointments:
        mail.attach("appointments.ics", str(appointments), "text/calendar; method=PUBLISH")
    for name, content in papers_of(notice):
        mail.attach(name, content, "application/pdf")
    return mail


def call_of(notice: Notice, around: Around | None = None) -> Call:
    """The call of `notice`, ready to be placed. Each call of this gives the same key."""
    around = around or around_of([notice])[notice.pk]
    assert notice.to is not None, "only people are called"
    words = render(
        notice.template,
        notice.context,
        name=notice.to.name,
        timezone=notice.to.timezone,
        wording=around.wording,
    )
    url = str(notice.context.get("url", ""))
    return Call(f"notice.{notice.pk}", number_of(notice.to), notice.to.name, words.subject, url)


def _message_id(notice_id: int) -> str:
    """The same for each attempt, so that a mail that had to be repeated can be recognised."""
    secret = salted_hmac("notices.message_id", str(notice_id)).hexdigest()[:16]
    return f"<notice.{notice_id}.{secret}@{settings.MAIL_DOMAIN}>"


def message_id_of(notice: Notice) -> str:
    """Under which it leaves: an answer's own, or the notice's."""
    return str(notice.headers.get("Message-ID") or _message_id(notice.pk))


def notices_named(message_ids: Collection[str]) -> list[int]:
    """The ids of the notices whose own Message-ID is among these; forged ones are left out."""
    found = [(one, _OWN_ID.fullmatch(one)) for one in message_ids]
    return [int(own[1]) for one, own in found if own and one == _message_id(int(own[1]))]


def _in_words(key: str, value: Any, timezone: str) -> Any:
    if not (key.endswith("_at") and value):
        return value
    local = datetime.fromisoformat(value).astimezone(zoneinfo.ZoneInfo(timezone))
    return f"{dateformat.format(local, 'l j F Y, H:i')} ({timezone})"


# Where a long text stands. Nobody can type it: control characters are taken out of what comes in.
_MARK = re.compile(r"\x02(\w+)\x03")


def _long(context: Mapping[str, Any]) -> dict[str, str]:
    """The texts of several lines, which keep their blank lines and indentation."""
    return {
        key: value
        for key, value in context.items()
        if isinstance(value, str) and ("\n" in value or context.get(f"{key}_html"))
    }


def _are_whole(marked: str, long: Mapping[str, str]) -> bool:
    found = _MARK.findall(marked)
    return marked.count("\x02") == len(found) and long.keys() >= set(found)


def _marks(long: Mapping[str, str]) -> dict[str, str]:
    return {key: f"\x02{key}\x03" for key in long}


def _rich(context: Mapping[str, Any]) -> dict[str, SafeString]:
    """What was written as Markdown: `body_html` is `body` as HTML, cleaned here as well."""
    ending = "_html"
    return {
        key.removesuffix(ending): mark_safe(markdown.for_mail(value))
        for key, value in context.items()
        if key.endswith(ending) and value
    }


def _blocks(
    text: str, urls: set[Any], long: Mapping[str, str], rich: Mapping[str, SafeString]
) -> list[dict[str, Any]]:
    """The paragraphs of a text for HTML; "Label: our own address" on its own becomes a button.

    Logs are in fixed pitch. `long` are the texts whose marks stand in it, `rich` those as HTML.
    """
    blocks: list[dict[str, Any]] = []
    for index, part in enumerate(_MARK.split(text)):
        if index % 2 and part in rich:
            blocks.append({"html": rich[part]})
            continue
        for paragraph, is_log in plain.blocks_of(long[part] if index % 2 else part):
            action = None if index % 2 else _ACTION.fullmatch(paragraph.strip())
            if action and action["url"] in urls:
                blocks.append({"url": action["url"], "label": action["label"]})
            else:
                blocks.append({"text": paragraph, "is_log": is_log})
    return blocks
