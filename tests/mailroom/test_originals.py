"""A mail as it was sent: its own images, nothing from elsewhere, and only for who may read it."""

from __future__ import annotations

import base64

import pytest
from django.test import Client
from django.urls import reverse

from core.models import JournalEntry
from mailroom.text.attachments import Attachment
from mailroom.text.original import MAX_IMAGES
from mailroom.text.original import page_of as page_of_mail
from mailroom.text.reading import read_mail
from tests.factories import make_contact, make_engineer, make_message
from tests.mailroom.arriving import arrived
from tests.mailroom.making import file, mail, multipart, nested, part
from tests.tickets.staff_pages import page_of
from tickets.models import Incident, Message

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 16
HTML = (
    '<p style="color: red">See</p><img src="cid:shot@x"><img src="https://spy.example/1.png">'
    '<script>alert(1)</script><a href="https://axigen.example/">more</a>'
)


def picture(content: bytes = PNG, **headers: str) -> bytes:
    return file(
        content,
        "image/png",
        "a.png",
        Content_ID="<shot@x>",
        Content_Disposition="inline",
        **headers,
    )


def with_picture(html: str = HTML):
    return multipart(part(html, "text/html; charset=utf-8"), picture(), kind="related")


def original_of(message: Message) -> str:
    return reverse("mailroom:original", args=[message.pk])


@pytest.mark.django_db
def test_the_page_leads_to_the_mail_in_a_frame_that_nothing_can_leave(ana, client: Client):
    arrived(with_picture())
    message = Message.objects.get()
    client.force_login(ana)

    body = client.get(reverse("tickets:detail", args=[message.incident.number])).text
    shown = client.get(original_of(message))

    assert f'src="{original_of(message)}"' in body
    assert 'sandbox="allow-popups' in body
    assert f"data:image/png;base64,{base64.b64encode(PNG).decode()}" in shown.text
    assert "spy.example" not in shown.text
    assert "script" not in shown.text
    assert "default-src 'none'" in shown["Content-Security-Policy"]
    assert "sandbox" in shown["Content-Security-Policy"]
    assert shown["X-Frame-Options"] == "SAMEORIGIN"


@pytest.mark.django_db
def test_engineers_see_it_too_and_strangers_find_nothing(ana, client: Client):
    arrived(with_picture())
    message = Message.objects.get()
    client.force_login(make_engineer())

    assert original_of(message) in client.get(page_of(message.incident)).text
    assert client.get(original_of(message)).status_code == 200
    client.force_login(make_contact())
    assert client.get(original_of(message)).status_code == 404


@pytest.mark.django_db
def test_what_has_no_layout_has_no_such_page(ana, client: Client):
    arrived(mail("Plain words."))
    written = make_message(Incident.objects.get())
    client.force_login(ana)

    for message in (Message.objects.order_by("pk")[0], written):
        assert message.original_url == ""
        assert client.get(original_of(message)).status_code == 404


def test_only_what_is_an_image_is_shown_as_one():
    html = '<img src="cid:a"><img src="cid:b"><img src="cid:gone">'
    svg = Attachment("a.svg", "image/png", b"<svg onload='x'/>", "a")
    jpeg = Attachment("b.bin", "application/octet-stream", b"\xff\xd8\xff00", "B")

    page = page_of_mail(html, [svg, jpeg], title="<b>")

    assert page.count("data:image/jpeg") == 1
    assert "svg" not in page
    assert "cid:" not in page
    assert "<title>&lt;b&gt;" in page


def test_images_above_the_limit_are_left_out():
    large = Attachment("a.png", "image/png", PNG + b"0" * MAX_IMAGES, "a")

    assert len(page_of_mail('<img src="cid:a">', [large], title="")) < 1000


@pytest.mark.django_db
@pytest.mark.parametrize(
    "raw",
    (
        multipart(
            part("Version: 1", "application/pgp-encrypted"),
            part("-----BEGIN PGP MESSAGE-----\n\nabc", "application/octet-stream; name=a.asc"),
            kind="encrypted",
        ),
        mail(
            base64.encodebytes(b"0" * 60),
            MIME_Version="1.0",
            Content_Type="application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m",
            Content_Transfer_Encoding="base64",
        ),
        mail("-----BEGIN PGP MESSAGE-----\r\n\r\nhQEMA\r\n-----END PGP MESSAGE-----\r\n"),
        multipart(
            nested(
                part("Version: 1", "application/pgp-encrypted"),
                part("abc", "application/octet-stream; name=a.asc"),
                kind="encrypted",
                boundary="inner",
            ),
            part("A list adds a footer."),
        ),
    ),
    ids=("OpenPGP", "S/MIME", "armour", "wrapped by a list"),
)
def test_an_encrypted_mail_is_kept_whole_and_marked(ana, raw: bytes):
    stored = arrived(raw)

    stored.refresh_from_db()
    message = Message.objects.get()
    assert bytes(stored.raw) == raw
    assert stored.became == message
    assert "The mail is encrypted, and kept as it came." in message.body


def test_a_mail_that_is_only_signed_is_read():
    signed = mail(
        base64.encodebytes(b"0" * 60),
        MIME_Version="1.0",
        Content_Type="application/pkcs7-mime; smime-type=signed-data",
        Content_Transfer_Encoding="base64",
    )

    assert not read_mail(signed).encrypted
    assert not read_mail(mail("-----BEGIN PGP SIGNED MESSAGE-----\n\nHello")).encrypted


@pytest.mark.django_db
def test_whoever_takes_the_mail_of_a_message_is_noted(ana, client: Client):
    arrived(mail("It stopped."))
    engineer = make_engineer()
    client.force_login(engineer)

    taken = client.get(reverse("mailroom:message_mail", args=[Message.objects.get().pk]))

    assert b"It stopped." in taken.content
    noted = JournalEntry.objects.get(kind="mail.read_raw")
    assert (noted.by, noted.subject.partition(":")[0]) == (engineer, "tickets.inboundmail")
