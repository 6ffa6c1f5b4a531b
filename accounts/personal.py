"""What people, sign-ins and the journal hold about somebody, and what the erasure does to it."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db.models import Q, QuerySet

from accounts.models import Invitation, Person
from core.journal import label
from core.models import JournalEntry
from core.personal import Held, harmless, hold


def _journal(person: Person) -> QuerySet[JournalEntry]:
    return JournalEntry.objects.filter(Q(by=person) | Q(subject=label(person)))


def _sessions(person: Person) -> QuerySet[Session]:
    return Session.objects.filter(session_key__in=person.sign_ins.values("session_key"))


def _related(name: str) -> Any:
    """The rows of a table that name their person in this field."""

    def rows(person: Person) -> QuerySet[Any]:
        found: QuerySet[Any] = getattr(person, name).all()
        return found

    return rows


hold(
    Held(
        "accounts.Person",
        "The account",
        own=lambda person: Person.objects.filter(pk=person.pk),
        clear={"phone": "", "last_login": None},
        blot=("email", "name"),
        secret=("password",),
        day="joined_at",
    ),
    Held(
        "accounts.Invitation",
        "Invitations to their address",
        own=lambda person: Invitation.objects.filter(email__iexact=person.email),
        is_deleted=True,
        secret=("digest",),
        day="invited_at",
    ),
    # Before the sign-ins, which name them.
    Held(
        "sessions.Session",
        "Browsers' sessions",
        own=_sessions,
        is_deleted=True,
        secret=("session_key", "session_data"),
    ),
    Held(
        "accounts.SignIn",
        "Where they are signed in",
        own=_related("sign_ins"),
        is_deleted=True,
        secret=("session_key",),
        day="started_at",
    ),
    Held(
        "accounts.ApiToken",
        "API tokens",
        own=_related("api_tokens"),
        is_deleted=True,
        secret=("digest",),
        day="created_at",
    ),
    Held(
        "mfa.Authenticator",
        "Second factors",
        own=_related("authenticator_set"),
        is_deleted=True,
        secret=("data",),
        day="created_at",
    ),
    Held(
        "account.EmailAddress",
        "Addresses of the sign-in",
        own=_related("emailaddress_set"),
        is_deleted=True,
    ),
    Held(
        "admin.LogEntry",
        "What they changed on model pages",
        own=lambda person: LogEntry.objects.filter(user=person),
        blot=("object_repr", "change_message"),
        day="action_time",
    ),
    Held(
        "core.JournalEntry",
        "Journal entries by them or about them",
        own=_journal,
        keeper="journal.person",
        blot=("facts",),
        day="at",
    ),
    # Words that are looked for while it goes on, and none when it is done.
    Held("accounts.Erasure", "Erasures", own=_related("erasures"), secret=("words",)),
    Held("accounts.Organisation", "Organisations", blot=("name",)),
)
harmless("accounts.Organisation", "a company's, chosen from lists", "slug", "country", "language")
harmless("accounts.Organisation", "a zone's name", "timezone")
harmless("accounts.Partner", "a company's", "name", "language")
harmless(
    "accounts.Person",
    "chosen from lists, and no sign of who it is",
    "language",
    "timezone",
    "first_view",
)
harmless("accounts.Erasure", "the name of a table", "stage")
harmless("core.Tombstone", "a kind, a row's key, check sums", "kind", "about", "digest", "chain")
harmless("core.JournalEntry", "a kind, a row's key, a rule's code", "kind", "subject", "rule")
harmless(
    "core.SearchDocument",
    "made anew out of what it finds with each change of that",
    "text",
    "vector",
)
harmless("core.SearchDocument", "what it is a row of", "kind")
harmless("core.SearchOwed", "what has to be indexed again", "kind")
harmless("core.SearchWord", "words of a name go when its person is erased whole", "word")
harmless("account.EmailConfirmation", "goes with its address; unused", "key")
harmless("admin.LogEntry", "a row's key", "object_id")
for model, fields in {
    "auth.Permission": ("name", "codename"),
    "auth.Group": ("name",),
    "contenttypes.ContentType": ("app_label", "model"),
}.items():
    harmless(model, "names of Django's own", *fields)
