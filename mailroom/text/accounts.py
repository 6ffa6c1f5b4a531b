"""The address of a mailbox: `imaps://user:password@host:993/INBOX?move_to=Stored`."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote, urlsplit

_PORTS = {"imaps": 993, "imap": 143, "imap+starttls": 143}


@dataclass(frozen=True)
class ImapAccount:
    """One folder to fetch from. Stored mails are moved to `move_to`, or only marked there."""

    scheme: str
    host: str
    port: int
    user: str
    password: str = field(repr=False)
    folder: str = "INBOX"
    move_to: str = ""

    @classmethod
    def read(cls, url: str) -> ImapAccount:
        """Special characters of user and password are written as `%40` for `@`.

        Errors: `ValueError` with a sentence that does not repeat the password.
        """
        try:
            parts = urlsplit(url)
            port = parts.port or _PORTS.get(parts.scheme, 0)
        except ValueError:
            parts, port = urlsplit(""), 0
        if parts.scheme not in _PORTS or not parts.hostname or not parts.username:
            raise ValueError(
                "IMAP_URL is no address of a mailbox: write"
                " imaps://user%40example.com:password@imap.example.com/INBOX?move_to=Stored"
                " (or imap+starttls:, or imap: without any protection)."
            )
        options = parse_qs(parts.query)
        return cls(
            scheme=parts.scheme,
            host=parts.hostname,
            port=port,
            user=unquote(parts.username),
            password=unquote(parts.password or ""),
            folder=unquote(parts.path.lstrip("/")) or "INBOX",
            move_to=options.get("move_to", [""])[0],
        )

    @property
    def name(self) -> str:
        """How the mailbox is called on pages and in figures."""
        return f"{self.user}@{self.host}/{self.folder}"[:300]
