"""By what an answer finds back: our Message-IDs, signed addresses, the tag of a subject. Pure."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass

NUMBER = r"(?:AX|ENG)-\d{4}-\d{6,9}"  # of an incident, or of an engagement
_SIGNATURE_LENGTH = 16
_TEAM = {"t": "team", "n": "note"}  # the letter of an address for the team: what is signed


def new_message_id(number: str, *, token: str, domain: str) -> str:
    """The Message-ID of a mail about incident `number`; `token` must not be guessable."""
    return f"<axs.{number}.{token}@{domain}>"


def subject_tag(number: str) -> str:
    """What the subject of each mail about incident `number` carries."""
    return f"[{number}]"


def reply_address(number: str, *, secret: str, domain: str, local_part: str = "support") -> str:
    """The signed address that answers about incident `number` come to, in lower case."""
    return f"{local_part}+{number}.{_sign(number, secret)}@{domain}".lower()


def verify_address(address: str, *, secret: str, domain: str, local_part: str) -> str | None:
    """The incident number in a reply address of ours, or None if we did not sign it."""
    local, _, host = address.strip().lower().rpartition("@")
    prefix = f"{local_part.lower()}+"
    if host != domain.lower() or not local.startswith(prefix):
        return None
    number, _, signature = local[len(prefix) :].rpartition(".")
    if not re.fullmatch(NUMBER, number, re.IGNORECASE) or not signature.isascii():
        return None
    number = number.upper()
    return number if _is_same(signature, _sign(number, secret)) else None


@dataclass(frozen=True)
class TeamAddress:
    """For whom of the team, on which incident, an address is; what comes there is a note, or else
    an answer to the customer.
    """

    person: int
    number: str
    is_note: bool = False


@dataclass(frozen=True)
class AsideAddress:
    """For whom of the staff, in which side conversation, an address is."""

    person: int
    aside: int


@dataclass(frozen=True)
class ForumAddress:
    """For whose answers, to which topic of the forum, an address is (FO5)."""

    person: int
    topic: int


@dataclass(frozen=True)
class Ours:
    """The addresses with a token that are made here: what each is for, and signed."""

    secret: str
    domain: str
    local_part: str

    def for_engineer(self, person: int, number: str, *, is_note: bool = False) -> str:
        """Where one of the team answers about an incident by mail (M4), or writes a note on it."""
        letter = "n" if is_note else "t"
        signature = _sign(f"{_TEAM[letter]}:{person}:{number.upper()}", self.secret)
        return f"{self.local_part}+{letter}{person}.{number}.{signature}@{self.domain}".lower()

    def for_aside(self, person: int, aside: int) -> str:
        """Where one of the staff answers in a side conversation by mail (X4)."""
        signature = _sign(f"aside:{person}:{aside}", self.secret)
        return f"{self.local_part}+a{person}.{aside}.{signature}@{self.domain}".lower()

    def for_forum(self, person: int, topic: int) -> str:
        """Where this person answers a topic of the forum by mail (FO5)."""
        signature = _sign(f"forum:{person}:{topic}", self.secret)
        return f"{self.local_part}+f{person}.{topic}.{signature}@{self.domain}".lower()

    def for_bounces(self, notice: int, recipient: str) -> str:
        """The envelope sender of one mail to one recipient, to which a bounce of it comes."""
        return f"{self.local_part}+b{notice}.{self._of(notice, recipient)}@{self.domain}".lower()

    def engineer(self, address: str) -> TeamAddress | None:
        """Whose an address for one of the team is; None if we did not sign it."""
        found = self._token(address, rf"([tn])(\d{{1,18}})\.({NUMBER})\.(\w{{8,40}})")
        if found is None:
            return None
        letter, person, number = found[1].lower(), int(found[2]), found[3].upper()
        wanted = _sign(f"{_TEAM[letter]}:{person}:{number}", self.secret)
        if not _is_same(found[4], wanted):
            return None
        return TeamAddress(person, number, is_note=letter == "n")

    def aside(self, address: str) -> AsideAddress | None:
        """Whose, and for which side conversation, an address is; None if we did not sign it."""
        found = self._token(address, r"a(\d{1,18})\.(\d{1,18})\.(\w{8,40})")
        if found is None:
            return None
        person, aside = int(found[1]), int(found[2])
        wanted = _sign(f"aside:{person}:{aside}", self.secret)
        return AsideAddress(person, aside) if _is_same(found[3], wanted) else None

    def forum(self, address: str) -> ForumAddress | None:
        """Whose, and for which topic, an address is; None if we did not sign it."""
        found = self._token(address, r"f(\d{1,18})\.(\d{1,18})\.(\w{8,40})")
        if found is None:
            return None
        person, topic = int(found[1]), int(found[2])
        wanted = _sign(f"forum:{person}:{topic}", self.secret)
        return ForumAddress(person, topic) if _is_same(found[3], wanted) else None

    def notice(self, address: str) -> int | None:
        """Which notice an envelope sender of ours names; `is_bounce_of` proves it."""
        found = self._token(address, r"b(\d{1,18})\.(\w{8,40})")
        return int(found[1]) if found else None

    def is_bounce_of(self, address: str, notice: int, recipient: str) -> bool:
        """Whether `address` is the envelope sender of this notice to this recipient."""
        found = self._token(address, r"b(\d{1,18})\.(\w{8,40})")
        return bool(
            found and int(found[1]) == notice and _is_same(found[2], self._of(notice, recipient))
        )

    def _of(self, notice: int, recipient: str) -> str:
        return _sign(f"bounce:{notice}:{recipient.lower()}", self.secret)

    def _token(self, address: str, form: str) -> re.Match[str] | None:
        local, _, host = address.strip().lower().rpartition("@")
        prefix = f"{self.local_part.lower()}+"
        if host != self.domain.lower() or not local.startswith(prefix) or not local.isascii():
            return None
        return re.fullmatch(form, local[len(prefix) :], re.IGNORECASE)


def _is_same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.lower().encode(), other.encode())


def _sign(what: str, secret: str) -> str:
    """Of an incident's number, or of a text with its purpose before a colon."""
    # Base 32: mail programs change the case of local parts.
    text = what if ":" in what else f"reply:{what.upper()}"
    mac = hmac.new(secret.encode(), text.encode(), hashlib.sha256)
    return base64.b32encode(mac.digest()).decode()[:_SIGNATURE_LENGTH].lower()
