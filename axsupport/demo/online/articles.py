"""Forty articles about a mail server, each as a support team would write it."""

from __future__ import annotations

from dataclasses import dataclass

SHELVES = (
    "Sending and receiving mail",
    "Webmail and mail programs",
    "Phones and push mail",
    "Accounts, quotas and domains",
    "Security and certificates",
    "Backup, storage and updates",
    "For our engineers",
)


@dataclass(frozen=True)
class Written:
    """`shelf` is the place of its category; `audience` as `resources.enums` names it."""

    shelf: int
    title: str
    summary: str
    body: str
    audience: str = "registered"
    versions: tuple[str, ...] = ()
    editions: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()


def _steps(happens: str, helps: str, *steps: str, look: str = "") -> str:
    listed = "\n".join(f"{number}. {step}" for number, step in enumerate(steps, 1))
    end = f"\n\n# How to see that it worked\n\n{look}" if look else ""
    return f"# What happens\n\n{happens}\n\n# What helps\n\n{helps}\n\n{listed}{end}"


ARTICLES = (
    Written(
        0,
        "Mail to one domain stays in the queue",
        "The queue names the answer of the other server: it decides what helps.",
        _steps(
            "Mails to most addresses leave at once, those to one domain wait for hours and come"
            " back after five days.",
            "The queue keeps the last answer of the other server. Read it before anything else.",
            "Open **Queue** and choose a mail to that domain; its last answer is in the details.",
            "`421` or `451`: the other side is busy or greylists. Wait; it is tried again.",
            "`550 5.7.1`: your address is on a list. Look it up and ask for its removal.",
            "No answer at all: test port 25 from the server itself with `telnet mx.their.example 25`.",
            look="The number beside the domain in **Queue** falls within two retry intervals.",
        ),
        audience="everybody",
    ),
    Written(
        0,
        "Which ports a mail server needs open",
        "25, 465, 587, 993, 995, 443: what each is for, and from where it must be reached.",
        "# Ports from the internet\n\n| Port | For | From |\n|---|---|---|\n"
        "| 25 | mail of other servers (SMTP) | everywhere |\n"
        "| 465, 587 | people who send (with a password) | everywhere |\n"
        "| 993 | IMAP over TLS | everywhere |\n| 995 | POP3 over TLS | where it is still used |\n"
        "| 443 | webmail, ActiveSync, CalDAV | everywhere |\n\n"
        "# Ports from inside alone\n\n9000 (administration) and 7000 (command line) belong behind"
        " the firewall.\n\n# A test\n\n```\nopenssl s_client -connect mail.example.com:993\n```\n\n"
        "shows the certificate and `* OK`.",
        audience="everybody",
    ),
    Written(
        0,
        "Set up SPF, DKIM and DMARC for your domain",
        "Three records in DNS keep your mail out of the spam folder of others.",
        "# SPF\n\nOne TXT record at the domain names who may send: `v=spf1 mx -all`. Never two.\n\n"
        "# DKIM\n\n1. **Domains > your domain > DKIM**: make a key of 2048 bits.\n"
        "2. Put the TXT record that is shown into DNS at `axigen._domainkey`.\n"
        "3. Switch signing on once `dig TXT axigen._domainkey.example.com` shows it.\n\n"
        "# DMARC\n\nBegin with `v=DMARC1; p=none; rua=mailto:dmarc@example.com`, read the reports"
        " for two weeks, then `p=quarantine`.\n\n# Common mistakes\n\n- a newsletter service that"
        " SPF does not name\n- a key that DNS cut into two parts with a space between",
        audience="everybody",
    ),
    Written(
        0,
        "A relay refuses our mail with 550 5.7.1",
        "Either SPF does not name the server, or the relay wants a password.",
        _steps(
            "A smarthost answers `550 5.7.1 Relaying denied` since it was changed.",
            "A relay knows you by your address or by name and password.",
            "**Routing > Smarthost**: is the name that of the new relay?",
            "Switch authentication on, and test with the button beside it.",
            "Ask the provider whether your present address is on its list.",
        ),
    ),
    Written(
        0,
        "Mails arrive twice",
        "A filter that copies, a list within a list, or a POP collector that forgets.",
        _steps(
            "Every mail, or those of one sender, are in the inbox twice.",
            "Compare the `Message-ID` of both. The same one: it was delivered twice.",
            "Look for a rule that copies into the inbox, in webmail and on the account.",
            "A person in two lists that both got the mail: switch **Deliver once** on.",
            "A POP collector: let it keep what it saw (`UIDL`) instead of deleting.",
        ),
    ),
    Written(
        0,
        "Large attachments are refused",
        "Three limits apply: of the listener, of the account, of the other side.",
        _steps(
            "`552 5.3.4 Message size exceeds fixed limit` for mails over 10 MB.",
            "An attachment grows by a third on its way. For 20 MB allow 28.",
            "**SMTP receiving > Limits**: maximum size.",
            "**Account > Sending**: the limit of the class of service.",
            "What the other side takes is in its answer to `EHLO` (`SIZE`).",
        ),
    ),
    Written(
        0,
        "Out-of-office answers go to mailing lists",
        "Answer only mails that name you in To or Cc, once a week for each sender.",
        "# What helps\n\nIn **Webmail > Settings > Vacation** choose *Only mails that are addressed"
        " to me*. Lists name their own address, so they are passed over.\n\n# For a whole domain\n\n"
        "```\nUPDATE DOMAIN name example.com\nSET vacationOnlyWhenNamed yes\nCOMMIT\n```",
    ),
    Written(
        1,
        "Webmail shows an empty inbox",
        "The folder index is damaged; building it again takes minutes and loses nothing.",
        _steps(
            "After a power cut webmail shows an empty inbox to some people; the quota still counts"
            " their mails.",
            "The mails are there, the index of the folder is not. It can be built again while the"
            " server runs.",
            "`axigen-cli account ana@example.com`",
            "`REBUILD FOLDERINDEX inbox`",
            "Wait for `OK`; 10,000 mails take about a minute.",
            "Ask the person to sign in to webmail again.",
            look="The number at the folder is that of `LIST FOLDER inbox`.",
        ),
        versions=("10.5", "10.6"),
    ),
    Written(
        1,
        "IMAP programs lose their connection every few minutes",
        "A firewall closes silent connections; let the server speak more often.",
        _steps(
            "Outlook and Thunderbird show *connection lost*, mostly after five or ten minutes.",
            "A firewall or NAT on the way forgets connections on which nobody speaks.",
            "**IMAP > Control rules**: set *IDLE keep-alive* to 120 seconds.",
            "On the firewall set the time-out of established connections to an hour.",
            "If a single person sees it: look at their VPN.",
        ),
        audience="everybody",
    ),
    Written(
        1,
        "IMAP stops answering when too many programs are open",
        "Phones and tablets count as well: raise the limit for each account.",
        _steps(
            "Some people see *too many simultaneous connections*.",
            "Each program opens up to five connections, a phone two more.",
            "**IMAP > Control rules**: *connections from one account*, 20 is a good value.",
            "`log level imap 5` for an hour shows who opens most.",
        ),
    ),
    Written(
        1,
        "Set up Outlook with IMAP and a shared calendar",
        "Mail by IMAP, calendar and contacts by the connector.",
        "# Mail\n\n1. **File > Add account**, address and password.\n2. IMAP: your server, port"
        " 993, SSL/TLS. SMTP: port 465, SSL/TLS.\n\n# Calendar and contacts\n\n1. Install the"
        " connector from the downloads of your licence.\n2. Choose the same address; the first"
        " comparison takes some minutes.\n\n# Shared calendars\n\nThey appear below *Shared with"
        " me* as soon as their owner gives the right *Reviewer*.",
        editions=("business",),
    ),
    Written(
        1,
        "Calendar invitations show the wrong hour",
        "An invitation without a time zone is read in the server's.",
        _steps(
            "Meetings of one organiser are an hour early or late, in summer alone.",
            "Their program writes times without a zone (known defect AX-10412).",
            "Ask the organiser to set the zone of their calendar program.",
            "Until the update: **Domain > Calendar > Zone of invitations without one**.",
        ),
        versions=("10.5", "10.6"),
    ),
    Written(
        1,
        "Search in webmail finds nothing that is new",
        "The search index waits; see how far behind it is and let it catch up by night.",
        _steps(
            "Mails of the last days can be read and not found.",
            "The index is written beside the work of the day.",
            "`SHOW INDEXER` says how many mails wait.",
            "`SET indexerPriority high` for one night.",
            "If the number does not fall: `REBUILD SEARCHINDEX` for the account.",
        ),
    ),
    Written(
        1,
        "Share a folder with colleagues",
        "Rights are given on the folder; who has them subscribes to it.",
        "# Give the right\n\nIn webmail: right click on the folder, **Share**, name the colleague,"
        " choose *Reader* or *Editor*.\n\n# Use it\n\nThe folder appears below *Shared with me*."
        " Mail programs need a subscription: **Folders > Subscribe**.\n\n# Take it back\n\nThe same"
        " dialogue. What was copied stays where it was copied to.",
        audience="everybody",
    ),
    Written(
        1,
        "Thunderbird asks for the password again and again",
        "After two wrong tries from one network the account waits ten minutes.",
        _steps(
            "The password is right in webmail, Thunderbird asks for it every minute.",
            "Another device still tries an old password, and the account is held.",
            "**Reporting > Failed sign-ins** names the addresses of the last hour.",
            "Change the password on that device, or remove the account there.",
            "Wait ten minutes, or **Account > Let in again**.",
        ),
    ),
    Written(
        2,
        "Push mail on phones comes late",
        "ActiveSync waits for the next poll if its long request is cut off on the way.",
        _steps(
            "New mail is on the phone after 15 or 30 minutes instead of at once.",
            "Push is one long request. A proxy that ends it after a minute makes a poll of it.",
            "On the proxy: time-out of `/Microsoft-Server-ActiveSync` at least 3600 seconds.",
            "**Mobile > Heartbeat**: between 8 and 30 minutes.",
            "After a failover restart the mobile service (known defect AX-10387).",
        ),
        versions=("10.5", "10.6"),
    ),
    Written(
        2,
        "Set up an iPhone or iPad",
        "Exchange account: server name, address, password; nothing else.",
        "# Steps\n\n1. **Settings > Mail > Accounts > Add > Microsoft Exchange**\n2. Address, then"
        " *Configure manually*\n3. Server: the name by which webmail is opened. Domain: empty. User"
        " name: the whole address\n4. Choose mail, contacts, calendars\n\n# If it does not verify\n\n"
        "The certificate has to name the server, and its chain has to be whole: see *A certificate"
        " is not trusted by phones*.",
        audience="everybody",
    ),
    Written(
        2,
        "Set up an Android phone",
        "Exchange and Office 365 as the kind of account, port 443.",
        "# Steps\n\n1. **Settings > Accounts > Add > Exchange**\n2. Address and password\n3. Server:"
        " the name by which webmail is opened; port 443; SSL\n4. Accept that the server may wipe"
        " the phone: it is a rule of the protocol\n\n# Battery\n\nSwitch the saving of power off for"
        " the mail app, or push becomes a poll.",
        audience="everybody",
    ),
    Written(
        2,
        "A lost phone: wipe it",
        "From webmail by its owner, or by an administrator; it happens when the phone connects.",
        "# By the owner\n\n**Webmail > Settings > Mobile devices**, choose it, **Wipe**.\n\n# By an"
        " administrator\n\n**Account > Mobile > Devices**.\n\n# After it\n\nThe phone is empty at its"
        " next connection. Change the password all the same: a phone without network is not"
        " reached.",
    ),
    Written(
        2,
        "Contacts are doubled on phones",
        "Two accounts bring the same contacts: choose one of them.",
        _steps(
            "Each contact is shown twice or three times.",
            "The phone has the account by ActiveSync and by CardDAV, or an old copy of SIM card.",
            "Choose one way and switch contacts off in the other.",
            "Delete the account on the phone and add it again; the server keeps everything.",
        ),
    ),
    Written(
        3,
        "A mailbox is full although little is in it",
        "The waste basket and what was removed by IMAP count until they are emptied.",
        _steps(
            "`452 4.2.2 Mailbox full` with some hundred mails in the inbox.",
            "Mails that IMAP marked as deleted still use room.",
            "**Account > Quota** shows the largest folders.",
            "Empty the waste basket, then `COMPACT FOLDER` for each.",
            "**Domain > Waste basket > Empty after 30 days** keeps it so.",
        ),
        audience="everybody",
    ),
    Written(
        3,
        "Raise the quota of a mailbox",
        "By account, by class of service, or for the whole domain.",
        "# One account\n\n`UPDATE ACCOUNT ana` then `SET totalMessageSize 10GB`.\n\n# Many\n\nChange"
        " the class of service: it holds at once for all that have it.\n\n# What wins\n\nThe account's"
        " own value, then the class of service, then the domain's.",
    ),
    Written(
        3,
        "Move accounts from another server",
        "Automatic migration copies each mailbox at the first sign-in.",
        "# Before\n\n- Lower the TTL of your MX record to 300 a day before\n- Give each account the"
        " same name and password as on the old server\n\n# Migration\n\n1. **Domain > Migration**:"
        " IMAP, old server, port 993\n2. Each person's mail is fetched when they sign in\n3."
        " `SHOW MIGRATION` says who is still missing\n\n# After\n\nLet the old server run two weeks"
        " longer: mail that came there is fetched as well.",
        levels=("premium", "gold", "golive", "first"),
        audience="levels",
    ),
    Written(
        3,
        "Take accounts from Active Directory",
        "LDAP synchronisation in one direction; passwords stay in the directory.",
        _steps(
            "People are kept in Active Directory and shall not be kept twice.",
            "The server reads the directory every 15 minutes and asks it for passwords.",
            "**Clustering > LDAP connectors**: server, port 636, a reading account.",
            "Map `mail`, `displayName`, `memberOf`.",
            "Run it once with *Only show what would change*.",
        ),
        editions=("business",),
    ),
    Written(
        3,
        "An account that somebody left: keep, forward, close",
        "Forward for a month, then close; its mails stay as long as you say.",
        "# The day they leave\n\nChange the password, wipe their phone, set an answer that names a"
        " colleague.\n\n# For a month\n\nForward to the colleague.\n\n# Then\n\nExport the mailbox,"
        " close the account. Aliases can be given to somebody else.",
        audience="everybody",
    ),
    Written(
        3,
        "Add a second domain",
        "Domain, MX, certificate, DKIM: in this order.",
        "1. **Domains > Add**; its administrator is asked for\n2. MX record to the same server\n3."
        " Add the name to the certificate\n4. A DKIM key of its own\n5. Send a mail in each"
        " direction",
    ),
    Written(
        4,
        "A certificate is not trusted by phones",
        "The chain is not whole: put the issuer's certificates into the same file.",
        _steps(
            "Browsers are content, phones and some servers say *not trusted*.",
            "Browsers fetch what is missing in a chain, others do not.",
            "`openssl s_client -connect mail.example.com:993 -showcerts` shows what is sent.",
            "Put your certificate, then the issuer's, into one file in this order.",
            "Choose it for each listener: IMAP, SMTP, webmail.",
            look="The command says `Verify return code: 0 (ok)`.",
        ),
        audience="everybody",
    ),
    Written(
        4,
        "Renew a certificate without a pause",
        "Load the new one beside the old, then change the listeners one after the other.",
        "1. **Security > Certificates > Add**\n2. Change webmail first, look at it in a browser\n3."
        " Then IMAP and SMTP. Connections that are open keep the old one\n4. Remove the old one"
        " after a day",
    ),
    Written(
        4,
        "The server sends spam in somebody's name",
        "Close the account, empty the queue of it, find where the password was used.",
        _steps(
            "The queue holds thousands of mails of one account, other servers refuse yours.",
            "A password is known to somebody else.",
            "Change the password and end its sessions: `KICK ACCOUNT ana`.",
            "**Queue**: choose by sender and remove.",
            "**Reporting > Sign-ins**: the addresses from which it was used.",
            "Limit each account to 200 mails an hour, so that it never goes so far again.",
        ),
    ),
    Written(
        4,
        "Spam comes through since the update",
        "The filter's rules were not fetched: see when they were, and fetch them.",
        _steps(
            "Far more spam reaches people since an update.",
            "The new version fetches its rules from another address, which a firewall may not let"
            " through.",
            "**AntiSpam > Status**: *rules of* must be younger than a day.",
            "Let the server reach port 443 of the address that is shown there.",
            "`UPDATE RULES` and look again.",
        ),
        levels=("premium", "gold", "golive"),
        audience="levels",
        versions=("10.6",),
    ),
    Written(
        4,
        "Two-factor sign-in for webmail",
        "By domain, with a code of an app; programs get passwords of their own.",
        "# Switch it on\n\n**Domain > Webmail > Two-factor**: *offered* or *asked of all*.\n\n#"
        " Programs and phones\n\nThey can not ask for a code: each gets a password of its own in"
        " **Webmail > Security > App passwords**.\n\n# A lost phone\n\nAn administrator removes the"
        " second factor: **Account > Security**.",
        versions=("10.6",),
    ),
    Written(
        4,
        "Old mail programs can not connect: TLS 1.0 is off",
        "Since 10.5 TLS 1.2 is the least. Update the program, or open a listener for it alone.",
        _steps(
            "Outlook 2010 or a scanner can not connect since the update.",
            "They speak TLS 1.0, which is switched off since it is not safe.",
            "Update the program where that can be done.",
            "For a scanner: a listener on an inner address alone, with *TLS 1.0*.",
        ),
        versions=("10.5", "10.6"),
    ),
    Written(
        5,
        "Back up the server while it runs",
        "FTP backup or a snapshot of the volume; never a plain copy of open files.",
        "# Snapshot\n\n`axigen-cli FREEZE STORAGE`, snapshot, `THAW STORAGE`: a pause of"
        " seconds.\n\n# By FTP\n\nEach account is a folder, mails are files: single mails can be"
        " fetched back.\n\n# What to test\n\nFetch one mailbox back every quarter. A backup that"
        " nobody has read is a hope.",
    ),
    Written(
        5,
        "Restore a single mailbox",
        "From an FTP backup: as a folder beside the present ones.",
        _steps(
            "Somebody deleted a folder, or all of it.",
            "Restore beside what is there, and let the person choose.",
            '`RESTORE ACCOUNT ana TO FOLDER "Restored"`',
            "The person moves what they need, and removes the folder.",
        ),
        levels=("premium", "gold", "golive", "first"),
        audience="levels",
    ),
    Written(
        5,
        "Update the server",
        "Read the notes, back up, stop, install, start, look: half an hour.",
        "# Before\n\n1. Read the release notes from your version on\n2. Back up, and know that you"
        " can read it\n3. Tell people: mail waits, none is lost\n\n# The update\n\n```\nsystemctl stop"
        " axigen\nsh axigen-10.6.2.x86_64.deb.run\nsystemctl start axigen\n```\n\n# After\n\n`SHOW"
        " VERSION`, send a mail in each direction, look at the log for `ERROR`.",
        audience="everybody",
    ),
    Written(
        5,
        "Go back to the version before",
        "Possible within a minor version; storage of a newer one can not be read by an older.",
        "# Within 10.6\n\nInstall the older package over the newer one.\n\n# From 10.6 to 10.5\n\nThe"
        " storage has another form: only from the backup of before the update.",
    ),
    Written(
        5,
        "The disk of the storage is nearly full",
        "What grows, what may go, and how to add room while the server runs.",
        _steps(
            "`Storage location is 95 % full` in the log.",
            "Mail is refused at 99 %, so add room before.",
            "`du -sh /var/opt/axigen/*`: queue, log or domains?",
            "Logs: **Logging > Keep 14 days**.",
            "Domains: add a second storage location; new accounts go there.",
            "`COMPACT STORAGE` by night gives back what was deleted.",
        ),
    ),
    Written(
        5,
        "Move the server to another machine",
        "Copy once while it runs, once more while it stands, then change the address.",
        "1. Install the same version there\n2. `rsync -a /var/opt/axigen/` while the old one"
        " runs\n3. Stop the old one, the same again: minutes\n4. Move the address or change DNS\n5."
        " Register the licence anew: it knows the machine",
        editions=("business", "office"),
    ),
    Written(
        6,
        "What we ask for before we escalate to TS2",
        "Version, what changed, the log of the protocol at level 5, how to see it again.",
        "# Always\n\n- `SHOW VERSION` and the operating system\n- what changed before it began\n- the"
        " protocol's log at level 5, with the time of one case\n\n# For the queue\n\nThe headers of a"
        " mail, not a picture of them.\n\n# For webmail\n\nBrowser, language, and whether a private"
        " window shows it.",
        audience="staff",
    ),
    Written(
        6,
        "Read a core dump with the symbols of the build",
        "Which symbols, which commands, what TS3 wants to see.",
        "```\ngdb /opt/axigen/bin/axigen core.1234\nthread apply all bt full\n```\n\nThe symbols of a"
        " build are with TS3. Send the text, never the dump: it holds people's mail.",
        audience="staff",
    ),
)
