"""What is in a mail besides plain text: signatures, calendars, reactions, odd beginnings."""

import base64
import datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import NameOID

from mailroom.text.automatic import Sign
from mailroom.text.calendars import read_calendar
from mailroom.text.cms import open_signed
from mailroom.text.envelope import with_envelope
from mailroom.text.reading import read_mail
from mailroom.text.text import decode
from tests.mailroom.making import OWN, mail, multipart, part

WORDS = b"Content-Type: text/plain; charset=utf-8\r\n\r\nThe relay refuses TLS.\r\n"


def signed(content: bytes = WORDS, *, detached: bool = False) -> bytes:
    """`content` signed by Priya Nair, as Outlook does it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Priya Nair")])
    begin = datetime.datetime(2025, 1, 1, tzinfo=datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(begin)
        .not_valid_after(begin + datetime.timedelta(days=900))
        .sign(key, hashes.SHA256())
    )
    options = [pkcs7.PKCS7Options.DetachedSignature] if detached else [pkcs7.PKCS7Options.Binary]
    builder = pkcs7.PKCS7SignatureBuilder().set_data(content)
    builder = builder.add_signer(certificate, key, hashes.SHA256())
    return builder.sign(serialization.Encoding.DER, options)


@pytest.mark.parametrize(
    "kind",
    (
        'application/pkcs7-mime; smime-type=signed-data; name="smime.p7m"',
        'application/x-pkcs7-mime; name="smime.p7m"',
        'application/octet-stream; name="smime.p7m"',
    ),
)
def test_an_opaque_signature_shows_its_text_and_whose_it_is(kind):
    read = read_mail(
        mail(
            base64.encodebytes(signed()),
            Content_Type=kind,
            Content_Transfer_Encoding="base64",
        )
    )

    assert (read.body_text, read.signer) == ("The relay refuses TLS.", "Priya Nair")
    assert not read.encrypted
    assert read.attachments == ()


def test_what_is_no_signature_opens_nothing():
    whole = signed()

    assert open_signed(whole) is not None
    for broken in (b"", b"\x30", whole[:100], b"\x30\x80" * 500, b"\xff" * 900, whole[40:]):
        assert open_signed(broken) is None


def test_an_invitation_alone_is_readable():
    calendar = (
        "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nSUMMARY:Call about\r\n"
        "  the outage\r\n"
        "DTSTART;TZID=Europe/Bucharest:20250506T090000\r\nDTEND:20250506T070000Z\r\n"
        "LOCATION:Bridge 7\\, floor 2\r\nORGANIZER;CN=Ana:mailto:ana@northwind.example\r\n"
        "BEGIN:VALARM\r\nDESCRIPTION:Reminder\r\nEND:VALARM\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    read = read_mail(mail(calendar, Content_Type="text/calendar; charset=utf-8"))

    assert "Call about the outage" in read.body_text
    assert "Tuesday 6 May 2025, 09:00 Europe/Bucharest" in read.body_text
    assert "Bridge 7, floor 2" in read.body_text
    assert "Reminder" not in read.body_text
    assert read.automatic is None


@pytest.mark.parametrize("answer", ("ACCEPTED", "DECLINED", "TENTATIVE"))
def test_an_answer_to_an_invitation_is_no_answer_of_a_person(answer):
    calendar = (
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:Restart\r\n"
        f"ATTENDEE;PARTSTAT={answer}:mailto:ana@northwind.example\r\nEND:VEVENT\r\nEND:VCALENDAR"
    )
    read = read_mail(
        multipart(part("\r\n"), part(calendar, "text/calendar; method=REPLY"), kind="alternative")
    )

    assert (read.automatic, read.sign) == ("auto_reply", Sign.CALENDAR)


def test_a_calendar_of_nonsense_says_nothing():
    assert read_calendar("BEGIN:VCALENDAR\nEND:VCALENDAR") is None
    assert read_calendar(":\n;;;:\nBEGIN:VEVENT\nDTSTART:99999999\nEND:VEVENT") is not None


def test_a_reaction_is_no_answer():
    as_json = '{"emoji":"👍","version":1}'
    read = read_mail(
        multipart(
            part("👍\r\n\r\nAna reacted via Gmail\r\n"),
            part(as_json, "text/vnd.google.email-reaction+json"),
            kind="alternative",
            In_Reply_To="<axs.1@desk.example>",
        )
    )

    assert (read.sign, len(read.attachments)) == (Sign.REACTION, 0)


@pytest.mark.parametrize(
    "above",
    (
        b"\r\n",
        b"\n\n",
        b">From ana Tue May 6\n",
        b"From ana Tue May 6\r\n",
        b"\xef\xbb\xbf",
        b" \n",
    ),
)
def test_what_stands_above_the_headers_is_skipped(above):
    for raw in (above + mail(), with_envelope(above + mail(), sender="a@x.example", recipients=[])):
        read = read_mail(raw)

        assert (read.from_address, read.body_text) == ("ana@northwind.example", "Hello")


def test_lines_of_a_server_above_a_blank_line_do_not_cut_the_headers_in_two():
    read = read_mail(b"Return-Path: <a@x.example>\r\nReceived: by mx\r\n\r\n" + mail())

    assert (read.from_address, read.subject) == ("ana@northwind.example", "Queue stops")


@pytest.mark.parametrize(
    ("name", "codec"),
    (("x-mac-roman", "mac_roman"), ("x-mac-ce", "mac_latin2"), ("macintosh", "mac_roman")),
)
def test_charsets_of_old_machines_are_known(name, codec):
    assert decode("Größe".encode(codec), name) == "Größe"


@pytest.mark.parametrize(
    ("headers", "sender"),
    (
        ({"X_Original_From": "Rohan <rohan@wingtip.example>"}, "rohan@wingtip.example"),
        ({"Reply_To": "Femke <femke@tailspin.example>"}, "femke@tailspin.example"),
        ({"Reply_To": "support@desk.example"}, "support@desk.example"),
        ({}, "support@desk.example"),
    ),
)
def test_what_comes_with_our_own_address_is_whose_it_names(headers, sender):
    read = read_mail(mail(sender="Form <support@desk.example>", **headers), own_addresses=OWN)

    assert (read.from_address, read.header_from) == (sender, "support@desk.example")


@pytest.mark.parametrize(
    ("headers", "why"),
    (
        ({"List_Id": "<support.desk.example>", "Precedence": "list"}, None),
        ({"List_Id": "<ops.northwind.example>", "Precedence": "list"}, "list"),
        ({"Mailing_list": "list support@desk.example; contact owner@desk.example"}, None),
        ({"List_Post": "<mailto:support@desk.example>", "List_Id": "x"}, None),
        ({"Precedence": "never\r\nPrecedence: bulk"}, "auto_reply"),
    ),
)
def test_the_marks_of_our_own_list_mean_nothing(headers, why):
    assert read_mail(mail(**headers), own_addresses=OWN).automatic == why
