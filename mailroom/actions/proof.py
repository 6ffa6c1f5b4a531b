"""Who really sent a mail (M1): by the filters that the operator named, or our own DKIM check."""

from __future__ import annotations

import dkim
import dns.exception
import dns.resolver
import structlog
from django.conf import settings
from dkim.util import InvalidTagValueList, parse_tag_value

from mailroom.text.authentication import Proof, Verdict, are_aligned, judge
from mailroom.text.parts import without_preface
from mailroom.text.reading import ReadMail

logger = structlog.get_logger(__name__)

MAX_SIGNATURES = 4  # each costs a question to the DNS
SECONDS = 3.0
LEAST_BITS = 1024  # RFC 8301, 3.2

UNPROVEN = "Nothing proves that it comes from its sender."


def verdict_of(raw: bytes, read: ReadMail) -> Verdict:
    """The one verdict of a mail, with a sentence for people. Asks the DNS, writes nothing.

    What a list or a form of ours sends for somebody proves our own address, not theirs.
    """
    domain = read.header_from.rpartition("@")[2]
    said = judge(read.trace, trusted=settings.MAIL_AUTHSERV_IDS, domain=domain)
    if read.from_address != read.header_from or len(read.senders) != 1:
        if said is not None and said.proof == Proof.REFUTED:
            return said  # whoever forged the list's address forged the writer behind it
        return _unproven("Another address than the sender's is in its From.")
    if said is not None:
        return said
    return _own_check(raw, domain) if settings.MAIL_CHECK_DKIM else _unproven(UNPROVEN)


def _own_check(raw: bytes, domain: str) -> Verdict:
    """Whether a signature of the From's owner is whole. A broken one alone says nothing."""
    why = UNPROVEN
    try:
        message = dkim.DKIM(without_preface(raw), minkey=LEAST_BITS, timeout=SECONDS)
    except (dkim.DKIMException, ValueError):
        return _unproven(why)
    signatures = [value for name, value in message.headers if name.lower() == b"dkim-signature"]
    for index, value in enumerate(signatures[:MAX_SIGNATURES]):
        signer = _signer(value)
        if not signer or not are_aligned(signer, domain):
            continue
        if _holds(message, index):
            return Verdict(Proof.PROVEN, f"It is signed by {signer} (DKIM, checked here).")
        why = f"Its signature by {signer} could not be verified."
        if 0 < message.keysize < LEAST_BITS:
            why = (
                f"Its signature by {signer} is by a key of {message.keysize} bits, which anybody"
                f" can break: {LEAST_BITS} are the least."
            )
    return _unproven(why)


def _signer(value: bytes) -> str:
    """The domain that signs; empty for one that leaves the mail's end open (l=), or is of SHA-1."""
    try:
        tags = parse_tag_value(value)
    except InvalidTagValueList:
        return ""
    if b"l" in tags or not tags.get(b"a", b"").endswith(b"-sha256"):
        return ""
    return str(tags.get(b"d", b"").decode("ascii", "replace").strip().lower())


def _holds(message: dkim.DKIM, index: int) -> bool:
    try:
        return bool(message.verify(index, dnsfunc=text_record))
    except (dkim.DKIMException, dns.exception.DNSException, ValueError, OSError) as error:
        logger.info("signature not verified", error=str(error)[:200])
        return False
    except Exception as error:  # a library's bug on an odd signature must not lose the mail
        logger.warning("signature could not be read", error=repr(error)[:200])
        return False


def text_record(name: bytes | str, timeout: float = SECONDS) -> bytes | None:
    """The TXT record at `name`, asked of MAIL_DNS_SERVER, else of the machine's resolver."""
    text = name.decode("ascii", "replace") if isinstance(name, bytes) else name
    server, _, port = settings.MAIL_DNS_SERVER.rpartition(":")
    resolver = dns.resolver.Resolver(configure=not server)
    if server:
        resolver.nameservers, resolver.port = [server], int(port)
    resolver.lifetime = min(timeout, SECONDS)
    try:
        answer = resolver.resolve(text, "TXT", search=False)
    except dns.exception.DNSException:
        return None
    return next((b"".join(one.strings) for one in answer), None)


def _unproven(why: str) -> Verdict:
    return Verdict(Proof.UNPROVEN, why)
