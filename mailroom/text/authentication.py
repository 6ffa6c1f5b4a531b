"""What the mail filters in front of us say of a mail's sender: Authentication-Results (RFC 8601).

Only headers of filters that the operator named count, and only those that stand above the hop at
which they were written: below it everything is the sender's own. Who names a filter must have it
remove such headers of its own name from what comes in (RFC 8601, 5).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

MAX_VALUE = 4_000
MAX_RESULTS = 40

_TOKEN = re.compile(r'"((?:[^"\\]|\\.){0,500})"|([^\s;="()]+)')
_METHOD = re.compile(r"([A-Za-z0-9-]{1,40})(?:/\d{1,3})?")
_RESULT = re.compile(r"[A-Za-z]{1,20}")
_PROPERTY = re.compile(r"([A-Za-z]{1,20})\.([A-Za-z0-9-]{1,40})")
_AUTHSERV_ID = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,250}[a-z0-9])?")
# Below these every name belongs to somebody else: two names with such an end are strangers.
_SHARED = frozenset(
    f"{second}.{country}"
    for second in ("co", "com", "net", "org", "gov", "ac", "edu", "ne", "or", "gob", "gov")
    for country in ("uk", "au", "nz", "jp", "kr", "br", "in", "za", "tr", "mx", "ar", "il", "th")
)


class Proof(StrEnum):
    """How far a mail proves who sent it (M1)."""

    PROVEN = "proven"
    UNPROVEN = "unproven"
    REFUTED = "refuted"


@dataclass(frozen=True)
class Verdict:
    """`why` is a sentence for people."""

    proof: Proof
    why: str


@dataclass(frozen=True)
class Result:
    """What one method says: `properties` by "ptype.property", in lower case."""

    method: str
    result: str
    properties: dict[str, str]


def is_authserv_id(name: str) -> bool:
    """Whether it can be the name of a filter: a host name, or a word of its form."""
    return bool(_AUTHSERV_ID.fullmatch(name.strip().lower())) and ".." not in name


def judge(
    trace: Sequence[tuple[str, str]], *, trusted: Collection[str], domain: str
) -> Verdict | None:
    """What trusted filters say of a mail whose From is of `domain`; None if they say nothing of it.

    `trace` are its Received and Authentication-Results headers, (name in lower case, value), from
    the top. `trusted` are authserv-ids in lower case. One "fail" of DMARC refutes, whatever else
    is said.
    """
    said = list(_trusted_results(trace, trusted))
    dmarc = [(who, one) for who, one in said if one.method == "dmarc" and _is_of(one, domain)]
    for who, one in dmarc:
        if one.result == "fail":
            return Verdict(
                Proof.REFUTED, f"{who} says that it is not from {domain} (DMARC failed)."
            )
    for who, one in dmarc:
        if one.result == "pass":
            return Verdict(Proof.PROVEN, f"{who} says that it is from {domain} (DMARC).")
    for who, one in said:
        if one.result == "pass" and _names(one, domain):
            method = one.method.upper()
            return Verdict(Proof.PROVEN, f"{who} says that it is from {domain} ({method}).")
    return None


def are_aligned(one: str, other: str) -> bool:
    """Whether two domains are of one owner: the same, or one below the other (DMARC, relaxed)."""
    one, other = one.lower().rstrip("."), other.lower().rstrip(".")
    short, long = sorted((one, other), key=len)
    if "." not in short or short in _SHARED:
        return False
    return short == long or long.endswith(f".{short}")


def _trusted_results(
    trace: Sequence[tuple[str, str]], trusted: Collection[str]
) -> Iterator[tuple[str, Result]]:
    """Those of the topmost run of trusted headers, which ends at the next Received."""
    began = False
    for name, value in trace:
        if name == "received":
            if began:
                return
            continue
        read = read_results(value)
        if read is not None and read[0] in trusted:
            began = True
            yield from ((read[0], one) for one in read[1])


def read_results(value: str) -> tuple[str, list[Result]] | None:
    """(authserv-id in lower case, results) of a header's value; None if it breaks the grammar."""
    pieces = _pieces(_without_comments(value[:MAX_VALUE]))
    if not pieces or not pieces[0]:
        return None
    first = pieces[0]
    if len(first) > 2 or "=" in first or (len(first) == 2 and not first[1].isdigit()):
        return None
    results = []
    for piece in pieces[1 : MAX_RESULTS + 1]:
        if not piece or [one.lower() for one in piece] == ["none"]:
            continue
        result = _result(piece)
        if result is None:
            return None
        results.append(result)
    return first[0].lower(), results


def _result(tokens: list[str]) -> Result | None:
    """`method = result (ptype.property = value)*`; `reason = "..."` is read over."""
    if len(tokens) < 3 or tokens[1] != "=":
        return None
    method, result = _METHOD.fullmatch(tokens[0]), _RESULT.fullmatch(tokens[2])
    rest = tokens[3:]
    if method is None or result is None or len(rest) % 3:
        return None
    properties: dict[str, str] = {}
    for at in range(0, len(rest), 3):
        name, equals, value = rest[at : at + 3]
        if equals != "=" or not (name.lower() == "reason" or _PROPERTY.fullmatch(name)):
            return None
        properties.setdefault(name.lower(), value)
    return Result(method[1].lower(), result[0].lower(), properties)


def _pieces(text: str) -> list[list[str]]:
    """The tokens between semicolons; an unreadable character makes the whole nothing."""
    pieces: list[list[str]] = [[]]
    at = 0
    while at < len(text):
        char = text[at]
        if char.isspace():
            at += 1
        elif char == ";":
            pieces.append([])
            at += 1
        elif char == "=":
            pieces[-1].append("=")
            at += 1
        else:
            match = _TOKEN.match(text, at)
            if match is None:
                return []
            quoted = match[1] is not None
            pieces[-1].append(re.sub(r"\\(.)", r"\1", match[1]) if quoted else match[2])
            at = match.end()
    return pieces


def _without_comments(text: str) -> str:
    """`text` with its comments, which nest, as spaces; those in quotes stay."""
    out: list[str] = []
    depth, quoted, at = 0, False, 0
    while at < len(text):
        char = text[at]
        if char == "\\" and at + 1 < len(text):
            if not depth:
                out.append(text[at : at + 2])
            at += 2
            continue
        if char == '"' and not depth:
            quoted = not quoted
        if not quoted and char == "(":
            depth += 1
            out.append(" ")
        elif not quoted and char == ")" and depth:
            depth -= 1
        elif not depth:
            out.append(char)
        at += 1
    return "".join(out)


def _is_of(result: Result, domain: str) -> bool:
    """Whether a DMARC result is about this From."""
    named = result.properties.get("header.from", "").rpartition("@")[2].lower()
    return not named or named == domain.lower()


def _names(result: Result, domain: str) -> bool:
    """Whether what passed is of the From's owner."""
    said = result.properties
    if result.method == "dkim":
        named = said.get("header.d") or said.get("header.i", "")
    elif result.method == "spf":
        named = said.get("smtp.mailfrom", "")
    else:
        return False
    return are_aligned(named.rpartition("@")[2], domain)
