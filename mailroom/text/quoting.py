"""Which lines of a mail its sender wrote, and which are quotation, header or signature.

Lines are put into classes, and the order of the classes decides; the idea is that of
discourse/email_reply_trimmer (MIT), the rules are our own. Nothing is ever thrown away: what
is folded is returned too, and the whole text stays with the mail.
"""

import re
from dataclasses import dataclass

from mailroom.text import markers
from mailroom.text.header_blocks import MAX_LINE, MAX_LINES, PREFIX, bare, header_blocks
from mailroom.text.signatures import find_signature

MAX_MARKER = 400
MAX_MARKER_LINES = 5
# A line of dashes ends the reply only if no more than this follows it; logs have such lines.
MAX_SIGNATURE_LINES = 20
# As many lines below a quotation are an answer; fewer are a signature.
MAX_ENDING = 7

TEXT, EMPTY, QUOTE, MARKER, HEADER, DELIMITER, MOBILE = "teqbhds"

_LETTER_PREFIX = re.compile(r"(?:[ \t]{0,8}(?:\w{0,12}[>|]))+")
_NOT_WRITTEN = QUOTE + MARKER + EMPTY + HEADER + DELIMITER
_FENCE = re.compile(r"\s*(?:```|~~~)")
_PGP_HEAD = re.compile(r"-----BEGIN PGP SIGNED MESSAGE-----\n(?:Hash: [^\n]{1,60}\n)?\s*")
_PGP_TAIL = "-----BEGIN PGP SIGNATURE-----"


@dataclass(frozen=True)
class Reply:
    """A text in parts. `before_embedded` and `embedded` are empty unless a mail is quoted
    with its headers; `elided` is every line that is not in `text`."""

    text: str
    elided: str
    signature: str
    embedded: str
    before_embedded: str


def split_reply(text: str) -> Reply:
    """Take the reply out of `text` (already cleaned). Linear in its length; never raises."""
    lines = _normalised(_without_pgp(text).strip("\n").split("\n"))
    classes = classify(lines)
    kept = _kept(classes)
    chosen = set(kept)
    reply = "\n".join(lines[i] for i in kept)
    # Blank lines between folded parts tell nothing.
    elided = "\n".join(line for i, line in enumerate(lines) if i not in chosen)
    embedded, before = _embedded(lines, classes)
    signature = find_signature(lines, classes)
    return Reply(_trimmed(reply), _trimmed(elided), signature, embedded, before)


def _trimmed(text: str) -> str:
    return text.strip("\n").rstrip()


def _without_pgp(text: str) -> str:
    match = _PGP_HEAD.match(text)
    if not match:
        return text
    return text[match.end() :].split(_PGP_TAIL)[0]


def _normalised(lines: list[str]) -> list[str]:
    """Write `NAME>` and `|` quotations as `>`, but only below the line that announces one.

    Elsewhere a prompt (`mysql> ...`) or a table would be taken for a quotation.
    """
    out = []
    announced = False
    for i, line in enumerate(lines[:MAX_LINES]):
        if announced and (match := _LETTER_PREFIX.match(line[:MAX_LINE])):
            line = re.sub(r"\w*[>|]", ">", match[0]) + line[match.end() :]
        announced = announced or _marker_length(lines, i) > 0
        out.append(line)
    return out + lines[MAX_LINES:]


def classify(lines: list[str]) -> str:
    """One class (a letter) for each line."""
    classes = [TEXT] * len(lines)
    fenced = _fenced(lines)
    i = 0
    while i < min(len(lines), MAX_LINES):
        length = 0 if i in fenced else _marker_length(lines, i)
        if length:
            classes[i : i + length] = [MARKER] * length
            i += length
            continue
        classes[i] = TEXT if i in fenced else _class(lines[i][:MAX_LINE])
        i += 1
    for start, stop in header_blocks(lines, fenced):
        classes[start:stop] = [HEADER] * (stop - start)
    return "".join(classes)


def _class(line: str) -> str:
    if not line.strip(" \t\u00a0>|"):
        return EMPTY
    if PREFIX.match(line):
        return QUOTE
    if markers.DELIMITER.fullmatch(line):
        return DELIMITER
    if len(line) <= 120 and markers.MOBILE.fullmatch(line.strip()):
        return MOBILE
    return TEXT


def _fenced(lines: list[str]) -> set[int]:
    """The lines of ``` code ```: whatever they look like, the sender wrote them."""
    fences = [i for i, line in enumerate(lines[:MAX_LINES]) if _FENCE.match(line[:MAX_LINE])]
    inside: set[int] = set()
    for start, end in zip(fences[::2], fences[1::2], strict=False):
        inside.update(range(start, end + 1))
    return inside


def _marker_length(lines: list[str], start: int) -> int:
    """How many lines from `start` announce a quotation together; 0 if none does."""
    first = bare(lines[start])
    if not first or len(first) > MAX_MARKER:
        return 0
    if _is_separator(first):
        return 1
    if not _may_announce(first):
        return 0
    joined = ""
    for length in range(1, MAX_MARKER_LINES + 1):
        if start + length > len(lines):
            return 0
        joined = f"{joined} {bare(lines[start + length - 1])}".strip()
        if len(joined) > MAX_MARKER:
            return 0
        if _announces(joined) or _announced_by_form(lines, start, length):
            return length
    return 0


def _is_separator(line: str) -> bool:
    """Is `line` one like `---- Original Message ----`, or that of our own mails?"""
    core = line.strip(markers.FRAME)
    if markers.FORWARDED_ALONE.fullmatch(core) or markers.OWN_MARKER.fullmatch(line):
        return True
    framed = line.lstrip("* ").startswith(("--", "__", "=="))
    return framed and bool(markers.FORWARDED.fullmatch(core))


def _may_announce(line: str) -> bool:
    opened = markers.OPENER.match(line) or markers.DATE_FIRST.match(line)
    return bool(
        (opened and any(char.isdigit() for char in line))
        or _addressed(line)
        or markers.CLOSER.search(line)
    )


def _addressed(line: str) -> bool:
    # Most lines have none, and the expression is slow at finding that out.
    return "@" in line and bool(markers.ADDRESS.search(line))


def _announces(line: str) -> bool:
    if markers.DATE_FIRST.match(line) and not line.endswith((".", "!", "?")):
        # "2016-03-03 17:21 GMT+01:00 NAME" and "2013/7/20 NAME <address>" have no verb.
        if line.endswith(">") and _addressed(line):
            return True
        if markers.GMT_OFFSET.search(line) and "<" not in line:
            return True
    if not line.endswith((":", "：", "---")):
        return False
    dated = any(char.isdigit() for char in line)
    addressed = _addressed(line)
    if markers.CLOSER.search(line):
        return bool(addressed or (dated and _opened(line)))
    return bool(dated and addressed and line.endswith((">:", "> :", ">：")) and _opened(line))


def _announced_by_form(lines: list[str], start: int, length: int) -> bool:
    """Whether a quotation is announced in a language that we do not know: a date, a time, somebody
    in brackets or a known verb, a colon, and what is quoted right below it."""
    said = [bare(one) for one in lines[start : start + length]]
    line = " ".join(said)
    if length > 2 or not all(said) or not line.endswith((":", "：")):
        return False
    known = markers.CLOSER.search(line) if length == 1 else None
    if not markers.TIME.search(line) or not (known or markers.IN_BRACKETS.search(line)):
        return False
    below = start + length
    following = (one[:MAX_LINE] for one in lines[below : below + 3] if one.strip())
    return bool(PREFIX.match(next(following, "")))


def _opened(line: str) -> bool:
    return bool(markers.OPENER.match(line) or markers.DATE_FIRST.match(line))


def _kept(classes: str) -> list[int]:
    """The lines that are the reply."""
    end = _delimiter(classes)
    kept = [i for i in range(end) if classes[i] != MOBILE]
    kept = _below_quotation(classes, kept) or _above_quotation(classes, kept)
    return [i for i in kept if classes[i] not in (MARKER, HEADER)]


def _delimiter(classes: str) -> int:
    """Where a line of dashes ends the reply; the number of lines if none does."""
    first_text = classes.find(TEXT)
    if first_text < 0:
        return len(classes)
    for match in re.finditer(DELIMITER, classes):
        at = match.start()
        if at < first_text:
            continue
        rest = re.split(f"[{MARKER}{HEADER}{QUOTE}]", classes[at:], maxsplit=1)[0]
        if rest.count(TEXT) <= MAX_SIGNATURE_LINES:
            return at
    return len(classes)


def _below_quotation(classes: str, kept: list[int]) -> list[int]:
    """The text below a quotation that the mail begins with; empty if it is not of that form."""
    form = "".join(classes[i] for i in kept)
    match = re.fullmatch(r"e*b[bqehd]*(t[et]*)", form)
    return kept[match.start(1) :] if match else []


def _above_quotation(classes: str, kept: list[int]) -> list[int]:
    """The text above the quotation that the mail ends with."""
    form = "".join(classes[i] for i in kept)
    form = _without_announced(form, answered=True)
    written = len(form.rstrip(_NOT_WRITTEN))
    form = form[:written] if written else form
    form = _without_announced(form, answered=False)
    if QUOTE not in form and TEXT not in form:
        return []
    return kept[: len(form)]


def _without_announced(form: str, *, answered: bool) -> str:
    """`form` up to the first of the markers and headers that only quotation follows.

    Text without quotation marks below a marker was quoted without them. With marked lines
    between, it is an answer below the quotation, unless it is short and ends the mail
    (`answered`: nothing was cut off behind it): then it is a signature or an advertisement.
    """
    while (at := max(form.rfind(MARKER), form.rfind(HEADER))) >= 0:
        after = form[at:]
        before = form[:at].rstrip(_NOT_WRITTEN)
        if TEXT not in before:
            break
        short = re.fullmatch(r"[bh][eqbhd]*[te]*", after) and after.count(TEXT) < MAX_ENDING
        if QUOTE in after and not (answered and short):
            break
        form = before
    return form


def _embedded(lines: list[str], classes: str) -> tuple[str, str]:
    """The first mail quoted with its headers, and the text before it; empty without one."""
    at = classes.find(HEADER)
    if at < 0:
        return "", ""
    end = len(classes[:at].rstrip(EMPTY + MARKER + DELIMITER))
    inside = lines[at:]
    if PREFIX.match(lines[at][:MAX_LINE]):
        inside = [re.sub(r"^\s*> ?", "", line) for line in inside]
    return _trimmed("\n".join(inside)), _trimmed("\n".join(lines[:end]))
