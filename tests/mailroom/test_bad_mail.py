"""No bytes make the reader raise, store what the database refuses, or run for long."""

import re
import time
from dataclasses import fields, is_dataclass

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from mailroom.text.reading import read_mail
from tests.mailroom.making import delivery_report, file, mail, multipart, part, tnef

REFUSED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
SEEDS = (
    multipart(
        part("Hi\n\nOn 6 May 2025, Ana <a@x.example> wrote:\n> x\n-- \nBo"),
        part("<p onclick=x>Hi<blockquote>x</blockquote><img src=http://x>", "text/html"),
        kind="alternative",
    ),
    multipart(part("x"), file(tnef("a.txt", b"1", "t"), "application/ms-tnef", "winmail.dat")),
    multipart(part("x"), part(mail("inner"), "message/rfc822")),
    delivery_report(("a@x.example", "failed", "5.1.1")),
    mail("begin 644 a\n#0V%T\n`\nend\n", Subject="=?utf-8?b?xJs=?= =?x?q?=00?="),
)
PIECES = st.sampled_from(
    [
        b"\0",
        b"\r\n\r\n",
        b"--=-=frontier\r\n",
        b"=?utf-8?b?",
        b"?=",
        b'charset="punycode"',
        b"; charset*=a'b'c\0",
        b"Content-Transfer-Encoding: base64\r\n",
        b"Content-Type: multipart/mixed\r\n",
        b"Content-Type: message/rfc822\r\n\r\n",
        b"filename*0*=x'y'%00%ff",
        b"\xff\xfe\x85",
        b'<"((;,@',
    ]
)
EDITS = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 40), st.one_of(PIECES, st.binary(max_size=8))),
    max_size=12,
)


def texts(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from texts(one)
    elif is_dataclass(value):
        for one in fields(value):
            yield from texts(getattr(value, one.name))


def assert_fit_to_keep(raw):
    read = read_mail(raw)
    assert [text for text in texts(read) if REFUSED.search(text)] == []
    assert read.dedup_id


@given(st.binary(max_size=400))
def test_any_bytes_are_read(raw):
    assert_fit_to_keep(raw)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(SEEDS), EDITS)
@example(SEEDS[0], [(1.0, 0, b"\x80"), (0.4375, 0, b"; charset*=a'b'c\0")])  # parts, and a charset
def test_any_damage_to_a_mail_is_read(raw, edits):
    for place, removed, inserted in edits:
        at = int(place * len(raw))
        raw = raw[:at] + inserted + raw[at + removed :]

    assert_fit_to_keep(raw)


def test_nothing_at_all_is_said_to_be_empty():
    assert read_mail(b"").problems == ("the mail is empty",)


def test_a_mail_without_headers_is_text():
    read = read_mail(b"\r\nhelp\r\n")

    assert (read.body_text, read.problems) == ("help", ("no sender's address",))


def levels(count):
    inner = b"Content-Type: text/plain\r\n\r\ndeep\r\n"
    for n in range(count):
        inner = b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n%b\r\n--b%d--\r\n" % (
            n,
            n,
            inner,
            n,
        )
    return b"From: a@x.example\r\nMIME-Version: 1.0\r\n" + inner


def test_two_hundred_levels_are_read():
    assert read_mail(levels(200)).body_text == "deep"


HEAD = b"From: a@x.example\r\nMIME-Version: 1.0\r\n"
COSTLY = {
    "thousands of levels": levels(2_000),
    "thousands of mails in mails": b"Content-Type: message/rfc822\r\n\r\n".join([HEAD] * 2_000),
    "a million parts": HEAD
    + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
    + b"--b\n\n" * 10**6,
    "a million headers": b"A: b\n" * 10**6,
    "a million parameters": HEAD + b"Content-Type: text/plain" + b';"' * 10**6 + b"\r\n\r\nx",
    "fifty thousand addresses": HEAD + b"To: " + b"a@x.example, " * 50_000 + b"\r\n\r\nx",
    "a line of ten megabytes": HEAD + b"\r\n" + b"x" * 10**7,
    "half a million quoted lines": HEAD + b"\r\n" + b"> > From: x\n" * 500_000,
    "ten thousand markers": HEAD + b"\r\n" + b"On 1 a@x.example\n" * 10_000,
    "a rule of dashes": HEAD + b"\r\n" + (b"-" * 300 + b"original\n") * 3_000,
    "open elements": HEAD + b"Content-Type: text/html\r\n\r\n" + b"<div>" * 200_000,
    "open comments": HEAD + b"Content-Type: text/html\r\n\r\n" + b"<!--" * 200_000,
    "links": HEAD + b"Content-Type: text/html\r\n\r\n" + b"<a href=http://x>y</a>" * 50_000,
}


@pytest.mark.parametrize("raw", COSTLY.values(), ids=COSTLY)
def test_costly_mails_take_bounded_time(raw):
    start = time.process_time()

    read_mail(raw)

    assert time.process_time() - start < 8


def test_fifty_megabytes_are_attached_whole():
    content = bytes(range(256)) * 200_000

    read = read_mail(multipart(part("see"), file(content, "application/zip", "dump.zip")))

    assert [a.content == content for a in read.attachments] == [True]
    assert read.problems == ()


def test_a_very_long_text_is_also_kept_as_a_file():
    log = b"2025-05-06 10:00 error\n" * 100_000

    read = read_mail(mail(log))

    assert len(read.body_text) <= 1_000_000
    assert [(a.name, a.content) for a in read.attachments] == [("whole-text.txt", log)]
