"""Who a mail is from (M1): what trusted filters say, and our own look at signatures."""

import base64
import os
import socketserver
import subprocess
import sys
import threading
from collections.abc import Iterator

import dkim
import dns.flags
import dns.message
import dns.rrset
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from dkim.crypto import parse_pem_private_key

from axsupport.settings import _authserv_ids
from mailroom.actions.proof import text_record, verdict_of
from mailroom.text.authentication import (
    Proof,
    are_aligned,
    is_authserv_id,
    judge,
    read_results,
)
from mailroom.text.reading import read_mail
from tests.mailroom.making import FILTER, mail, proven

ANAS = "northwind.example"
HERE = frozenset({FILTER})


def judged(*values: str, domain: str = ANAS) -> str:
    """The verdict of these headers; "received" is a hop."""
    trace = [
        ("received", "") if one == "received" else ("authentication-results", one) for one in values
    ]
    verdict = judge(trace, trusted=HERE, domain=domain)
    return verdict.proof.value if verdict else "nothing"


@pytest.mark.parametrize(
    ("value", "verdict"),
    (
        (f"{FILTER}; dmarc=pass header.from={ANAS}", "proven"),
        (f"{FILTER}; dmarc=pass (p=none dis=none) header.from={ANAS}", "proven"),
        (f"{FILTER.upper()} 1; dmarc=PASS", "proven"),
        (f"{FILTER}; dkim=pass header.d={ANAS} header.s=a; spf=fail smtp.mailfrom=x.y", "proven"),
        (f"{FILTER}; dkim=pass header.i=@mail.{ANAS}", "proven"),
        (f"{FILTER}; spf=pass smtp.mailfrom=bounce@{ANAS}", "proven"),
        (f'{FILTER}; dkim=pass reason="good; d=x" header.d={ANAS}', "proven"),
        (f"{FILTER} (says (who)); dmarc=fail (p=reject) header.from={ANAS}", "refuted"),
        (f"{FILTER}; dkim=pass header.d={ANAS}; dmarc=fail header.from={ANAS}", "refuted"),
        (f"{FILTER}; dmarc=pass header.from=evil.example", "nothing"),
        (f"{FILTER}; dkim=pass header.d=evil.example", "nothing"),
        (f"{FILTER}; dkim=pass header.d=not{ANAS}", "nothing"),
        (f"{FILTER}; dkim=fail header.d={ANAS}; spf=softfail smtp.mailfrom={ANAS}", "nothing"),
        (f"{FILTER}; spf=pass smtp.helo={ANAS}", "nothing"),
        (f"{FILTER}; none", "nothing"),
        (f"evil.example; dmarc=pass header.from={ANAS}", "nothing"),
        (f"evil.example ({FILTER}); dmarc=pass", "nothing"),
        (f"x{FILTER}; dmarc=pass", "nothing"),
        (f"{FILTER}; dmarc=pass header.from", "nothing"),
        (f"{FILTER} dmarc=pass", "nothing"),
        ("", "nothing"),
        (f'{FILTER}; dmarc="pass', "nothing"),
        (f"{FILTER}; dmarc=temperror header.from={ANAS}", "nothing"),
    ),
)
def test_only_what_a_trusted_filter_says_in_the_grammar_counts(value, verdict):
    assert judged(value) == verdict


def test_what_stands_below_the_filters_hop_is_the_senders_own():
    forged = f"{FILTER}; dmarc=pass header.from={ANAS}"

    assert judged("received", f"{FILTER}; spf=none", "received", forged) == "nothing"
    assert judged(f"{FILTER}; dmarc=fail header.from={ANAS}", forged) == "refuted"
    assert judged("received", f"{FILTER}; spf=none", f"{FILTER}; dmarc=pass") == "proven"
    assert judged("other.example; dmarc=pass", "received", f"{FILTER}; dmarc=pass") == "proven"


def test_domains_are_of_one_owner_only_below_a_name_of_their_own():
    assert are_aligned("a.example", "A.example.")
    assert are_aligned("mail.a.example", "a.example")
    for one, other in (("a.co.uk", "co.uk"), ("example", "a.example"), ("", "a.example")):
        assert not are_aligned(one, other)


@pytest.mark.parametrize("name", ("mx.example.com", "mx1", "a-b.example"))
def test_names_of_filters(name):
    assert is_authserv_id(name)


@pytest.mark.parametrize("name", ("", "mx example", "-mx", "mx..example", "a;b", "ü.example"))
def test_what_is_no_name_of_a_filter(name):
    assert not is_authserv_id(name)


@pytest.mark.parametrize("name", ("mx example", "https://mx.example", "a;b", "@mx.example"))
def test_a_setting_that_names_no_filter_ends_the_start_with_a_sentence(name, capsys):
    with pytest.raises(SystemExit):
        _authserv_ids(["mx.example.com", name])

    said = capsys.readouterr().err
    assert repr(name) in said
    assert "such as mx.example.com" in said


def test_nothing_that_is_written_there_breaks_the_reader():
    for value in ("(" * 5000, '"' * 5000, ";" * 5000, "a;b=c d=e f=g", "a; b=c (", "\\", "= = ="):
        read_results(value)


class Names(socketserver.BaseRequestHandler):
    """A name server that knows the TXT records it was given."""

    records: dict[str, str] = {}

    def handle(self) -> None:
        data, line = self.request
        question = dns.message.from_wire(data)
        reply = dns.message.make_response(question)
        reply.flags |= dns.flags.RA
        name = question.question[0].name
        text = self.records.get(str(name).rstrip("."))
        if text:
            pieces = " ".join(f'"{text[at : at + 200]}"' for at in range(0, len(text), 200))
            reply.answer.append(dns.rrset.from_text(name, 60, "IN", "TXT", pieces))
        line.sendto(reply.to_wire(), self.client_address)


@pytest.fixture
def names(settings) -> Iterator[dict[str, str]]:
    """A real name server on loopback, asked for keys; its records."""
    with socketserver.UDPServer(("127.0.0.1", 0), Names) as server:
        Names.records = {}
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.MAIL_DNS_SERVER = f"127.0.0.1:{server.server_address[1]}"
        yield Names.records
        server.shutdown()


def key_of(bits: int) -> tuple[bytes, str]:
    """A private key, and its record in the DNS."""
    key = rsa.generate_private_key(65537, bits)
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return private, f"v=DKIM1; k=rsa; p={base64.b64encode(public).decode()}"


KEY, RECORD = key_of(1024)


def signed(raw: bytes, *, domain: str = ANAS, key: bytes = KEY, **options) -> bytes:
    header = dkim.sign(
        raw, b"s1", domain.encode(), key, canonicalize=(b"relaxed", b"relaxed"), **options
    )
    return bytes(header) + raw


def seen(raw: bytes) -> tuple[Proof, str]:
    verdict = verdict_of(raw, read_mail(raw, own_addresses=("support@desk.example",)))
    return verdict.proof, verdict.why


def test_a_whole_signature_of_the_senders_domain_proves_it(names):
    names[f"s1._domainkey.{ANAS}"] = RECORD
    names[f"s1._domainkey.mail.{ANAS}"] = RECORD

    assert seen(signed(mail("Help")))[0] == Proof.PROVEN
    assert seen(signed(mail("Help"), domain=f"mail.{ANAS}"))[0] == Proof.PROVEN
    as_the_pipe_has_it = signed(mail("Help")).replace(b"\r\n", b"\n")
    assert seen(as_the_pipe_has_it)[0] == Proof.PROVEN
    assert seen(b"Return-Path: <a@b>\r\n" + signed(mail("Help")))[0] == Proof.PROVEN


def test_what_does_not_hold_leaves_it_unproven(names, settings):
    names[f"s1._domainkey.{ANAS}"] = RECORD
    names["s1._domainkey.evil.example"] = RECORD
    whole = signed(mail("Help"))

    for raw in (
        mail("Help"),
        whole.replace(b"Help", b"Help me"),
        whole + b"more",
        signed(mail("Help"), length=True) + b"more",
        signed(mail("Help"), domain="evil.example"),
        signed(mail("Help"), domain="unknown.example"),
        whole.replace(b"b=", b"b=BBBB", 1),
        b"DKIM-Signature: nonsense\r\n" + mail("Help"),
        b"DKIM-Signature: v=1; a=rsa-sha256; d=" + ANAS.encode() + b"; s=s1\r\n" + mail("Help"),
    ):
        assert seen(raw)[0] == Proof.UNPROVEN
    settings.MAIL_CHECK_DKIM = False
    assert seen(whole)[0] == Proof.UNPROVEN


# Made by `openssl genrsa -traditional 512`: our own library makes none that small any more.
KEY_OF_512 = (
    "MIIBOQIBAAJBAKUS/uM85PyZNfuExCEdzytGyGT1SHKlQODHsu2wc91QWL97TM7CduV2KI3J+PEY5nvw7g35ELsg"
    "RarQPXx7mPcCAwEAAQJAB1b64lu4ysp9LfvPRLGwnnn9Ow/08rQKWHRIrmzkGfkAS56+9u0c1oG2MNMKwz9pGqZ2"
    "xCZYnpBg8MN9mPxZ4QIhANfsvHXRJ1xRL89/nh7JB+mE+wWoHxfK6NskfsY47JD/AiEAw7YwpPGmuJHxPwEPmaXa"
    "1y7fSxbc5E0TcL/pPfFVgAkCIEmmVDoTl0tj3dz2+KYjh/FdDIpHaCOjcH2fGybdr8NdAiALqVJysZdujfui9mw4"
    "ioJkqf1SGxWkYNdUs4qxTyz6CQIgc6ZhG8uo3reAnXih8/ZdpP9Hgjm4yE+tQYq+FRVAgaM="
)


def weak_key() -> tuple[bytes, str]:
    """A whole pair of 512 bits: as PEM, and its record in the DNS."""
    pem = f"-----BEGIN RSA PRIVATE KEY-----\n{KEY_OF_512}\n-----END RSA PRIVATE KEY-----\n".encode()
    key = parse_pem_private_key(pem)
    numbers = rsa.RSAPublicNumbers(key["publicExponent"], key["modulus"])
    modulus = numbers.n.to_bytes(65, "big")  # with the zero that keeps it positive
    exponent = numbers.e.to_bytes(3, "big")
    inner = _der(0x30, _der(2, modulus) + _der(2, exponent))
    algorithm = bytes.fromhex("300d06092a864886f70d0101010500")
    public = _der(0x30, algorithm + _der(3, b"\0" + inner))
    return pem, f"v=DKIM1; k=rsa; p={base64.b64encode(public).decode()}"


def _der(tag: int, content: bytes) -> bytes:
    return bytes([tag, len(content)]) + content


def test_a_whole_signature_by_a_key_of_512_bits_proves_nothing_and_says_so(names):
    key, names[f"s1._domainkey.{ANAS}"] = weak_key()
    raw = signed(mail("Help"), key=key)
    # It is whole: only its key is too small.
    assert dkim.DKIM(raw, minkey=512).verify(dnsfunc=text_record)

    assert seen(raw) == (
        Proof.UNPROVEN,
        f"Its signature by {ANAS} is by a key of 512 bits, which anybody can break: 1024 are the"
        " least.",
    )


def test_the_desk_signs_with_no_key_of_512_bits(tmp_path):
    file = tmp_path / "small.pem"
    file.write_bytes(weak_key()[0])
    done = subprocess.run(
        [sys.executable, "-c", "import axsupport.settings"],
        env=os.environ | {"DKIM_PRIVATE_KEY_FILE": str(file)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, "512 bits" in done.stderr) == (os.EX_TEMPFAIL, True)
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_name_server_that_is_not_there_leaves_it_unproven(settings):
    settings.MAIL_DNS_SERVER = "127.0.0.1:1"

    assert seen(signed(mail("Help")))[0] == Proof.UNPROVEN


def test_what_a_list_of_ours_sends_proves_our_address_not_theirs(filtered):
    raw = mail(sender="Form <support@desk.example>", Reply_To="ana@northwind.example")

    assert seen(proven(raw))[0] == Proof.UNPROVEN
    assert seen(proven(mail()))[0] == Proof.PROVEN
