"""The canned answers that the engineers of the demo have, and commands as they write them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from accounts.enums import Role
from accounts.models import Person
from tickets.actions.canned import Canned, keep_canned
from tickets.enums import MeantFor, Priority, State, Tier

_HELLO = "Dear {{ reporter.first_name|customer }},\n\n"
_BYE = "\n\nKind regards,\n{{ engineer.name }}"


def _said(text: str) -> str:
    return f"{_HELLO}{text}{_BYE}"


EVERYBODYS = (
    Canned(
        "Ask for the log",
        _said(
            "to see what happens on {{ incident.product|your server }}, we need its log from"
            " before it began. On the machine itself:\n\n```\naxigen-cli log level imap 5\n"
            "# wait until it happens again, then\ntar czf logs-{{ incident.number }}.tgz"
            " /var/opt/axigen/log\n```\n\nPlease attach the archive to your answer."
        ),
        then=State.WAITING,
        services=("troubleshooting",),
    ),
    Canned(
        "Ask for version and system",
        _said(
            "please tell us\n\n- the version, as `axigen --version` prints it,\n- the system and"
            " its release (`cat /etc/os-release`),\n- how many domains and accounts it serves."
        ),
        then=State.WAITING,
    ),
    Canned(
        "We are on it",
        _said(
            "thank you for {{ incident.number }}. I am looking into it now and write again as soon"
            " as I know more."
        ),
        takes=True,
    ),
    Canned(
        "Mail flow stands still",
        _said(
            "while mail stands still, please keep the queue: **do not restart the machine**. These"
            " two commands show where it waits:\n\n```\naxigen-cli queue list --count\n"
            "axigen-cli queue show --first 20\n```\n\nI stay on this until mail flows again."
        ),
        priority=Priority.CRITICAL,
        takes=True,
        services=("troubleshooting",),
    ),
    Canned(
        "Index of a mailbox is rebuilt",
        _said(
            "the index of that mailbox is damaged. It can be built anew while the server runs; for"
            " ten thousand messages it takes about a minute:\n\n```\n"
            "axigen-cli mailbox reindex --account USER@DOMAIN --pause 50\n```\n\nPlease tell us"
            " whether the folder opens as it should afterwards."
        ),
        then=State.WAITING,
    ),
    Canned(
        "TLS certificate: how it is replaced",
        _said(
            "the certificate and its chain belong into one file, the server's own first:\n\n```\n"
            "cat mail.example.org.pem chain.pem > /etc/axigen/tls/mail.pem\n"
            "axigen-cli tls reload\nopenssl s_client -connect mail.example.org:993 </dev/null |"
            " openssl x509 -noout -dates\n```\n\nThe last line shows the new dates."
        ),
    ),
    Canned(
        "DKIM and SPF: what to publish",
        _said(
            "three records make your mail provable:\n\n| name | type | value |\n|---|---|---|\n"
            "| example.org | TXT | `v=spf1 mx -all` |\n| ax1._domainkey.example.org | TXT |"
            " `v=DKIM1; k=rsa; p=...` |\n| _dmarc.example.org | TXT | `v=DMARC1; p=none` |\n\n"
            "The key for the second one is printed by `axigen-cli dkim show example.org`."
        ),
        services=("configuration", "antispam"),
    ),
    Canned(
        "Good mail in the spam folder",
        _said(
            "please send us two or three of these messages *as attachments*, so that we see their"
            " headers. Until then, this keeps them in the inbox:\n\n```\n"
            "axigen-cli antispam allow --sender PARTNER@DOMAIN --days 14\n```"
        ),
        then=State.WAITING,
        services=("antispam",),
    ),
    Canned(
        "Before an upgrade",
        _said(
            "before you upgrade from {{ incident.version|your version }}:\n\n1. Check that the"
            " backup of last night can be read.\n2. Export the configuration: `axigen-cli config"
            " export > before.cfg`.\n3. Stop the service, then install the packages.\n4. Start it,"
            " and watch the log for ten minutes."
        ),
        services=("upgrade", "installation"),
    ),
    Canned(
        "Comes from a known defect",
        _said(
            "what you see is a defect that we know as {{ defect.number }}. It is fixed in"
            " {{ defect.fixed_in|one of the next builds }}, and we tell you when it is there."
        ),
    ),
    Canned(
        "Does it work now?",
        _said(
            "did the change of our last mail help? If we hear nothing, {{ incident.number }} closes"
            " itself after a week; write on it at any time, and it is open again."
        ),
        then=State.SOLVED,
    ),
    Canned(
        "Migration: the first trial",
        _said(
            "let us begin with three mailboxes of different size. The tool only reads from the old"
            " server:\n\n```\naxigen-migrate --from imap.old.example --accounts trial.csv --dry-run"
            "\n```\n\nThe report counts each folder on both sides; please send it to us."
        ),
        services=("migration",),
        then=State.WAITING,
    ),
)
TEAMS = Canned(
    "Checklist of TS2 before we escalate",
    "Before this goes up:\n\n- [ ] log at level 5\n- [ ] configuration exported\n- [ ] tried with a"
    " fresh mailbox\n- [ ] known defects searched for {{ incident.version|this version }}",
    meant_for=MeantFor.TEAM,
    tier=Tier.TS1,
)
OWN = Canned("My sign-off", "Kind regards,\n{{ engineer.name }}\n{{ desk.name }}")

# What an engineer has the customer run, by service.
COMMANDS = {
    "troubleshooting": 'axigen-cli "show storages" | grep -n offline\n    store2   offline',
    "configuration": "axigen-cli config diff --since yesterday",
    "migration": "axigen-migrate --report --accounts today.csv",
    "antispam": "axigen-cli antispam explain --message-id '<...>'",
}


def keep_all(at: datetime) -> None:
    """By the manager, and one by an engineer for themselves, on the first day of the story."""
    manager = Person.objects.filter(role=Role.MANAGER).order_by("pk")[0]
    engineer = Person.objects.filter(role=Role.TS1).order_by("pk")[0]
    for one in EVERYBODYS:
        keep_canned(_for_all(one), by=manager, at=at)
    keep_canned(TEAMS, by=manager, at=at)
    keep_canned(OWN, by=engineer, at=at)


def _for_all(one: Canned) -> Canned:
    return replace(one, meant_for=MeantFor.ALL)


def with_commands(text: str, service: str) -> str:
    """The text with what is to be run, as Markdown."""
    commands = COMMANDS.get(service)
    if commands is None:
        return text
    return f"{text}\n\nPlease run this and send us what it prints:\n\n```\n{commands}\n```"
