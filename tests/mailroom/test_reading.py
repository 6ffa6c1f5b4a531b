"""What is read out of one mail: headers, body, files."""

from datetime import UTC, datetime

import pytest

from mailroom.text.reading import read_mail
from tests.mailroom.making import file, mail, multipart, nested, part, tnef


def test_a_plain_mail_is_read_whole():
    read = read_mail(mail("The queue stops.\r\n\r\nAna\r\n", Cc="Bo <BO@northwind.example>"))

    assert (read.from_address, read.from_name) == ("ana@northwind.example", "Ana")
    assert (read.to, read.cc) == (("support@desk.example",), ("bo@northwind.example",))
    assert read.subject == "Queue stops"
    assert read.date == datetime(2025, 5, 6, 7, 0, tzinfo=UTC)
    assert read.body_text == "The queue stops.\n\nAna"
    assert (read.message_id, read.dedup_id) == ("<1@northwind.example>",) * 2
    assert (read.automatic, read.may_be_answered) == (None, True)
    assert (read.attachments, read.problems) == ((), ())


@pytest.mark.parametrize(
    ("header", "address", "name"),
    (
        (
            "alice@northwind.example <bob@fabrikam.example>",
            "bob@fabrikam.example",
            "alice@northwind.example",
        ),
        ('"Doe, John" <john@x.example>', "john@x.example", "Doe, John"),
        ("=?utf-8?q?Doe=2C_J=C3=B3n?= <jon@x.example>", "jon@x.example", "Doe, Jón"),
        ("jon@x.example (Jón Doe)", "jon@x.example", "Jón Doe"),
        ("=?utf-8?q?Jon_<jon@x.example>?=", "jon@x.example", "Jon"),
        ('"Jon <jon@x.example>', "jon@x.example", "Jon"),
        ("MAILER DAEMON <>", "", "MAILER DAEMON"),
        ("Friends: jon@x.example, ann@x.example;", "jon@x.example", ""),
        ("Jon <mailto:Jon@X.example>", "jon@x.example", "Jon"),
        ("(((((", "", "((((("),
    ),
)
def test_the_sender_is_found_in_odd_headers(header, address, name):
    read = read_mail(mail(sender=header))

    assert (read.from_address, read.from_name) == (address, name)


def test_a_character_cut_in_two_between_encoded_words_is_whole_again():
    read = read_mail(mail(Subject="=?utf-8?b?xJs=?= =?utf-8?b?xA==?=\r\n =?utf-8?b?mw==?= end"))

    assert read.subject == "ěě end"


def test_raw_bytes_in_a_subject_are_decoded():
    raw = mail().replace(b"Queue stops", "Größe".encode("latin-1"))

    assert read_mail(raw).subject == "Größe"


def test_an_odd_message_id_is_kept_whole():
    read = read_mail(mail(Message_ID="<weird[1]@@x.example;q>", References="<a@b> <c@d>\r\n <e@f>"))

    assert read.message_id == "<weird[1]@@x.example;q>"
    assert read.references == ("<a@b>", "<c@d>", "<e@f>")
    assert read.threads_to == "<e@f>"


@pytest.mark.parametrize(
    ("charset", "data", "text"),
    (
        ("unicode-1-1-utf-7", b"caf+AOk-", "café"),
        ("x-nobody-knows", "café".encode(), "café"),
        ("hex", "café".encode("latin-1"), "café"),
        ("punycode", b"caf-dma", "caf-dma"),
        ("us-ascii", "café".encode("cp1252"), "café"),
        ("utf-8", b"caf\xe9 and more", "caf\ufffd and more"),
        ("iso-8859-2", "žába".encode("iso-8859-2"), "žába"),
        ("utf-16", "café".encode(), "café"),
        ("iso-2022-jp", "日本".encode("iso-2022-jp"), "日本"),
    ),
)
def test_every_charset_gives_text(charset, data, text):
    raw = mail(data, Content_Type=f'text/plain; charset="{charset}"')

    assert read_mail(raw).body_text == text


def test_nothing_that_postgresql_refuses_stays():
    raw = mail("a\0b\x1b[31m\x85c", Subject="=?utf-8?b?YQBi?=", Message_ID="<a\0b@x>")

    read = read_mail(raw)

    assert read.body_text == "ab[31mc"
    assert read.subject == "ab"
    assert read.message_id == "<ab@x>"


def test_the_text_of_alternatives_is_read_and_the_html_shown():
    raw = multipart(part("Plain"), part("<p>Rich</p>", "text/html"), kind="alternative")

    read = read_mail(raw)

    assert (read.body_text, read.body_html) == ("Plain", "<p>Rich</p>")


def test_an_empty_text_gives_way_to_html():
    raw = multipart(part(" \r\n"), part("<p>Rich<br>text</p>", "text/html"), kind="alternative")

    assert read_mail(raw).body_text == "Rich\ntext"


def test_html_keeps_nothing_that_runs_or_loads():
    html = (
        '<p onclick="x()" style="color:red;background:url(http://t.example/a)">Hi</p>'
        '<script>x()</script><img src="http://t.example/p.gif" alt="logo">'
        '<img src="cid:logo"><a href="javascript:x()">a</a><iframe src="http://t.example"></iframe>'
        '<body background="http://t.example/b"><link rel=stylesheet href="http://t.example/c">'
        '<svg><image href="http://t.example/d"/></svg><form action="http://t.example"></form>'
    )

    shown = read_mail(mail(html, Content_Type="text/html")).body_html

    assert "t.example" not in shown
    assert "x()" not in shown
    assert '<p style="color:red">Hi</p>' in shown
    assert '<img alt="logo">' in shown
    assert '<img src="cid:logo">' in shown


def test_an_inline_image_is_found_by_its_content_id():
    image = file(
        b"\x89PNG", "image/png", "logo.png", Content_Disposition="inline", Content_ID="<logo@x>"
    )
    html = part('<p>See <img src="cid:logo@x"></p>', "text/html")

    read = read_mail(multipart(html, image, kind="related"))

    assert [(a.name, a.content_id, a.inline, a.size) for a in read.attachments] == [
        ("logo.png", "logo@x", True, 4)
    ]
    assert 'src="cid:logo@x"' in read.body_html


def test_a_calendar_invitation_is_a_text_with_a_file():
    calendar = part("BEGIN:VCALENDAR", "text/calendar; method=REQUEST")

    read = read_mail(multipart(part("Shall we talk?"), calendar, kind="alternative"))

    assert read.body_text == "Shall we talk?"
    assert [(a.name, a.content_type) for a in read.attachments] == [("invite.ics", "text/calendar")]
    assert read.automatic is None


def test_a_forwarded_mail_is_one_attachment():
    inner = mail("inside", Subject="Old: report/1", sender="x@y.example")

    read = read_mail(multipart(part("see below"), part(inner, "message/rfc822")))

    assert read.body_text == "see below"
    assert [(a.name, a.content) for a in read.attachments] == [("Old_ report_1.eml", inner)]


@pytest.mark.parametrize(
    ("given", "kept"),
    (
        ("../../etc/passwd", "passwd"),
        ("C:\\\\temp\\\\log.txt", "log.txt"),
        ("=?utf-8?q?r=C3=A9sum=C3=A9.pdf?=", "résumé.pdf"),
        ("..", "attachment-1.bin"),
        ("a" * 300 + ".tar", "a" * 146 + ".tar"),
        ("gpj.\u202eexe", "gpj.exe"),
    ),
)
def test_names_of_files_are_made_safe(given, kept):
    read = read_mail(multipart(part("x"), file(b"1", "application/octet-stream", given)))

    assert [a.name for a in read.attachments if a.content == b"1"] == [kept]


def test_a_name_in_pieces_is_joined():
    raw = multipart(
        part(
            "x",
            "application/pdf",
            Content_Disposition="attachment; filename*0*=utf-8''r%C3%A9; filename*1*=sum%C3%A9.pdf",
        )
    )

    assert [a.name for a in read_mail(raw).attachments] == ["résumé.pdf"]


def test_winmail_dat_is_opened():
    winmail = file(
        tnef("crash log.txt", b"boom", "See the log"), "application/ms-tnef", "winmail.dat"
    )

    read = read_mail(multipart(winmail))

    assert [(a.name, a.content) for a in read.attachments] == [("crash log.txt", b"boom")]
    assert read.body_text == "See the log"


def test_a_broken_winmail_dat_is_kept_as_it_is():
    raw = multipart(part("x"), file(b"\x78\x9f\x3e\x22\0", "application/ms-tnef", "winmail.dat"))

    read = read_mail(raw)

    assert [a.name for a in read.attachments] == ["winmail.dat"]
    assert read.problems == ("winmail.dat could not be opened",)


def test_a_file_pasted_as_uuencode_is_taken_out_of_the_text():
    read = read_mail(mail("Look:\nbegin 644 cat.txt\n#0V%T\n`\nend\nBye"))

    assert read.body_text == "Look:\nBye"
    assert [(a.name, a.content) for a in read.attachments] == [("cat.txt", b"Cat")]


def test_a_uuencoded_part_needs_no_begin():
    raw = multipart(
        part(
            "#0V%T\n",
            "text/plain; name=a.txt",
            Content_Transfer_Encoding="x-uuencode",
            Content_Disposition="attachment",
        )
    )

    assert [a.content for a in read_mail(raw).attachments] == [b"Cat"]


def test_a_text_with_a_name_is_a_file_unless_it_is_the_first():
    raw = multipart(
        part("Hello", "text/plain; name=body.txt"), part("log", "text/plain; name=l.txt")
    )

    read = read_mail(raw)

    assert read.body_text == "Hello"
    assert [a.name for a in read.attachments] == ["l.txt"]


def test_the_same_mail_without_message_id_has_the_same_id_on_each_way():
    first = read_mail(mail(Message_ID=None, Received="from a"))
    second = read_mail(mail(Message_ID=None, Received="from b; from c"))
    other = read_mail(mail("Other", Message_ID=None))

    assert first.dedup_id == second.dedup_id
    assert first.dedup_id != other.dedup_id


def test_a_mail_signed_with_pgp_keeps_its_signature_as_a_file():
    signature = part("-----BEGIN PGP", "application/pgp-signature; name=signature.asc")

    read = read_mail(multipart(part("Signed"), signature, kind="signed"))

    assert (read.body_text, [a.name for a in read.attachments]) == ("Signed", ["signature.asc"])


def test_parts_below_parts_are_read_in_order():
    inner = nested(part("two"), part("<p>2</p>", "text/html"), kind="alternative", boundary="in")

    read = read_mail(multipart(part("one"), inner, part("three")))

    assert read.body_text == "one\n\ntwo\n\nthree"
