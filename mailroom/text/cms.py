"""Opaque S/MIME (RFC 8551, 3.4): the mail inside a signature, and whose certificate it names.

Reads just enough of CMS (RFC 5652): BER with definite and indefinite lengths, octet strings in
pieces. Nothing is verified here: that would need the sender's certificate to be trusted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cryptography import x509
from cryptography.x509.oid import NameOID

SIGNED_DATA = bytes.fromhex("2a864886f70d010702")  # 1.2.840.113549.1.7.2
MAX_DEPTH = 40
MAX_NODES = 20_000

_SEQUENCE, _SET, _OCTETS, _OID, _CONTEXT_0 = 0x30, 0x31, 0x04, 0x06, 0xA0
_CONSTRUCTED = 0x20


class NotCms(ValueError):
    """These bytes are no signed message."""


@dataclass(frozen=True)
class Signed:
    """`content` is a MIME part; `signer` the name and address in its certificate, or empty."""

    content: bytes
    signer: str


@dataclass(frozen=True)
class _Node:
    tag: int
    body: bytes
    whole: bytes


def open_signed(data: bytes) -> Signed | None:
    """What a smime.p7m that is only signed holds; None for one that is encrypted, or is none."""
    try:
        kind, wrapped = _two(_one(data))
        if kind.tag != _OID or kind.body != SIGNED_DATA:
            return None
        parts = list(_nodes(_one(wrapped.body).body))
        inner = next(one for one in parts if one.tag == _SEQUENCE)
        content = _octets(_one(_two(inner)[1].body))
        certificates = next((one for one in parts if one.tag == _CONTEXT_0), None)
        return Signed(content, _signer(certificates))
    except (NotCms, StopIteration, RecursionError):
        return None


def _signer(certificates: _Node | None) -> str:
    """Of the certificate that is no authority's, which signers put first."""
    names = []
    for one in _nodes(certificates.body) if certificates else ():
        try:
            names.append(_names(x509.load_der_x509_certificate(one.whole)))
        except (ValueError, TypeError):
            continue
    return next(
        (name for name, is_authority in names if not is_authority), names[0][0] if names else ""
    )


def _names(certificate: x509.Certificate) -> tuple[str, bool]:
    subject = certificate.subject
    common = [str(one.value) for one in subject.get_attributes_for_oid(NameOID.COMMON_NAME)]
    mails = [str(one.value) for one in subject.get_attributes_for_oid(NameOID.EMAIL_ADDRESS)]
    is_authority = False
    for extension in certificate.extensions:
        if isinstance(extension.value, x509.SubjectAlternativeName):
            mails += extension.value.get_values_for_type(x509.RFC822Name)
        if isinstance(extension.value, x509.BasicConstraints):
            # One who signs for himself is his own authority.
            is_authority = extension.value.ca and certificate.issuer != subject
    name, mail = "".join(common[:1]), "".join(mails[:1])
    return (f"{name} <{mail}>" if name and mail and name != mail else name or mail)[
        :200
    ], is_authority


def _one(data: bytes) -> _Node:
    return next(_nodes(data))


def _two(node: _Node) -> tuple[_Node, _Node]:
    inside = _nodes(node.body)
    return next(inside), next(inside)


def _octets(node: _Node, depth: int = 0) -> bytes:
    """An octet string, which may come in pieces."""
    if depth > MAX_DEPTH:
        raise NotCms
    if not node.tag & _CONSTRUCTED:
        return node.body
    return b"".join(_octets(one, depth + 1) for one in _nodes(node.body))


def _nodes(data: bytes) -> Iterator[_Node]:
    """The elements that stand one after the other in `data`. Errors: `NotCms`."""
    at, count = 0, 0
    while at < len(data):
        tag, start, end, stop = _header(data, at, 0)
        if tag == 0:
            return
        yield _Node(tag, data[start:end], data[at:stop])
        at, count = stop, count + 1
        if count > MAX_NODES:
            raise NotCms


def _header(data: bytes, at: int, depth: int) -> tuple[int, int, int, int]:
    """(tag, begin of the content, its end, begin of the next element)."""
    if at + 2 > len(data) or depth > MAX_DEPTH or data[at] & 0x1F == 0x1F:
        raise NotCms
    tag, length, start = data[at], data[at + 1], at + 2
    if length == 0x80:
        end = start
        for _ in range(MAX_NODES):
            if data[end : end + 2] == b"\0\0":
                return tag, start, end, end + 2
            end = _header(data, end, depth + 1)[3]
        raise NotCms
    if length > 0x80:
        size = length & 0x7F
        if size > 4:
            raise NotCms
        length = int.from_bytes(data[start : start + size], "big")
        start += size
    if start + length > len(data):
        raise NotCms
    return tag, start, start + length, start + length
