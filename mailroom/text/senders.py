"""Who wrote a mail, and what filters think of it: by its headers."""

from __future__ import annotations

import re
from collections.abc import Collection

from mailroom.text.automatic import LIST_MARKS, is_our_address
from mailroom.text.headers import Mailbox, mailboxes
from mailroom.text.parts import Headers
from mailroom.text.text import clean

_ORIGINAL = ("x-original-from", "x-google-original-from", "x-original-sender", "reply-to")
_MUNGED = re.compile(r"\s(?:via|přes|über|par|por|tramite|prin|через|от имени)\s", re.IGNORECASE)
_IN_LOCAL_PART = re.compile(r"([\w.+-]{1,64})=([\w-]{1,100}(?:\.[\w-]{1,60}){1,6})@")


def senders_of(headers: Headers) -> tuple[Mailbox, ...]:
    """Whom the mail names as its writers: one, or something is wrong with it; never none."""
    for name in ("from", "sender"):
        boxes = mailboxes(headers.all(name))
        if boxes:
            return boxes
    return (Mailbox("", clean(headers.first("from")).strip("<> ")[:300]),)


def writer_behind(headers: Headers, sender: Mailbox, own: Collection[str]) -> Mailbox:
    """Who wrote what a list, or a web form of ours, sends with an address of its own.

    Lists write their own address into From where the writer's domain allows nobody else to send
    for it (DMARC); the writer stands in another header, or in the address itself.
    """
    is_ours = is_our_address(sender.address, own)
    is_munged = bool(_MUNGED.search(f" {sender.name} ")) and any(map(headers.has, LIST_MARKS))
    if not is_ours and not is_munged:
        return sender
    listed = {box.address for box in mailboxes(headers.all("list-post"))} | {sender.address}
    list_id = headers.first("list-id").rpartition("<")[2].strip("<> ").lower()
    written_by = _MUNGED.split(sender.name)[0].strip(" '\"").casefold()
    for name in (*_ORIGINAL, *(("cc",) if is_munged else ())):
        for box in mailboxes(headers.all(name)):
            is_list = box.address in listed or box.address.replace("@", ".") == list_id
            # Among those in copy only whoever is called as the list says: Mailman adds the writer.
            is_named = name != "cc" or box.name.casefold() == written_by
            if not is_list and is_named and not is_our_address(box.address, own):
                return box
    inside = _IN_LOCAL_PART.match(sender.address)
    return Mailbox(f"{inside[1]}@{inside[2]}", sender.name) if inside else sender


def is_spam(headers: Headers) -> bool:
    """Whether a filter on the mail's way says that it is spam, in the words of the usual ones."""
    return any(said.search(value) for name, said in _SPAM.items() for value in headers.all(name))


_YES = re.compile(r"^\W*(?:yes|true|spam)\b", re.IGNORECASE)
_SPAM = {
    "x-spam-flag": _YES,
    "x-spam": _YES,
    "x-spam-status": _YES,
    "x-barracuda-spam-flag": _YES,
    "x-barracuda-spam-status": _YES,
    "x-bogosity": _YES,
    "x-dspam-result": _YES,
    "x-crm114-status": _YES,
    "x-mailscanner-spamcheck": _YES,
    "x-spam-filter": _YES,
    "x-rspamd-action": re.compile(r"^\W*(?:reject|add header|rewrite subject)", re.IGNORECASE),
    "x-proofpoint-spam-details": re.compile(r"\brule=\w*spam", re.IGNORECASE),
    "x-axigenspam-level": re.compile(r"^\W*(?:[6-9]|10)\b"),
    "x-ms-exchange-organization-scl": re.compile(r"^\W*[5-9]\b"),
    "x-forefront-antispam-report": re.compile(r"\bSFV:SPM\b|\bSCL:[5-9]\b", re.IGNORECASE),
}
