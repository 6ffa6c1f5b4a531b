"""Read a raw mail into what intake needs. `read_mail` is the only way in."""

import hashlib
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from mailroom.text.attachments import Attachment
from mailroom.text.automatic import (
    Automatic,
    Seen,
    Sign,
    automatic_of,
    has_our_id,
    is_from_client,
    is_from_gateway,
    may_be_answered,
    sign_of,
)
from mailroom.text.bodies import Contents, collect
from mailroom.text.bounces import Bounce, BounceKind, Evidence, read_bounce
from mailroom.text.calendars import Event
from mailroom.text.encryption import is_encrypted
from mailroom.text.headers import Mailbox, mailboxes, message_id, message_ids, moment
from mailroom.text.parts import Headers, Part, content_type, parameter, parse
from mailroom.text.quoting import Reply, split_reply
from mailroom.text.second_reader import failures_in
from mailroom.text.senders import is_spam, senders_of, writer_behind
from mailroom.text.text import from_header

_RETURNED_ID = re.compile(r"^Message-ID:[ \t]*\n?[ \t]*(<[^<>\s]{1,990}>)", re.M | re.I)
_NUMBER = re.compile(r"\bAX-\d{4}-\d{6,9}\b", re.IGNORECASE)
_DELIVERED = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-forwarded-to")


# Longer ones are hashed: two that differ only far behind must stay two.
MAX_ID = 200


@dataclass(frozen=True)
class ReadMail:
    """A mail as it was read; texts hold no control characters but tab and line feed.

    Message ids keep their angle brackets, addresses are in lower case, `date` is the
    sender's claim in UTC. `message_id` may be empty; `dedup_id` never is, and is the same for
    the same mail. `references` are oldest first.

    `body_text` is the whole text. `reply_text` is what the sender wrote now, and may be empty
    where there is only quotation: the first mail of an incident shows `body_text`.
    `elided` is what was folded away, `signature` where it was found (it may still be in
    `reply_text`). `embedded_email` is a mail quoted with its headers, `before_embedded` the
    text above it. `body_html` is cleaned and safe to show; empty if the sender sent none.

    `encrypted` says that only a key opens it: its text, if any, is not what was meant.
    `signer` is whose certificate its S/MIME signature carries, which nobody verified; `event`
    what a calendar in it says.

    `from_address` is who wrote it: for what a list or a web form of ours sends with our own
    address that is whom it names. `header_from` is what From says, `senders` all whom it names.
    `trace` are the headers by which filters prove or refute it, `is_spam` what one thinks of it.

    `automatic` says why no person seems to have written it, and `sign` by what that is known.
    `may_be_answered` is False for those and for some more (no-reply senders, lists).
    `bounce` is about the addresses in `bounced`. `threads_to` is the message id it answers,
    or for a bounce that of the mail that came back, or empty. `delivered_to` are the
    addresses that the servers on the way noted. `problems` are sentences for a human.
    """

    message_id: str
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    from_address: str
    from_name: str
    header_from: str
    senders: tuple[str, ...]
    trace: tuple[tuple[str, str], ...]
    is_spam: bool
    reply_to: str
    to: tuple[str, ...]
    cc: tuple[str, ...]
    delivered_to: tuple[str, ...]
    subject: str
    date: datetime | None
    body_text: str
    body_html: str
    reply_text: str
    elided: str
    signature: str
    embedded_email: str
    before_embedded: str
    attachments: tuple[Attachment, ...]
    encrypted: bool
    signer: str
    event: Event | None
    automatic: Automatic | None
    sign: Sign | None
    from_client: bool
    has_our_id: bool
    is_newsletter: bool
    may_be_answered: bool
    bounce: BounceKind | None
    bounced: tuple[str, ...]
    bounce_codes: tuple[str, ...]
    returned_message_id: str
    dedup_id: str
    threads_to: str
    problems: tuple[str, ...]


def read_mail(raw: bytes, *, own_addresses: Collection[str] = ()) -> ReadMail:
    """Read `raw`, whatever it is; never raises, and takes bounded time and memory.

    `own_addresses` are those that our mails are sent from and to. About 0.1 s for a mail
    with a megabyte of text, and 3 s for 60 MB of attachments.
    """
    root, problems = parse(raw)
    contents = _contents(root, problems)
    headers = Headers(root)
    text = contents.text()
    own = {address.lower() for address in own_addresses}
    senders = senders_of(headers)
    sender = writer_behind(headers, senders[0], own)
    subject = headers.first("subject")
    bounce = _bounce(raw, root, headers, contents, sender.address, subject, text, own)
    reply = split_reply(text)
    seen = Seen(
        subject=subject,
        text=text[:5_000],
        written=reply.text,
        answers=_names_an_answered(headers, subject),
        is_bounce=bounce is not None,
        is_receipt=contents.is_disposition,
        is_reaction=contents.is_reaction,
        answers_invitation=contents.event is not None and contents.event.is_answer,
    )
    sign = sign_of(headers, sender=sender.address, own_addresses=own, seen=seen)
    if not raw.strip():
        problems.append("the mail is empty")
    elif not sender.address:
        problems.append("no sender's address")
    return _assembled(raw, root, headers, contents, reply, sender, subject, text, bounce, sign, own)


def _contents(root: Part, problems: list[str]) -> Contents:
    try:
        contents = collect(root)
    except RecursionError:
        contents = Contents()
        problems.append("too many levels: only its headers were read")
    # One list for all that follows.
    problems.extend(contents.problems)
    contents.problems = problems
    return contents


def _assembled(
    raw: bytes,
    root: Part,
    headers: Headers,
    contents: Contents,
    reply: Reply,
    sender: Mailbox,
    subject: str,
    text: str,
    bounce: Bounce | None,
    sign: Sign | None,
    own: set[str],
) -> ReadMail:
    own_id = message_id(headers.raw("message-id"))
    in_reply_to = message_ids(headers.raw("in-reply-to"))
    references = message_ids(" ".join(headers.all("references")))
    returned = _RETURNED_ID.search(contents.returned)
    returned_id = returned[1] if returned and bounce else ""
    reply_to = mailboxes(headers.all("reply-to"))
    answered = in_reply_to[:1] or references[-1:] or ((returned_id,) if returned_id else ())
    return ReadMail(
        message_id=own_id,
        in_reply_to=in_reply_to,
        references=references,
        from_address=sender.address,
        header_from=senders_of(headers)[0].address,
        senders=tuple(box.address for box in senders_of(headers)),
        trace=_trace(root),
        is_spam=is_spam(headers),
        from_name=sender.name,
        reply_to=reply_to[0].address if reply_to else "",
        to=_addresses(headers, "to"),
        cc=_addresses(headers, "cc"),
        delivered_to=tuple(
            dict.fromkeys(a for name in _DELIVERED for a in _addresses(headers, name))
        ),
        subject=subject,
        date=moment(headers.raw("date")),
        body_text=text,
        body_html=contents.html(),
        reply_text=reply.text,
        elided=reply.elided,
        signature=reply.signature,
        embedded_email=reply.embedded,
        before_embedded=reply.before_embedded,
        attachments=tuple(contents.attachments),
        encrypted=is_encrypted(root, text, was_opened=contents.was_opened),
        signer=contents.signer,
        event=contents.event,
        automatic=automatic_of(sign),
        sign=sign,
        from_client=is_from_client(headers),
        has_our_id=has_our_id(headers, own),
        is_newsletter=headers.has("list-unsubscribe"),
        may_be_answered=may_be_answered(headers, sender.address, automatic_of(sign)),
        bounce=bounce.kind if bounce else None,
        bounced=bounce.addresses if bounce else (),
        bounce_codes=bounce.codes if bounce else (),
        returned_message_id=returned_id,
        dedup_id=own_id if 0 < len(own_id) <= MAX_ID else _digest(raw, headers),
        threads_to=answered[0] if answered else "",
        problems=tuple(contents.problems),
    )


def _addresses(headers: Headers, name: str) -> tuple[str, ...]:
    return tuple(box.address for box in mailboxes(headers.all(name)))


def _trace(root: Part) -> tuple[tuple[str, str], ...]:
    """Received and Authentication-Results from the top, the latter unfolded."""
    named = ((name.strip().lower(), str(value)) for name, value in root.raw_items())
    kept = [
        (name, " ".join(value.split())[:5_000] if name != "received" else "")
        for name, value in named
        if name in ("received", "authentication-results")
    ]
    return tuple(kept[:100])


def _names_an_answered(headers: Headers, subject: str) -> bool:
    """Whether it says that it answers a mail, or an incident of ours."""
    named = message_ids(headers.raw("in-reply-to")) or message_ids(
        " ".join(headers.all("references"))
    )
    return bool(named) or bool(_NUMBER.search(subject))


def _bounce(
    raw: bytes,
    root: Part,
    headers: Headers,
    contents: Contents,
    sender: str,
    subject: str,
    text: str,
    own: set[str],
) -> Bounce | None:
    is_report = content_type(root) == "multipart/report" and (
        parameter(root, "report-type").lower() in ("delivery-status", "")
        or bool(contents.delivery_status)
    )
    receivers = _addresses(headers, "to") + _addresses(headers, "cc")
    evidence = Evidence(
        sender=sender,
        subject=subject,
        body=text,
        status=contents.delivery_status,
        failed=headers.raw("x-failed-recipients"),
        is_report=is_report and not contents.is_disposition,
        has_empty_return_path=headers.raw("return-path").strip() == "<>",
        from_client=is_from_client(headers),
        by_machine=is_from_gateway(headers),
        known=frozenset({sender, *receivers, *own}),
        second=lambda: failures_in(raw),
    )
    return read_bounce(evidence)


def _digest(raw: bytes, headers: Headers) -> str:
    """A stable id for a mail without Message-ID: of what its sender fixed, not of its way."""
    digest = hashlib.sha256()
    for name in ("from", "to", "cc", "date", "subject"):
        for value in headers.all(name):
            digest.update(f"{name}:{from_header(value).strip()}\n".encode())
    body = re.split(rb"\r?\n\r?\n", raw, maxsplit=1)
    digest.update(body[1] if len(body) > 1 else raw)
    return f"sha256:{digest.hexdigest()}"
