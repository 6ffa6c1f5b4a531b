"""Mails that say that a mail did not arrive (RFC 3464, and the many that do not follow it).

The machine-readable report is read here. Of mails without one flufl.bounce knows dozens of forms
(`second_reader.py`); what neither knows is read from the words and lines that most have in common.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from mailroom.text.headers import mailboxes
from mailroom.text.second_reader import Failures

MAX_BODY = 50_000
MAX_BOUNCED = 100


class BounceKind(StrEnum):
    """For how long a mail did not arrive."""

    PERMANENT = "permanent"
    TEMPORARY = "temporary"


@dataclass(frozen=True)
class Bounce:
    """`kind` is None where nobody failed (a receipt) or nothing says how. `addresses` are
    those it is true of: with both kinds in one mail, the permanent ones. `codes` are theirs, in
    the same order, as RFC 3463 writes them; "" where the mail gives none."""

    kind: BounceKind | None
    addresses: tuple[str, ...]
    codes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Evidence:
    """What a bounce is known by. `status` is the machine-readable report, if there is one,
    `failed` the header X-Failed-Recipients, `from_client` whether a person's mail program
    wrote it (customers report undeliverable mails, as their postmaster), `by_machine` whether
    it has the marks of an automatic mail or of a gateway, `known` addresses that can not have
    bounced, `second` asks the second reader, which costs some 20 ms."""

    sender: str
    subject: str
    body: str
    status: str
    failed: str
    is_report: bool
    has_empty_return_path: bool
    from_client: bool
    by_machine: bool
    known: frozenset[str]
    second: Callable[[], Failures] = Failures


_DAEMON = re.compile(r"(?:mailer-?daemon|mail-?daemon|maildaemon|mdaemon|mailerdaemon)\b.*", re.I)
_POSTMASTER = re.compile(r"(?:postmaster|mail-?delivery|microsoftexchange\w*)\b.*", re.I)
_SUBJECT = re.compile(
    r"undeliver|delivery (?:status )?notification|delivery (?:has )?fail|delivery failure"
    r"|mail delivery|returned mail|returned to sender|failure notice|mail system error"
    r"|non ?deliverable|delivery delayed|message delayed|delayed mail|could not (?:be )?deliver"
    r"|message not delivered|delivery problem|rejected mail|nondeliverable"
    r"|unzustellbar|nicht zugestellt|zustellung|non remis|échec de (?:la )?remise|no entregado"
    r"|no se puede entregar|mancata consegna|impossibile recapitare|não entregue|onbestelbaar"
    r"|niet bezorgd|kan inte levereras|nie można dostarczyć|niedostarczon|nedoručiteln"
    r"|nelivrat|недоставлен|не доставлено|не удалось доставить",
    re.IGNORECASE,
)
_DELAYED = re.compile(
    r"\(delay\)|warning message only|could not send message for (?:the )?past"
    r"|\b(?:delayed|delay notification|still (?:trying|being retried)|will (?:be retried|retry"
    r"|keep trying|continue)|not yet been delivered|could not be delivered for"
    r"|(?:do|does) not need to (?:be )?resen[dt]|verzögert|wird weiterhin versucht)\b",
    re.IGNORECASE,
)
_FINAL = re.compile(
    r"\b(?:permanent (?:fatal )?error|giving up|given up|could not be delivered to one or more"
    r"|user unknown|unknown user|does not exist|no such user|mailbox unavailable|undeliverable"
    r"|delivery (?:has |to the following recipients? )?failed|unrecoverable error"
    r"|address rejected|recipient rejected|endgültig)\b",
    re.IGNORECASE,
)
_PASSED_ON = re.compile(r"\s*(?:re|aw|sv|antw|fwd?|wg|tr|rv|enc|i|vs|odp|pd)\s*:", re.IGNORECASE)
_SYSTEM = re.compile(
    r"postmaster|daemon|system|administrator|admin|gateway|antivirus|smtp|mail|ndr|imss|bounce",
    re.IGNORECASE,
)
_STATUS = re.compile(r"(?<![\d.])([45])\.\d{1,3}\.\d{1,3}(?![\d.])")
_REPLY_CODE = re.compile(r"(?<![\d.:-])(?=421|4[57]\d|5[0-7]\d)([45])\d\d(?=[ -]\S)")
_FIELD = re.compile(r"^([A-Za-z-]{3,40}):[ \t]*(.{0,500})$", re.MULTILINE)
_LISTED = re.compile(
    r"^[ \t]*(?:(?:recipient(?: address)?|to|user|address|failed recipient|final-recipient"
    r"|rcpt to|undeliverable address)(?::[ \t]*|[ \t]+)(?:rfc822;)?[ \t]*)?"
    r"(?:<|'(?=[^'\n]{1,300}'))?([\w.+='&/-]{1,64}@[\w.-]{1,200}\w)"
    r"[>']?[ \t]*(?::|;|\(|\.\.\.|$)",
    re.MULTILINE | re.IGNORECASE,
)
_NAMED = re.compile(
    r"(?<![\w.+=&/-])[\w.+=&/-](?:[\w.+='&/-]{0,62}[\w.+=&/-])?@[\w-]{1,100}(?:\.[\w-]{1,60}){1,6}"
)
_RETURNED_BEGINS = re.compile(
    r"^(?:[>\s]*(?:Return-Path|Received|From|Message-ID):"
    r"|.{0,20}(?:original message|unsent message|copy of (?:the|your) message"
    r"|returned (?:mail|message) follows|message text follows|headers follow))",
    re.MULTILINE | re.IGNORECASE,
)
_SERVANT = re.compile(r"(?:postmaster|mailer-?daemon|abuse|helpdesk|support|root)@")


def read_bounce(evidence: Evidence) -> Bounce | None:
    """The bounce that a mail is, or None if it is none."""
    is_known = _is_bounce(evidence)
    if not is_known and not _may_be_bounce(evidence):
        return None
    body = evidence.body[:MAX_BODY]
    # A report whose boundary was damaged on the way is found in the text.
    status = evidence.status or (body if re.search(r"^Final-Recipient:", body, re.M | re.I) else "")
    reported = _from_report(status)
    if reported and is_known:
        return _summed(reported)
    second = evidence.second()
    found = _of_second_reader(second, evidence, body)
    if found is not None:
        return found
    return _from_text(evidence, body) if is_known else None


def _from_text(evidence: Evidence, body: str) -> Bounce:
    kind = _kind_of_text(evidence.subject, body)
    listed = _listed(evidence, body) if kind else ()
    return Bounce(kind, listed, (_code_in(body),) * len(listed))


def _of_second_reader(second: Failures, evidence: Evidence, body: str) -> Bounce | None:
    """What flufl.bounce found; where the words say that it is tried again, it is temporary."""
    addresses = second.permanent or second.temporary
    if not addresses:
        return None
    named = tuple(one for one in mailboxes([evidence.failed]) if one.address)
    addresses = tuple(box.address for box in named) or addresses
    is_temporary = not second.permanent or bool(
        _DELAYED.search(evidence.subject) or (_DELAYED.search(body) and not _FINAL.search(body))
    )
    kind = BounceKind.TEMPORARY if is_temporary else BounceKind.PERMANENT
    return Bounce(kind, addresses[:MAX_BOUNCED], (_code_in(body),) * len(addresses[:MAX_BOUNCED]))


def _code_in(body: str) -> str:
    found = _STATUS.search(body)
    return found[0] if found else ""


def _is_bounce(evidence: Evidence) -> bool:
    local = evidence.sender.partition("@")[0]
    named = bool(_SUBJECT.search(evidence.subject))
    return (
        evidence.is_report
        or bool(evidence.failed)
        or bool(_DAEMON.fullmatch(local))
        or (named and bool(evidence.status or evidence.has_empty_return_path))
        or (named and bool(_POSTMASTER.fullmatch(local)) and not evidence.from_client)
    )


def _may_be_bounce(evidence: Evidence) -> bool:
    """Worth asking the second reader: from a machine, and not what a person passes on."""
    if evidence.from_client or _PASSED_ON.match(evidence.subject):
        return False
    local = evidence.sender.partition("@")[0]
    named = bool(_SUBJECT.search(evidence.subject))
    return evidence.by_machine or (named and (not local or bool(_SYSTEM.search(local))))


def _from_report(status: str) -> list[tuple[str, BounceKind | None, str]]:
    """(address, kind, code) of each recipient in a machine-readable report."""
    found: list[tuple[str, BounceKind | None, str]] = []
    for block in re.split(r"\n[ \t]*\n", status[:200_000]):
        fields = {match[1].lower(): match[2].strip() for match in _FIELD.finditer(block)}
        # The original one is the address that we wrote to; the final one may be an alias' target.
        names = ("original-recipient", "final-recipient")
        boxes = [
            box for name in names for box in mailboxes([fields.get(name, "").rpartition(";")[2]])
        ]
        if boxes and len(found) < MAX_BOUNCED:
            action, code = fields.get("action", "").lower(), fields.get("status", "")
            written = _STATUS.search(code)
            kind = _kind_of_report(action, code)
            found.append((boxes[0].address, kind, written[0] if written else ""))
    return found


def _kind_of_report(action: str, status: str) -> BounceKind | None:
    # The status decides: a server that gave up after a full mailbox (4.2.2) says "failed",
    # and the address is still a good one.
    if action.startswith(("delivered", "relayed", "expanded")) or status.startswith("2"):
        return None
    if action.startswith("delayed") or status.startswith("4"):
        return BounceKind.TEMPORARY
    if action.startswith("failed") or status.startswith("5"):
        return BounceKind.PERMANENT
    return None


def _summed(reported: list[tuple[str, BounceKind | None, str]]) -> Bounce:
    for wanted in (BounceKind.PERMANENT, BounceKind.TEMPORARY):
        found = {address: code for address, kind, code in reported if kind == wanted}
        if found:
            return Bounce(wanted, tuple(found), tuple(found.values()))
    return Bounce(None, ())


def _kind_of_text(subject: str, body: str) -> BounceKind | None:
    text = f"{subject}\n{body}"
    if _DELAYED.search(subject) or (_DELAYED.search(body) and not _FINAL.search(body)):
        return BounceKind.TEMPORARY
    code = _STATUS.search(body) or _REPLY_CODE.search(body)
    if code:
        return BounceKind.PERMANENT if code[1] == "5" else BounceKind.TEMPORARY
    if _FINAL.search(text) or _SUBJECT.search(subject):
        return BounceKind.PERMANENT
    return None


def _listed(evidence: Evidence, body: str) -> tuple[str, ...]:
    """The addresses that a bounce names: by header, on lines of their own, or anywhere."""
    found = [box.address for box in mailboxes([evidence.failed])]
    # Below the beginning of the returned mail the addresses are the sender's own.
    report = _RETURNED_BEGINS.split(body, maxsplit=1)[0]
    listed = [match[1].lower() for match in _LISTED.finditer(report)]
    named = [match[0].lower() for match in _NAMED.finditer(report)]
    for addresses in (found, listed, named):
        kept = dict.fromkeys(
            address
            for address in addresses
            if address not in evidence.known and not _SERVANT.match(address)
        )
        if kept:
            return tuple(kept)[:MAX_BOUNCED]
    return ()
