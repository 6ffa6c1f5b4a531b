"""The six issues of the demo's newsletters: two advisories, two releases, two months of tips."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Letter:
    """`days` before the end of the story it was sent; None: it waits for its moment."""

    newsletter: str
    days: int | None
    subject: str
    summary: str
    body: str
    audience: str = "everybody"
    severity: str = ""
    affected: tuple[str, ...] = ()
    fixed_in: str = ""


LETTERS = (
    Letter(
        "tips",
        128,
        "Five minutes that save a Monday: watching the queue",
        "What a growing queue says, and which three numbers to watch.",
        """A queue that grows on Sunday evening is a full inbox of complaints on Monday morning. Three numbers tell it beforehand:

- **messages waiting for more than an hour**: more than a handful means that one destination does not take mail;
- **the oldest message**: older than a day, and senders soon get delivery reports;
- **the destination with the most of them**: one name, and it is theirs; many names, and it is your way out.

## How to look

In WebAdmin open *Queue* and sort by *Next attempt*. From the command line:

```
queue list --older-than 1h --group-by domain
```

Set an alarm on the first of the three and leave the others for the morning. Most of you who wrote to us about slow delivery had seen none of them.""",
    ),
    Letter(
        "advisories",
        93,
        "WebAdmin: a signed-in administrator could read files of other domains",
        "Administrators of one domain could read files of another by a crafted address. Repaired in 10.5.4.",
        """## What happens

An administrator who may manage one domain could read configuration files of another by an address with an encoded path. Nobody without an account of an administrator can do so, and no mail is read by it.

## Who is affected

Servers that several domains share **and** that have given the right *Manage domain* to somebody outside. If all administrators are your own people, the risk is small.

## What to do

1. Install **10.5.4** or newer. The patch is under Downloads; the service restarts once.
2. Until then, take away *Manage domain* from whoever does not need it.
3. Look for `%2e%2e` in the log of WebAdmin. If you find it, write to us: we help to read it.

A customer reported this to us on a Tuesday and had the patch on Friday. Thank you.""",
        severity="moderate",
        affected=("10.5.0 to 10.5.3",),
        fixed_in="10.5.4",
    ),
    Letter(
        "releases",
        71,
        "10.6.1: push mail after a failover, and 23 smaller repairs",
        "A maintenance release for everybody on 10.6. The update takes about four minutes.",
        """**10.6.1** is there for the Business and the Office edition.

## Repaired

- Push mail came up to 15 minutes late after a failover of the cluster.
- Invitations to series without an end showed only the first month in Outlook.
- The quota report counted shared folders twice.
- 20 more: the release notes have all of them.

## Before you update

Take a snapshot of the storage, or a backup of the configuration at least. From 10.5 the database of the calendar is converted: count one minute for 10,000 mailboxes.

## Known

A server whose zone is not UTC may show the time of invitations without a zone an hour late. It is on our list.""",
    ),
    Letter(
        "tips",
        34,
        "Certificates: let the server fetch them before they run out",
        "Nine of ten nights that certificates cost could have been slept.",
        """Certificates last 90 days by now, and soon less. Whoever still renews them by hand will forget it once.

## The short way

1. WebAdmin, *Security*, *Certificates*, *Obtain automatically*.
2. Name every host that clients use: `mail`, `smtp`, `imap`, `autodiscover`. One that is missing is the one that rings at night.
3. Let port 80 in for `/.well-known/` alone.

The server fetches a new one 30 days before the old one ends, and reloads it without a restart: nobody is signed out.

## And if port 80 must stay shut

Use the challenge by DNS. It needs a key of your name server that may write one record; give it that and nothing else.""",
    ),
    Letter(
        "advisories",
        2,
        "IMAP: a crafted mailbox name ends the service",
        "Anybody with a mailbox can stop IMAP for everybody. Repaired in 10.6.2; a workaround takes one minute.",
        """## What happens

A folder whose name has more than 255 encoded characters ends the IMAP process when it is listed. The service comes back by itself after some seconds, and ends again with the next listing. No data is read or lost.

Who can do it: anybody who may sign in to a mailbox. We know of one case in which it was used on purpose.

## What to do

1. Install **10.6.2**. It is under Downloads since this morning.
2. If you can not today: set a limit, no restart is needed.

```
config imap set maxFolderName 200
```

3. Whether it happened to you: look for `IMAP child exited` with signal 6 in the log of the last weeks.

## Later versions

10.5 is not affected. 10.4 and older are out of maintenance and were not tested.""",
        severity="high",
        affected=("10.6.0 to 10.6.1",),
        fixed_in="10.6.2",
    ),
    Letter(
        "releases",
        None,
        "10.7 begins its beta: a new WebMail, and search that finds attachments",
        "Premium customers may join from the first of the month. What is new, and what to bring.",
        """In two weeks the beta of **10.7** begins. Customers with Premium may join.

- WebMail is new from the ground up: faster, by the keyboard alone if you like, and readable for a screen reader.
- Search looks into attachments (PDF, documents, archives of mail).
- Rules for many mailboxes at once, with a preview of what they would do.

There is **no way back** from 10.7 to 10.6 but a restored backup: use a test system, or a server of its own.""",
        audience="registered",
    ),
)
