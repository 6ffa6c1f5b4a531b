"""Mails that only their reader's key opens. They are kept whole, and marked."""

import re

from mailroom.text.parts import Part, content_type, parameter

_ARMOUR = re.compile(r"^-----BEGIN PGP MESSAGE-----\s*$", re.MULTILINE)
_SMIME = {"application/pkcs7-mime", "application/x-pkcs7-mime"}
_SIGNED_ONLY = {"signed-data", "certs-only"}


def is_encrypted(root: Part, text: str, *, was_opened: bool = False) -> bool:
    """Whether `root` is encrypted by S/MIME or OpenPGP (RFC 8551, RFC 3156), or says so in `text`.

    A mail that is only signed can be read, and is not; `was_opened` says that its text was found
    inside of the signature. A list may have wrapped it once.
    """
    parts = [root, *root.children]
    sealed = any(_is_encrypted_part(part) for part in parts) and not was_opened
    return sealed or bool(_ARMOUR.search(text))


def _is_encrypted_part(part: Part) -> bool:
    kind = content_type(part)
    if kind in _SMIME:
        return parameter(part, "smime-type").lower() not in _SIGNED_ONLY
    return kind == "multipart/encrypted"
