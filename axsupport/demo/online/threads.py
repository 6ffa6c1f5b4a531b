"""The thirty threads of the demo's forum: what customers ask each other about a mail server."""

from __future__ import annotations

from dataclasses import dataclass

BOARDS = (
    ("Running it", "Queues, storage, backup, updates, monitoring", "everybody", ()),
    ("Spam, security and certificates", "What comes in, and what must not", "everybody", ()),
    ("Clients and phones", "Outlook, IMAP, ActiveSync, webmail", "registered", ()),
    (
        "Large platforms",
        "Clusters, migration, many thousand mailboxes",
        "levels",
        ("premium", "gold"),
    ),
    ("Among ourselves", "What we see coming, for our own people", "staff", ()),
)
CUSTOMER, TEAM, ASKER = "customer", "team", "asker"


@dataclass(frozen=True)
class Said:
    """An answer: by another customer, the team or whoever asked, so many hours later."""

    by: str
    hours: int
    body: str
    helped: bool = False


@dataclass(frozen=True)
class Thread:
    """`days` before the end of the story it was asked."""

    board: int
    days: int
    title: str
    body: str
    answers: tuple[Said, ...] = ()
    locked: bool = False
    by: str = CUSTOMER


THREADS = (
    Thread(
        0,
        176,
        "Where does the server keep its logs by default?",
        "Fresh installation on Debian 12. I look for the SMTP log and find nothing below `/var/log`.",
        (
            Said(CUSTOMER, 2, "Look in `/var/opt/axigen/log`. It rotates by itself there."),
            Said(
                TEAM,
                5,
                "That is it. If you want them elsewhere, set the directory under *Logging > Local"
                " services* and restart the log service alone; nothing else has to stop.",
                helped=True,
            ),
        ),
    ),
    Thread(
        0,
        170,
        "Queue grows every Sunday night",
        "Every Sunday about 02:00 the queue goes to 4,000 messages and is empty again by 06:00.\n\n"
        "```\n02:04 delivery deferred: 421 too many connections\n```\n\nAnybody else?",
        (
            Said(CUSTOMER, 9, "Our backup runs then, and reads the same disks. Yours, too?"),
            Said(
                TEAM,
                14,
                "The 421 is yours, not theirs: look whether *max connections* of outgoing delivery"
                " is still at 10. With a backup beside it each connection takes longer, so they run"
                " out. 50 is a good value up to 2,000 mailboxes.",
                helped=True,
            ),
            Said(ASKER, 190, "Last Sunday was quiet. Thank you!"),
        ),
    ),
    Thread(
        1,
        163,
        "DKIM fails for some recipients only",
        "Mails to one provider arrive with `dkim=fail (body hash did not verify)`, all others pass.",
        (
            Said(CUSTOMER, 4, "Do you add a footer? We had the disclaimer added after signing."),
            Said(
                TEAM,
                7,
                "The order counts: filters that change the text have to run *before* the signature."
                " Under *Message rules* move the disclaimer above *DKIM signing*.",
                helped=True,
            ),
        ),
    ),
    Thread(
        2,
        158,
        "Outlook asks for the password again and again",
        "Since Tuesday, only people with Outlook 2019. IMAP itself works, webmail works.",
        (
            Said(
                CUSTOMER,
                3,
                "We had this when TLS 1.0 went. Update 2019 to the last build, then it stops.",
                helped=True,
            ),
            Said(TEAM, 6, "Confirmed: builds before 1808 do not speak TLS 1.2 for autodiscover."),
        ),
    ),
    Thread(
        0,
        151,
        "How do you back up: snapshots or the tool?",
        "1.2 TB of mail, LVM below it. Snapshots take seconds, the backup tool takes four hours. Is"
        " a snapshot safe while the server runs?",
        (
            Said(
                CUSTOMER, 8, "We do snapshots since two years and restored twice without trouble."
            ),
            Said(
                TEAM,
                20,
                "A snapshot of *all* storage volumes at the same moment is consistent. If index and"
                " messages are on two volumes, freeze both:\n\n```\nfsfreeze -f /srv/mail\nlvcreate"
                " -s ...\nfsfreeze -u /srv/mail\n```\n\nRestore one domain of it every few months;"
                " a backup that nobody restored is a hope.",
                helped=True,
            ),
        ),
    ),
    Thread(
        3,
        147,
        "Moving 18,000 mailboxes without a night off",
        "Has anybody moved domain by domain with the proxy in front? How long did you keep both?",
        (
            Said(
                TEAM,
                22,
                "Domain by domain is what we do in most projects: the proxy asks the directory where"
                " a mailbox is. Keep both for two weeks, for forgotten clients with a fixed address.",
                helped=True,
            ),
            Said(CUSTOMER, 60, "We kept them four weeks: printers. It is always the printers."),
        ),
    ),
    Thread(
        1,
        143,
        "Greylisting: still worth it?",
        "Half of our complaints are about mails that come ten minutes late. What do you do?",
        (
            Said(CUSTOMER, 5, "Off since last year, with no difference we could measure."),
            Said(CUSTOMER, 11, "On, but only for senders without SPF. That is the compromise."),
            Said(
                TEAM,
                30,
                "Both are fair. If you keep it, exempt senders whose DMARC passes: that is most of"
                " what people wait for.",
            ),
        ),
    ),
    Thread(
        2,
        138,
        "Shared calendar does not show on iPhones",
        "The calendar is shared, webmail shows it, the phone shows only the own one (ActiveSync).",
        (
            Said(
                TEAM,
                9,
                "ActiveSync gives a phone the own folders alone. Add a CalDAV account beside it for"
                " the shared ones; the address stands in webmail under *Settings > Synchronisation*.",
                helped=True,
            ),
        ),
    ),
    Thread(
        0,
        131,
        "10.6.1 on Rocky 9: service does not start after reboot",
        "`systemctl start` works by hand. After a reboot it does not start, with\n\n```\nbind: cannot"
        " assign requested address\n```",
        (
            Said(
                CUSTOMER,
                1,
                "The address is not there yet. Make the unit wait for `network-online.target`.",
                helped=True,
            ),
            Said(TEAM, 16, "Right, and 10.6.2 brings that dependency along."),
        ),
    ),
    Thread(
        1,
        127,
        "Let's Encrypt renews, the server keeps the old certificate",
        "Certbot renews without a word, but IMAP shows the old one until I restart everything.",
        (
            Said(
                CUSTOMER,
                6,
                "Use a deploy hook that reloads the listeners, no restart:\n\n```\naxigen-cli"
                " reload certificates\n```",
                helped=True,
            ),
        ),
    ),
    Thread(
        2,
        122,
        "Webmail is slow with 40,000 mails in the inbox",
        "One manager refuses to sort. Opening the inbox takes 9 seconds.",
        (
            Said(CUSTOMER, 2, "Tell him about folders. Just kidding, we have three like him."),
            Said(
                TEAM,
                4,
                "Set the list to conversations off and 50 a page, and rebuild the index of that"
                " mailbox once. It should be below a second then.",
                helped=True,
            ),
        ),
    ),
    Thread(
        0,
        117,
        "Monitoring: which values do you watch?",
        "Setting up Zabbix. Besides queue length, what is worth an alarm at night?",
        (
            Said(CUSTOMER, 3, "Oldest message in the queue. Length alone woke me for nothing."),
            Said(CUSTOMER, 20, "Free space *and* free inodes. Ask me how I know."),
            Said(TEAM, 26, "Add: logins that fail per minute, and days until certificates end."),
        ),
    ),
    Thread(
        1,
        111,
        "One account sends spam, how do I find which?",
        "We are on two block lists since this morning. 300 mailboxes.",
        (
            Said(
                TEAM,
                1,
                "Count authenticated senders of the last hours:\n\n```\ngrep 'authenticated as'"
                " smtp.log | cut -d\\' -f2 | sort | uniq -c | sort -rn | head\n```\n\nThe first line"
                " is it. Change the password, end its sessions, then ask for removal from the lists.",
                helped=True,
            ),
            Said(ASKER, 5, "Found: 14,000 mails from the scanner's account. Thank you."),
        ),
    ),
    Thread(
        3,
        106,
        "Two nodes see different quotas",
        "After a failover, node B shows 0 % for some hundred mailboxes.",
        (
            Said(
                TEAM,
                4,
                "The counters are kept by the node. Run the recount on B; it costs a minute for each"
                " 1,000 mailboxes and may run by day.",
                helped=True,
            ),
        ),
    ),
    Thread(
        2,
        101,
        "Thunderbird 115 and OAuth",
        "Does anybody use Thunderbird with two-factor sign-in on?",
        (
            Said(CUSTOMER, 12, "With an application password. OAuth I did not get to work."),
            Said(
                TEAM, 15, "Application passwords are the way for IMAP clients in 10.6.", helped=True
            ),
        ),
    ),
    Thread(0, 97, "Will there be packages for Ubuntu 26.04?", "Asking for our plan of next year."),
    Thread(
        0,
        92,
        "Restore of a single mail",
        "A user deleted one mail three days ago. Do I have to restore the whole mailbox?",
        (
            Said(
                CUSTOMER,
                2,
                "Mount the backup by FTP backup access and copy the one file. Two minutes.",
                helped=True,
            ),
        ),
    ),
    Thread(
        1,
        88,
        "SPF: ten lookups are not enough",
        "With newsletter, shop and invoicing we are at thirteen includes.",
        (
            Said(CUSTOMER, 3, "Give the shop a subdomain. It has its own record then."),
            Said(TEAM, 8, "Subdomains, yes. Please no flattening by a script that nobody watches."),
        ),
    ),
    Thread(
        2,
        82,
        "Deleted mails come back on Android",
        "Three phones of the same maker. Delete, and after an hour it is there again.",
        (
            Said(
                TEAM,
                10,
                "That is known with their own mail program when the trash is not mapped. In its"
                " settings choose *Trash* of the server as folder for deleted mail.",
                helped=True,
            ),
        ),
    ),
    Thread(
        0,
        76,
        "SSD or fast spinning disks for the queue?",
        "800 mailboxes, 60,000 mails a day.",
        (
            Said(CUSTOMER, 1, "SSD, mirrored. Small and cheap. Never thought of it again."),
            Said(CUSTOMER, 30, "Same here."),
        ),
    ),
    Thread(
        1,
        70,
        "Cheap marketing mails to your customers",
        "Is there a way to send to everybody without limits? Our agency asks.",
        (
            Said(
                TEAM,
                3,
                "Not from a mail server whose address your people need tomorrow. Use a service made"
                " for it, on a subdomain. We lock this here, since it drew offers.",
            ),
        ),
        locked=True,
    ),
    Thread(
        3,
        63,
        "Rolling update of a cluster: order of nodes",
        "Proxy first or storage first? The release notes leave it open.",
        (
            Said(TEAM, 2, "Storage first, one at a time, then the proxies.", helped=True),
            Said(ASKER, 28, "Done, 5 nodes in 50 minutes, nobody noticed."),
        ),
    ),
    Thread(
        2,
        57,
        "Sent mails are stored twice",
        "Outlook by IMAP stores a copy, the server another one.",
        (
            Said(
                CUSTOMER,
                1,
                "Switch one of them off: in Outlook *Do not save copies of sent items*.",
                helped=True,
            ),
        ),
    ),
    Thread(
        0,
        51,
        "Log lines in UTC, can I have local time?",
        "Every call from the help desk begins with adding two hours.",
        (Said(TEAM, 18, "Not before 11.0. It is on the roadmap, and you are the ninth to ask."),),
    ),
    Thread(
        1,
        44,
        "MTA-STS in front of a proxy",
        "Who serves the policy file when webmail is behind nginx?",
        (
            Said(
                CUSTOMER,
                7,
                "A static file in nginx is enough:\n\n```\nlocation = /.well-known/mta-sts.txt {\n"
                "    root /srv/mta-sts;\n}\n```",
                helped=True,
            ),
        ),
    ),
    Thread(
        4,
        38,
        "Many ask about UTC in the logs",
        "Nine threads and incidents. Worth a line in the newsletter about 11.0?",
        (Said(TEAM, 3, "Yes. I also put it to the roadmap meeting."),),
        by=TEAM,
    ),
    Thread(
        0,
        30,
        "Attachments above 25 MB",
        "Do you raise the limit, or offer a link?",
        (
            Said(CUSTOMER, 2, "A link. The other side does not take 25 MB anyway."),
            Said(CUSTOMER, 8, "We raised it to 50 and regret it: the queue is full of returns."),
        ),
    ),
    Thread(
        2,
        21,
        "Out-of-office for a whole department",
        "Works council day: forty people away. Can I set it at one place?",
        (
            Said(
                TEAM,
                2,
                "By a rule of the domain for the group's members, with a start and an end. Forty"
                " single ones would each answer.",
                helped=True,
            ),
        ),
    ),
    Thread(
        1,
        9,
        "DMARC reports: how do you read them?",
        "We get forty XML files a day since `p=none`.",
        (Said(CUSTOMER, 5, "A small parser and a table a week. Nobody reads them by hand."),),
    ),
    Thread(
        0, 2, "IMAP idle drops after 29 minutes", "Firewall or server? Every client, every time."
    ),
)
WAITS = Thread(
    0,
    0,
    "First steps: licence key is not accepted",
    "Hello everybody, I installed 10.6.2 today and the key from the mail is refused with `invalid"
    " edition`. Am I looking at the wrong field?",
)
