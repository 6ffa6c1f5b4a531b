"""How well our readers of mail read, beside the libraries that one would take instead.

Quotations on the acceptance mails (folder CASES), bounces on flufl.bounce's samples and on ours,
winmail.dat on tnefparse's samples and on broken ones, uuencode against Python's own module.
"""

from __future__ import annotations

import ast
import json
import logging
import os
import random
import signal
import warnings
from binascii import b2a_uu
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from email import message_from_bytes
from functools import cache
from io import BytesIO
from pathlib import Path
from time import perf_counter
from typing import Any

import quotequail
from flufl.bounce import all_failures
from mailparser_reply import EmailReplyParser
from mailparser_reply.constants import MAIL_LANGUAGES
from tnefparse import TNEF

from bench.tools.measure import print_table
from bench.tools.sdists import unpacked
from bench.tools.written_mails import BOUNCES, winmail
from mailroom.text import uu
from mailroom.text.quoting import split_reply
from mailroom.text.reading import read_mail
from mailroom.text.tnef import unpack

CASES = Path(os.environ.get("CASES", "../shared/cases/mail"))
PATIENCE = 5  # seconds that a reader may take for one text
HURTING = {
    "8,000 words after On": "On " + "word " * 8_000,
    "Am Montag schrieb, 2,500 times": "Am Montag schrieb " * 2_500,
    "40,000 empty lines": "\n" * 40_000,
}
Read = Callable[[str], str]


def main() -> None:
    _quotations()
    _bounces()
    _winmails()
    _uuencoded()


def _ours(text: str) -> str:
    return split_reply(text).text


def _quotequail(text: str) -> str:
    parts = quotequail.quote(text, quote_intro_line=True)
    return "\n".join(part for is_shown, part in parts if is_shown)


def _mail_parser_reply(text: str) -> str:
    return EmailReplyParser(languages=list(MAIL_LANGUAGES)).parse_reply(text) or ""


QUOTATION_READERS: dict[str, Read] = {
    "ours": _ours,
    "quotequail": _quotequail,
    "mail-parser-reply": _mail_parser_reply,
}


def _quotations() -> None:
    """Whether what is left is what the sender wrote, white space aside; and what hurts."""
    cases = list(_answers())
    rows = []
    for name, read in QUOTATION_READERS.items():
        right = sum(_same(read(text), wanted) for text, wanted in cases)
        times = [_seconds(read, text) for text in HURTING.values()]
        rows.append((name, f"{right} of {len(cases)}" if cases else "-", *times))
    if not cases:
        print(f"\n  The acceptance mails are not in {CASES}: quotations are only timed.")
    columns = ("quotations", "replies as written", *(f"s: {one}" for one in HURTING))
    print_table("What the sender wrote, without what is quoted", columns, rows)


def _answers() -> Iterator[tuple[str, str]]:
    """(text of the mail, what its sender wrote), the text as our reader takes it out."""
    index = CASES / "index.json"
    if not index.exists():
        return
    for one in json.loads(index.read_text(encoding="utf-8"))["mails"]:
        expected = one["expected"]
        wanted = expected.get("reply_text", expected.get("reply_text_ws_insensitive"))
        if wanted is not None:
            yield read_mail((CASES / one["file"]).read_bytes()).body_text, wanted


def _same(one: str, other: str) -> bool:
    return "".join(one.split()) == "".join(other.split())


def _bounces() -> None:
    """Right is a mail of which kind and addresses are as its source says."""
    rows = []
    for name, samples in (("flufl.bounce's samples", _flufl_samples()), ("ours", BOUNCES)):
        wanted = [(raw, set(temporary), set(permanent)) for raw, temporary, permanent in samples]
        for reader, read in (("ours", _our_bounce), ("flufl.bounce", _flufl_bounce)):
            right = sum(read(raw) == (soft, hard) for raw, soft, hard in wanted)
            rows.append((f"{reader}, on {name}", f"{right} of {len(wanted)}"))
    print_table(
        "Bounces: who did not get the mail, for now or for good", ("bounces", "right"), rows
    )


def _flufl_samples() -> Iterator[tuple[bytes, set[str], set[str]]]:
    """The mails of flufl.bounce's source package with what its own tests expect."""
    folder = unpacked("flufl.bounce") / "tests"
    expected: dict[str, tuple[set[str], set[str]]] = {}
    for _, file, addresses, is_temporary in _literal(folder / "test_detectors.py", "DETECTORS"):
        found = expected.setdefault(file, (set(), set()))
        found[not is_temporary].update(one.decode().lower() for one in addresses)
    for file, (temporary, permanent) in expected.items():
        yield (folder / "data" / file).read_bytes(), temporary, permanent


def _our_bounce(raw: bytes) -> tuple[set[str], set[str]]:
    read = read_mail(raw)
    found = {one.lower() for one in read.bounced}
    return (found, set()) if read.bounce == "temporary" else (set(), found)


def _flufl_bounce(raw: bytes) -> tuple[set[str], set[str]]:
    soft, hard = all_failures(message_from_bytes(raw))
    return {one.decode().lower() for one in soft}, {one.decode().lower() for one in hard}


def _winmails() -> None:
    """Files by name and content, and what becomes of a winmail.dat that is cut off somewhere."""
    logging.getLogger("tnefparse").setLevel(logging.CRITICAL)
    folder = unpacked("tnefparse") / "tests"
    samples = [
        ((folder / "examples" / file).read_bytes(), sorted(names))
        for file, _, names, *_ in _literal(folder / "test_decoding.py", "SPECS")
    ]
    content = b"boom" * 20
    whole = winmail("crash log.txt", content, "See the log")
    rows = []
    for reader, read in (("ours", _our_files), ("tnefparse", _their_files)):
        named = sum(sorted(_or_none(read, raw) or ()) == names for raw, names in samples)
        raised = sum(_or_none(read, whole[:end]) is None for end in range(len(whole)))
        opened = _or_none(read, whole) == {"crash log.txt": content}
        rows.append(
            (reader, f"{named} of {len(samples)}", opened, f"{raised} of {len(whole)} places")
        )
    columns = ("winmail.dat", "tnefparse's samples, names", "one of ours", "raised when cut off at")
    print_table("winmail.dat: the files inside", columns, rows)
    alike = sum(_or_none(_our_files, raw) == _or_none(_their_files, raw) for raw, _ in samples)
    print(f"\n  Both give the same bytes for all files of {alike} of {len(samples)} samples.")


def _our_files(raw: bytes) -> dict[str, bytes]:
    return {one.name: one.content for one in unpack(raw).files}


def _their_files(raw: bytes) -> dict[str, bytes]:
    return {one.long_filename(): bytes(one.data or b"") for one in TNEF(raw).attachments}


def _or_none(read: Callable[[bytes], dict[str, bytes]], raw: bytes) -> dict[str, bytes] | None:
    """None where it raises, whatever it raises: that is what is counted."""
    try:
        return read(raw)
    except Exception:
        return None


def _uuencoded() -> None:
    """Files as several encoders write them; every reader gets the same ones."""
    dice = random.Random(4711)
    contents = [dice.randbytes(dice.randint(1, 400)) for _ in range(100)]
    rows = []
    for name, write in DIALECTS.items():
        texts = [write(one) for one in contents]
        ours = sum(_our_uu(text) == one for text, one in zip(texts, contents, strict=True))
        theirs = sum(_python_uu(text) == one for text, one in zip(texts, contents, strict=True))
        rows.append((name, f"{ours} of {len(texts)}", f"{theirs} of {len(texts)}"))
    print_table("uuencode: the bytes back", ("as written", "ours", "Python's uu"), rows)


def _lines(content: bytes, *, backtick: bool) -> list[str]:
    starts = range(0, len(content), 45)
    return [b2a_uu(content[at : at + 45], backtick=backtick).decode()[:-1] for at in starts]


def _framed(lines: Iterable[str]) -> str:
    return "\n".join(["begin 644 file.bin", *lines, "`", "end", ""])


DIALECTS: dict[str, Callable[[bytes], str]] = {
    "with blanks": lambda one: _framed(_lines(one, backtick=False)),
    "with backticks": lambda one: _framed(_lines(one, backtick=True)),
    "blanks at the end lost": lambda one: _framed(
        line.rstrip() for line in _lines(one, backtick=False)
    ),
    "with a check character a line": lambda one: _framed(
        f"{line}x" for line in _lines(one, backtick=True)
    ),
    "without begin and end": lambda one: "\n".join(_lines(one, backtick=True)) + "\n",
}


def _our_uu(text: str) -> bytes:
    return uu.decode_lines(text.splitlines())


def _python_uu(text: str) -> bytes | None:
    out = BytesIO()
    try:
        _module_uu().decode(BytesIO(text.encode()), out, quiet=True)
    except Exception:
        return None
    return out.getvalue()


@cache
def _module_uu() -> Any:
    """Python's own until 3.12."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        import uu as module  # noqa: PLC0415 -- not there from Python 3.13 on
    return module


def _literal(file: Path, name: str) -> Any:
    """What a module of somebody's tests assigns to `name`, without running it."""
    for node in ast.parse(file.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name:
            return ast.literal_eval(node.value)
    raise LookupError(f"{file} assigns no {name}")


class _TooLong(Exception):
    pass


@contextmanager
def _patience(seconds: int) -> Iterator[None]:
    def stop(*_: object) -> None:
        raise _TooLong

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def _seconds(read: Read, text: str) -> float | str:
    started = perf_counter()
    try:
        with _patience(PATIENCE):
            read(text)
    except _TooLong:
        return f"> {PATIENCE}"
    return perf_counter() - started


if __name__ == "__main__":
    main()
