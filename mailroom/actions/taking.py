"""What a mail says, and what it becomes: a new incident, or a message of one."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile

from accounts.models import Person
from core.text import clean_block
from entitlements.enums import Channel
from entitlements.levels import RANK
from entitlements.models import Licence
from mailroom.enums import MailOutcome
from mailroom.models import InboundMail
from mailroom.text.attachments import Attachment
from mailroom.text.automatic import Sign
from mailroom.text.reading import ReadMail
from tickets.actions.conversation import write
from tickets.actions.filing import Report, file_report
from tickets.actions.participants import join_copied
from tickets.enums import Proof
from tickets.models import Incident, Message

_TAG = re.compile(r"^\s*\[[^\]\n]{1,60}\]\s*")

ENCRYPTED = "The mail is encrypted, and kept as it came. We can not read it: write without a key."
DEFAULT_SERVICE = "troubleshooting"

NOTE = "#note"  # the first word of a mail of the team that is for the team alone


@dataclass(frozen=True)
class Said:
    """What a mail adds to an incident: its text, what is folded away, its files."""

    body: str
    quoted: str
    files: list[UploadedFile[Any]]


def said_in(read: ReadMail, *, is_first: bool) -> Said:
    """The first mail of an incident is shown whole; of an answer only what was written now.

    The text names the files that are too large or too many.
    """
    files, left_out = _files(read)
    written = "" if read.encrypted else read.reply_text.strip()
    if is_first or not written:
        return Said(_words(read) + left_out, "", files)
    return Said(written + _signed_by(read) + left_out, read.elided, files)


def marked_as_note(body: str) -> tuple[bool, str]:
    """Whether the first line says `#note` (M4), and the text without that."""
    first, _, rest = clean_block(body).partition("\n")
    word, _, behind = first.strip().partition(" ")
    if word.lower() != NOTE:
        return False, body
    return True, f"{behind}\n{rest}".strip()


def become_incident(
    mail: InboundMail, read: ReadMail, *, reporter: Person, by: Person | None = None
) -> Message:
    """The report of a new incident, received when the mail was (R1); `by` who decided so.

    Raises IntegrityError ("mail_taken_once") when the organisation has this mail already (L3).
    """
    _claim(mail, reporter, MailOutcome.INCIDENT)
    said = said_in(read, is_first=True)
    proof = "" if by is not None else mail.proof
    filed = file_report(
        Report(
            reporter=reporter,
            service=DEFAULT_SERVICE,
            subject=read.subject,
            body=said.body,
            licence=_licence(reporter, read, mail.received_at),
            channel=Channel.EMAIL,
            files=said.files,
            message_id=read.message_id[:250],
            has_layout=bool(read.body_html),
            proof=proof,
            acknowledge=by is not None or read.may_be_answered,
        ),
        by=by,
        at=mail.received_at,
    )
    return _taken(filed.message, mail, read, reporter, proof)


def become_message(
    mail: InboundMail,
    read: ReadMail,
    *,
    author: Person,
    incident: Incident,
    at: datetime | None = None,
    by: Person | None = None,
) -> Message:
    """A message of the incident, or of the one that follows it (R7). Raises like `become_incident`.

    `at` is when it was received, where that is not the mail's own moment; `by` who decided so.
    """
    _claim(mail, author, MailOutcome.MESSAGE)
    said = said_in(read, is_first=False)
    message = write(
        incident,
        author=author,
        body=said.body,
        at=at or mail.received_at,
        files=said.files,
        channel=Channel.EMAIL,
        message_id=read.message_id[:250],
        quoted=said.quoted,
        proof="" if by is not None else mail.proof,
    )
    return _taken(message, mail, read, author, message.proof)


def _taken(
    message: Message, of: InboundMail, read: ReadMail, sender: Person, proof: str
) -> Message:
    """Colleagues in copy are notified of the answers, too, where the sender may be theirs."""
    is_so = (bool(read.body_html), of.proof)
    if (message.has_layout, message.proof) != is_so:
        message.has_layout, message.proof = is_so
        message.save(update_fields=["has_layout", "proof"])
    if proof == Proof.UNPROVEN:
        return message
    join_copied(message.incident, [*read.to, *read.cc], by=sender, at=message.sent_at)
    return message


def _words(read: ReadMail) -> str:
    """The words of the mail, which an incident can not be without."""
    if read.encrypted:
        return f"{read.subject}\n\n({ENCRYPTED})"
    return (read.body_text.strip() or f"(a mail without text) {read.subject}") + _signed_by(read)


def _signed_by(read: ReadMail) -> str:
    """Whose signature an S/MIME mail carries; we know no authorities, so nobody verified it."""
    return f"\n\n(It carries the signature of {read.signer}, not verified.)" if read.signer else ""


def _claim(mail: InboundMail, sender: Person, outcome: MailOutcome) -> None:
    """One intake per organisation, Message-ID and content (L3, M3): the database refuses more."""
    mail.organisation, mail.outcome = sender.organisation, outcome
    mail.save(update_fields=["organisation", "message_id", "content", "outcome"])


def _licence(sender: Person, read: ReadMail, at: datetime) -> Licence | None:
    """The licence whose key the mail names, else the one with the best support at the moment."""
    ours = Licence.objects.held_at(at).filter(organisation=sender.organisation).order_by("pk")
    licences = list(ours.select_related("organisation").prefetch_related("subscriptions"))
    named = licences_named(f"{read.subject}\n{read.body_text}", licences)
    if named:
        return named[0]
    return max(licences, key=lambda one: (*_worth(one, at), one.registered_on), default=None)


def licences_named(text: str, licences: Sequence[Licence]) -> list[Licence]:
    """Those whose key stands in `text` as a whole: AXG-H-1 is not named by AXG-H-12."""
    keys = {one.key.lower(): one for one in licences}
    if not keys:
        return []
    longest_first = sorted(map(re.escape, keys), key=len, reverse=True)
    found = re.findall(rf"(?<![\w-])(?:{'|'.join(longest_first)})(?![\w]|-\w)", text.lower())
    return [keys[one] for one in dict.fromkeys(found)]


def content_of(read: ReadMail) -> str:
    """A digest of what a mail says (M3): the same on each of its ways, another for another mail."""
    digest = hashlib.sha256()
    # A list writes its name in front: its copy is the same mail as the one that came straight.
    subject = _TAG.sub("", read.subject, count=1) if read.sign == Sign.LIST else read.subject
    said = [subject, read.reply_text or read.body_text]
    said += [one.name for one in read.attachments]
    for text in said:
        digest.update(" ".join(text.split()).encode("utf-8", "surrogateescape") + b"\0")
    for one in read.attachments:
        digest.update(hashlib.sha256(one.content).digest())
    return digest.hexdigest()


def _worth(licence: Licence, at: datetime) -> tuple[bool, int]:
    """What counts before what waits for confirmation; Premium, FIRsT, what is only registered."""
    today = at.astimezone(ZoneInfo(licence.organisation.timezone)).date()
    held = [one for one in licence.subscriptions.all() if one.runs_on(today)]
    best = min((RANK[one.level] for one in held), default=len(RANK))
    return licence.counted_at(at), -best


def _is_picture(part: Attachment) -> bool:
    """Whether the text shows it: a logo of a signature, mostly."""
    return part.inline and bool(part.content_id) and part.content_type.startswith("image/")


def _files(read: ReadMail) -> tuple[list[UploadedFile[Any]], str]:
    """The attachments that an incident takes, and a line that names those that it does not.

    Pictures that the text shows come after the files, so that logos push out no log; they stand
    in the text as it was sent, so those that do not fit are not named.
    """
    taken: list[UploadedFile[Any]] = []
    left_out = []
    for part in sorted(read.attachments, key=_is_picture):
        fits = 0 < len(part.content) <= settings.ATTACHMENT_MAX_BYTES
        if fits and len(taken) < settings.ATTACHMENTS_MAX_COUNT:
            taken.append(SimpleUploadedFile(part.name or "file", part.content, part.content_type))
        elif part.content and not _is_picture(part):
            left_out.append(part.name or "a file without a name")
    if not left_out:
        return taken, ""
    names = ", ".join(left_out)
    return taken, f"\n\n(Kept with the original mail, too large or too many: {names})"
