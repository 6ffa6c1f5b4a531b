"""What goes wrong with a mail server: reports, answers and hand-overs with gaps to fill."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One kind of incident. Texts have gaps: {host}, {count}, {version}, {user}, {day}."""

    service: str
    subject: str
    report: str
    question: str  # the engineer's first answer
    reply: str  # the customer's
    solution: str
    reproduction: str


SIGN = "\n\nBest regards,\n{name}"

PROBLEMS = (
    Problem(
        "troubleshooting",
        "IMAP stops answering on {host} after {count} connections",
        "Since {day} our users on {host} lose their IMAP sessions. At about {count} connections"
        " nothing is accepted any more; SMTP goes on working. A restart helps for an hour.",
        "Thank you for the log. Two things stand out: idle connections are kept for 40 minutes, and"
        " the thread limit is at its default. Please send us the output of the status page at the"
        " moment it happens, and set the idle timeout to 15 minutes meanwhile.",
        "We set the timeout and watched: it held until the afternoon, then {count} sessions again."
        " The status output is attached.",
        "The clients on your second site open four sessions a mailbox. Raising the IMAP threads to"
        " 256 and limiting each user to ten sessions keeps it below the limit; we saw it hold in"
        " our laboratory with twice your load.",
        "Open {count} IMAP sessions with IDLE against version {version}; wait 40 minutes.",
    ),
    Problem(
        "troubleshooting",
        "Outgoing mail to one domain stays in the queue",
        "{count} messages to a partner's domain have been waiting on {host} since {day}. The log says"
        " “TLS handshake failed”. Everybody else gets our mail.",
        "Their server offers only an old cipher since its last update. Please try the per-domain"
        " rule in our note: it allows TLS 1.2 with that cipher for this one domain.",
        "With the rule the queue went down to {count} and stands still there.",
        "The rest were bounces of a mailing list that no longer exists; they are removed. The rule"
        " can go once your partner has updated: we reminded them through their hosting company.",
        "Send to a server that offers ECDHE-RSA-AES256-SHA only.",
    ),
    Problem(
        "migration",
        "Folders with umlauts are missing after the migration",
        "We moved {count} mailboxes to {host} over the week-end. Folders with national characters"
        " arrived empty for {user} and others.",
        "The old server stored those names in its own encoding. Please run the check with --dry-run"
        " and send us the list; nothing is changed by it.",
        "The list has {count} folders. It took nine minutes.",
        "The second run with --names=utf7 moved them all, and we compared the counts of messages"
        " folder by folder: no difference. The old server can be switched off.",
        "Migrate a mailbox with a folder named Entwürfe from a server without UTF-7 names.",
    ),
    Problem(
        "configuration",
        "How do we give each site its own quota?",
        "{host} serves three sites. We would like {count} MB for one and twice that for the others,"
        " without touching every account.",
        "Account classes do that: one class a site, the quota on the class. The attached example"
        " has your three; existing accounts take it at their next sign-in.",
        "That works for new accounts. {user} still has the old quota.",
        "That account had a quota of its own, which beats the class. A search for such accounts is"
        " in the note; there were four, and they follow their class now.",
        "Set a quota on an account, then move it to a class with another.",
    ),
    Problem(
        "installation",
        "Installer stops at {count} % on a fresh {host}",
        "We tried to install {version} on a new machine. The installer stops at {count} % and says"
        " that a library has the wrong version.",
        "The package of your distribution is newer than the one we link against. Please install the"
        " compatibility package named in the release notes, then start the installer again.",
        "It goes through now. Is it safe to keep both libraries?",
        "Yes, both can stay: only our server uses the older one. The installer of the next version"
        " checks this first and says so.",
        "Install {version} on a machine with the newer library only.",
    ),
    Problem(
        "antispam",
        "Good mail is marked as spam since the last rule update",
        "Since {day} about {count} good messages a day land in the spam folder of {host}, most of"
        " them invoices with PDF files.",
        "One rule of the new set weighs PDF files from unknown senders far too high. Please lower it"
        " to 1.5 as shown, and send us five of the messages with their headers.",
        "Here are five. Since the change only {count} were marked, and those were spam.",
        "Your five samples confirm it; the vendor of the rules corrected the weight in this"
        " morning's update, so your own setting can be removed.",
        "Score a message with a PDF from a sender that was never seen.",
    ),
    Problem(
        "antivirus",
        "Antivirus engine on {host} does not update",
        "The engine's definitions on {host} are {count} days old. The log says “401” at every try.",
        "Your subscription key was renewed but the old one is still in the configuration. Please put"
        " in the key from the licence page and start an update by hand.",
        "Done. It downloaded everything, but the dashboard still shows the old date.",
        "The dashboard read the date of the old folder. We corrected the path in the settings"
        " together; it shows today's definitions now.",
        "Renew the key, keep the old one in the configuration, run an update.",
    ),
    Problem(
        "troubleshooting",
        "Webmail is slow for {user} and some others",
        "Opening a folder in webmail takes {count} seconds for {user}; for most it is instant. They"
        " have big mailboxes, but so have others.",
        "Their folder indexes were built by version {version} and never rebuilt. Please run the"
        " rebuild for one of them tonight, and tell us how long a folder takes afterwards.",
        "For {user} it went from {count} seconds to under one. Can we do all of them?",
        "Yes: the loop in the note rebuilds one after the other with a pause, so nobody notices. All"
        " were done by the morning, and the slowest folder opens in 0.8 seconds.",
        "Take a mailbox of {version} with 60,000 messages and open its inbox.",
    ),
    Problem(
        "configuration",
        "DKIM signature fails at some receivers",
        "Some receivers say our DKIM signature does not verify: {count} of 200 in a report that we"
        " get by mail. We changed nothing since {day}.",
        "The failing ones all went through your footer filter, which changes the text after it was"
        " signed. Please move the filter before the signing step, as in the picture.",
        "Moved. The next report has {count} failures, all from one forwarder.",
        "Forwarders that change the subject break any signature; that one is known for it. With your"
        " DMARC policy at “quarantine” those messages still arrive, as SPF holds.",
        "Sign, then let a filter append a footer.",
    ),
    Problem(
        "troubleshooting",
        "Calendar invitations arrive an hour off",
        "Invitations from Outlook to {user} are an hour late or early since the clocks changed on"
        " {day}. About {count} meetings are affected.",
        "The time zone table in {version} is from before the last rule change. Please install the"
        " table from the download page; no restart is needed.",
        "New invitations are right. The {count} old ones stay wrong.",
        "The repair tool rewrote them from the original invitations; three had been edited by hand,"
        " and their organisers were asked to send them again.",
        "Accept an invitation in the zone whose rule changed with {version}.",
    ),
    Problem(
        "configuration",
        "Licence shows {count} users too few after the upgrade",
        "After the upgrade to {version} the licence page shows {count} users fewer than we bought,"
        " and new accounts are refused.",
        "The add-on was registered under your old key. We joined the two; please press “Refresh” on"
        " the licence page and tell us what it shows.",
        "It shows the full number now, and new accounts work.",
        "Good. Your invoice and the licence page agree now; the old key is closed so that it can not"
        " happen at the next renewal.",
        "Register an add-on under a key that was replaced.",
    ),
    Problem(
        "troubleshooting",
        "Push mail on phones comes in late",
        "Phones get mail up to {count} minutes late. It began after we put {host} behind the new"
        " firewall on {day}.",
        "The firewall closes idle connections after five minutes; push keeps one open for up to 28."
        " Please allow 30 minutes for that port, or set the heartbeat to four.",
        "We set the heartbeat to four minutes. Better, but {user} reports {count} minutes again.",
        "That phone had battery saving on for the mail program. With it off all test messages came"
        " within ten seconds over a whole day.",
        "Put a firewall with a five-minute limit before {version}.",
    ),
    Problem(
        "migration",
        "Aliases from the old directory are not taken over",
        "{count} aliases of our old directory are missing on {host}. People ask why mail to their"
        " short addresses bounces.",
        "The import reads one attribute only; yours are in proxyAddresses. Please run it again with"
        " the mapping file attached, first with --dry-run.",
        "The dry run lists all {count}. May we run it in the day?",
        "Yes, it only adds. It ran in 40 seconds, and we sent a test message to each of them: every"
        " one arrived.",
        "Import a directory that keeps aliases in proxyAddresses.",
    ),
    Problem(
        "configuration",
        "Backups of {host} take longer than the night",
        "The nightly backup of {host} needs {count} hours and is not done when people come in.",
        "Please switch the backup to snapshots of the storage: the server pauses writing for two"
        " seconds only. The page in the guide has the steps for your file system.",
        "It works on the test machine. On {host} the pause was {count} seconds, is that all right?",
        "It was the first snapshot, which copies more. The ones of the last three nights paused for"
        " 1.9, 2.1 and 1.8 seconds, and a restored mailbox was complete.",
        "Back up 400 GB file by file with {version}.",
    ),
    Problem(
        "troubleshooting",
        "Server on {host} restarts by itself at night",
        "At about 03:10 the server on {host} stops and starts again, {count} times since {day}. Users"
        " do not notice, but monitoring wakes us.",
        "The core file shows it in the indexing of one attachment. Please exclude the mailbox of"
        " {user} from indexing for now; we look into the file with our developers.",
        "Quiet since then. The attachment came from a scanner.",
        "A build that reads such files is ready: it was tested with your attachment and 2,000 others"
        " and is part of the next patch release. Please include the mailbox again after it.",
        "Index a TIFF with a broken directory under {version}.",
    ),
    Problem(
        "troubleshooting",
        "Some users can not sign in since the password change",
        "We changed the password rules on {day}. {count} users, {user} among them, are refused although"
        " they set new passwords.",
        "Their new passwords hold a character that the web form sends in another encoding. Please"
        " let one of them try with the desktop program, and tell us whether that works.",
        "Yes, it works there. So it is the web form.",
        "The form on {host} came from an older theme without its encoding. We replaced the page; all"
        " of them signed in this morning.",
        "Set a password with “ß” and sign in through the old theme of {version}.",
    ),
)

VERSIONS = ("10.5.2", "10.5.3", "10.5.4", "10.6.0", "10.6.1")
HOSTS = ("mx1", "mx2", "mail01", "mail02", "post", "relay", "imap-a", "edge")
USERS = ("the director", "j.weber", "accounting", "m.silva", "reception", "p.andersen", "hr")
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "the week-end")

TRIED = (
    "Settings compared with a working site, log at level 5 read, known issues of {version} searched.",
    "Rebuilt the index of one mailbox, raised the limits, watched for a day: no change.",
    "Reproduced with the customer's configuration in our test machine, twice of three times.",
)
ENVIRONMENTS = (
    "AXIGEN {version} on Debian 12, 8 cores, 32 GB, {count} mailboxes",
    "AXIGEN {version} on Rocky Linux 9 in a virtual machine, {count} mailboxes",
    "AXIGEN {version} on Ubuntu 24.04, storage over NFS, {count} mailboxes",
)
RESULTS = (
    "Reproduced. It is a known defect of {version}; the workaround is in the note.",
    "Not a defect: the limit in the configuration explains it. Values to set are in the note.",
    "Fixed in build {version}-h2, tested against the customer's sample.",
)
NOTES = (
    "Called the customer's administrator to see it on their screen. Sending the steps in writing.",
    "Looks like the case of last month; the same setting was wrong there.",
    "Waiting for the log of the night before I ask TS2.",
)
COMMENTS = (
    "",
    "",
    "",
    "Quick and clear.",
    "Thank you, it works again.",
    "It took two rounds, but the explanation was good.",
    "The first answer only asked for logs that we had sent.",
    "Excellent, even at night.",
)
LOG = (
    "2026-01-01 03:10:{second:02d} {host} IMAP: session {count} closed, idle limit reached\n"
    "2026-01-01 03:11:{second:02d} {host} CORE: worker threads 128/128 busy\n"
)

# Why it happened, by the service; and what it was now and then instead.
CAUSES = {"migration": "how-to", "configuration": "configuration", "installation": "how-to"}
OTHER_CAUSES = ("product-defect", "third-party", "how-to", "no-fault")
