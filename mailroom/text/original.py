"""A mail as its sender laid it out: cleaned HTML with its own images, nothing from elsewhere."""

import base64
import re
from collections.abc import Sequence
from html import escape, unescape
from urllib.parse import unquote

from mailroom.text.attachments import Attachment

MAX_IMAGES = 15_000_000  # bytes of all images together, as they are carried in the page
# By their first bytes: what a mail calls its parts is the sender's word.
_IMAGES = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
}
_CID = re.compile(r'(<img\b[^>]*?\bsrc=)"cid:([^"]*)"', re.IGNORECASE)
_NO_IMAGE = "data:,"


def page_of(body_html: str, attachments: Sequence[Attachment], *, title: str) -> str:
    """A whole page, for a frame of its own; `body_html` is cleaned (`html.clean_html`).

    Images that the mail carries are put into it, as far as they are images; every other is left
    out. Links open beside it.
    """
    images = _images(attachments)
    body = _CID.sub(lambda found: f'{found[1]}"{images.get(_key(found[2]), _NO_IMAGE)}"', body_html)
    return (
        "<!doctype html><html><head><meta charset='utf-8'><base target='_blank'>"
        f"<title>{escape(title)}</title></head><body>{body}</body></html>"
    )


def _images(attachments: Sequence[Attachment]) -> dict[str, str]:
    """The images by their Content-ID, as addresses that carry them."""
    found: dict[str, str] = {}
    left = MAX_IMAGES
    for one in attachments:
        kind = _kind(one.content)
        if one.content_id and kind and one.size <= left:
            left -= one.size
            coded = base64.b64encode(one.content).decode()
            found[_key(one.content_id)] = f"data:{kind};base64,{coded}"
    return found


def _key(content_id: str) -> str:
    return unquote(unescape(content_id)).strip().lower()


def _kind(content: bytes) -> str:
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for start, kind in _IMAGES.items() if content.startswith(start)), "")
