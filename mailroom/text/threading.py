"""Tokens by which an answer finds its incident (most trusted first)."""

import re
from dataclasses import dataclass

from mailroom.text.reading import ReadMail
from notices.rules.threads import (
    NUMBER,
    AsideAddress,
    ForumAddress,
    Ours,
    TeamAddress,
    verify_address,
)

_SUBJECT = re.compile(rf"\[({NUMBER})\]", re.IGNORECASE)
_BARE = re.compile(rf"(?<![\w-])({NUMBER})(?![\w-])", re.IGNORECASE)
_OWN_ID = re.compile(rf"<axs\.({NUMBER})\.[\w-]{{6,80}}@([^<>@\s]{{1,255}})>", re.IGNORECASE)


@dataclass(frozen=True)
class ThreadHints:
    """Where a mail may belong, most trusted first.

    `message_ids`: what it answers; proof if one of them is the id of a mail that we sent,
    which only the database knows. `claimed_numbers`: the numbers that ids of our form carry,
    of no weight by themselves. `verified_number`: from a reply address whose signature is ours:
    whoever wrote had a mail of that incident. `subject_number`: anybody may write it, with
    brackets or without, so it counts only for somebody who may write on the incident.
    `engineer`: (person, number) from the reply address of a notice to one of the team (M4).
    `aside`: (person, side conversation) from the reply address of one of its mails (X4).
    `forum`: (person, topic) from the reply address of a mail about the forum (FO5).
    `notice`: the id of ours that came back, from its signed envelope sender (VERP).
    """

    message_ids: tuple[str, ...]
    claimed_numbers: tuple[str, ...]
    verified_number: str | None
    subject_number: str | None
    engineer: TeamAddress | None = None
    aside: AsideAddress | None = None
    forum: ForumAddress | None = None
    notice: int | None = None


def number_in(subject: str) -> str:
    """The incident number that a subject carries, or nothing; anybody may write one."""
    found = _SUBJECT.search(subject)
    return found[1].upper() if found else ""


def thread_hints(read: ReadMail, *, secret: str, domain: str, local_part: str) -> ThreadHints:
    """What `read` says about where it belongs. Checks signatures, asks no database."""
    answered = (
        *read.in_reply_to,
        *reversed(read.references),
        *((read.returned_message_id,) if read.returned_message_id else ()),
    )
    ids = tuple(dict.fromkeys(answered))
    claimed = [m[1].upper() for i in ids if (m := _OWN_ID.fullmatch(i)) and _same(m[2], domain)]
    addressed = (*read.to, *read.cc, *read.delivered_to)
    ours = Ours(secret=secret, domain=domain, local_part=local_part)
    tokens = (
        verify_address(address, secret=secret, domain=domain, local_part=local_part)
        for address in addressed
    )
    subject = _SUBJECT.search(read.subject) or _BARE.search(read.subject)
    return ThreadHints(
        message_ids=ids,
        claimed_numbers=tuple(dict.fromkeys(claimed)),
        verified_number=next((number for number in tokens if number), None),
        subject_number=subject[1].upper() if subject else None,
        engineer=next((who for one in addressed if (who := ours.engineer(one))), None),
        aside=next((it for one in addressed if (it := ours.aside(one))), None),
        forum=next((to for one in addressed if (to := ours.forum(one))), None),
        notice=next((pk for one in addressed if (pk := ours.notice(one)) is not None), None),
    )


def _same(host: str, domain: str) -> bool:
    return host.lower() == domain.lower()
