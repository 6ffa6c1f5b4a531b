"""Mails for tests, put together from lines so that they can be as wrong as real ones."""

import base64
import struct

OWN = ("support@desk.example",)
FILTER = "filter.desk.example"


def proven(raw: bytes, says: str = "dmarc=pass") -> bytes:
    """`raw` as a filter in front of the desk passed it on, which the fixture `filtered` trusts."""
    return f"Authentication-Results: {FILTER}; {says}\r\n".encode() + raw


def mail(body: str | bytes = "Hello", *, sender: str = "Ana <ana@northwind.example>", **headers):
    """A raw mail; header names are written with underscores, None leaves one out."""
    fields = {
        "From": sender,
        "To": "support@desk.example",
        "Subject": "Queue stops",
        "Date": "Tue, 6 May 2025 10:00:00 +0300",
        "Message-ID": "<1@northwind.example>",
    } | {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items() if value is not None)
    content = body if isinstance(body, bytes) else body.encode()
    return head.encode("utf-8", "surrogateescape") + b"\r\n" + content


def multipart(*parts: bytes, kind: str = "mixed", boundary: str = "=-=frontier", **headers):
    """A mail of `parts`, each made by `part`."""
    return mail(
        joined(*parts, boundary=boundary),
        MIME_Version="1.0",
        Content_Type=f'multipart/{kind}; boundary="{boundary}"',
        **headers,
    )


def joined(*parts: bytes, boundary: str) -> bytes:
    line = f"--{boundary}".encode()
    return b"".join(line + b"\r\n" + one + b"\r\n" for one in parts) + line + b"--\r\n"


def nested(*parts: bytes, kind: str, boundary: str) -> bytes:
    """A part made of parts."""
    head = f'Content-Type: multipart/{kind}; boundary="{boundary}"\r\n\r\n'.encode()
    return head + joined(*parts, boundary=boundary)


def part(content: str | bytes, kind: str = "text/plain; charset=utf-8", **headers) -> bytes:
    """One part, as it is."""
    fields = {"Content-Type": kind} | {n.replace("_", "-"): v for n, v in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return head.encode() + b"\r\n" + (content if isinstance(content, bytes) else content.encode())


def file(content: bytes, kind: str, name: str, **headers) -> bytes:
    """One part in base64 that is an attachment."""
    return part(
        base64.encodebytes(content),
        f'{kind}; name="{name}"',
        Content_Transfer_Encoding="base64",
        **({"Content_Disposition": f'attachment; filename="{name}"'} | headers),
    )


def delivery_report(
    *recipients: tuple[str, str, str],
    returned_id: str = "<r@desk.example>",
    to: str = "support@desk.example",
):
    """A bounce as RFC 3464 has it, of (address, action, status), which comes to `to`."""
    status = "Reporting-MTA: dns; mx.northwind.example\r\n\r\n" + "\r\n".join(
        f"Final-Recipient: rfc822; {address}\r\nAction: {action}\r\nStatus: {code}\r\n"
        for address, action, code in recipients
    )
    return multipart(
        part("Your message could not be delivered to all its recipients."),
        part(status, "message/delivery-status"),
        part(f"Message-ID: {returned_id}\r\nSubject: Answer\r\n", "text/rfc822-headers"),
        kind="report; report-type=delivery-status",
        sender="Mail Delivery System <MAILER-DAEMON@mx.northwind.example>",
        Return_Path="<>",
        To=to,
        Subject="Undelivered Mail Returned to Sender",
    )


def tnef(name: str, content: bytes, text: str) -> bytes:
    """A winmail.dat with one attachment, the way Outlook writes it."""
    long_name = name.encode("utf-16-le") + b"\0\0"
    properties = struct.pack("<I", 1) + struct.pack("<HHII", 0x001F, 0x3707, 1, len(long_name))
    properties += long_name + b"\0" * (-len(long_name) % 4)
    attributes = [
        (1, 0x0002800C, text.encode("cp1252") + b"\0"),
        (2, 0x00069002, b"\1\0" + b"\xff" * 12),
        (2, 0x00018010, b"SHORT~1.TXT\0"),
        (2, 0x0006800F, content),
        (2, 0x00069005, properties),
    ]
    out = struct.pack("<IH", 0x223E9F78, 1)
    for level, tag, value in attributes:
        out += struct.pack("<BII", level, tag, len(value)) + value
        out += struct.pack("<H", sum(value) & 0xFFFF)
    return out
