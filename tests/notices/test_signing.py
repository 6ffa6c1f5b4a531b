"""DKIM signatures, over a real SMTP conversation, checked by dkimpy against a key of ours."""

import dkim
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from axsupport.settings import _dkim_key
from notices.sending.delivery import send_one
from tests.factories import make_contact, make_notice

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def key():
    """A fresh RSA key, and the record that its DNS would give."""
    made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = (
        made.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    )
    body = "".join(line for line in public.splitlines() if "-----" not in line)
    return private.decode(), f"v=DKIM1; k=rsa; p={body}".encode()


def sent(mail_server, **fields):
    contact = make_contact(name="Ștefan Țăran")
    context = {"number": "AX-1", "subject": "Căsuța e goală", "body": "Zeile\n.\nîncă una"}
    notice = make_notice(to=contact, template="incident_answered", context=context, **fields)
    assert send_one(notice.pk, at=notice.next_at)
    return mail_server.raw[-1]


def test_a_signed_mail_verifies_and_a_changed_one_does_not(mail_server, settings, key):
    settings.DKIM_PRIVATE_KEY, record = key
    asked = []

    def dns(name, timeout=5):
        asked.append(name.decode())
        return record

    raw = sent(mail_server)

    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip(">")
    assert dkim.verify(raw, dnsfunc=dns)
    assert asked == [f"axsupport._domainkey.{domain}."]
    assert not dkim.verify(raw.replace(b"AX-1", b"AX-2"), dnsfunc=dns)


def test_without_a_key_nothing_is_signed(mail_server):
    assert b"DKIM-Signature" not in sent(mail_server)


def test_a_wrong_key_is_said_at_the_start(tmp_path, capsys):
    (tmp_path / "key.pem").write_text("no key at all")

    for name in ("key.pem", "nowhere.pem"):
        with pytest.raises(SystemExit):
            _dkim_key(str(tmp_path / name))

    said = capsys.readouterr().err
    assert "openssl genrsa" in said
    assert "can not be read" in said
    assert _dkim_key("") == ""
