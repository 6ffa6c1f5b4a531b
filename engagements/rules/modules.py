"""The product's modules and their settings, and the register of what was set when (N7). Pure.

What no source stated is marked `assumed`; the names are those of the vendor's documentation.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

STATE = "state"  # the setting of each module that says whether it is on


@dataclass(frozen=True)
class Setting:
    key: str
    name: str
    default: str = ""
    assumed: bool = False


@dataclass(frozen=True)
class Module:
    key: str
    name: str
    settings: tuple[Setting, ...]


def _service(key: str, name: str, listeners: str, *more: Setting, on: str = "on") -> Module:
    """A service: on or off, its listeners, limits, log level."""
    usual = (
        Setting(STATE, "State", on, assumed=True),
        Setting("listeners", "Listeners", listeners),
        Setting("access", "Access rules", "none", assumed=True),
        Setting("connections", "Connections at most", "", assumed=True),
        Setting("log_level", "Log level", "protocol", assumed=True),
    )
    return Module(key, name, (*usual, *more))


# As delivered; a manager's version comes before it (`reads.catalogue.modules_now`).
MODULES = (
    _service(
        "smtp_in",
        "SMTP Receiving",
        "25, 465, 587",
        Setting("spf", "SPF check", "on", assumed=True),
        Setting("acceptance", "Acceptance rules", "none", assumed=True),
    ),
    Module(
        "processing",
        "Processing",
        (
            Setting(STATE, "State", "on"),
            Setting("first_retry", "First retry", "5 min"),
            Setting("retries", "Retries", "20"),
            Setting("notify_after", "Notify the sender after", "4"),
            Setting("queue_path", "Queue path"),
        ),
    ),
    _service("smtp_out", "SMTP Sending", "none", Setting("routing", "Routing rules", "none")),
    _service("imap", "IMAP", "143, 993"),
    _service("pop3", "POP3", "110, 995"),
    _service("webmail", "WebMail", "80, 443", Setting("upload", "Upload limit", "", assumed=True)),
    _service("webadmin", "WebAdmin", "9000"),
    _service("cli", "CLI", "7000"),
    _service("ftp_backup", "FTP Backup", "21", on="off"),
    _service("rpop", "RPOP", "none", on="off"),
    Module("dnr", "DNR", (Setting(STATE, "State", "on"), Setting("servers", "Name servers"))),
    Module("log", "Logging", (Setting(STATE, "State", "on"), Setting("target", "Target"))),
    Module(
        "reporting",
        "Reporting",
        (Setting(STATE, "State", "on"), Setting("snmp", "SNMP, read only", "off", assumed=True)),
    ),
    Module(
        "filters",
        "Filters",
        (
            Setting(STATE, "State", "on", assumed=True),
            Setting("antivirus", "Antivirus"),
            Setting("antispam", "Antispam"),
            Setting("greylist", "Greylisting", "off", assumed=True),
        ),
    ),
    Module(
        "storage",
        "Storage",
        (
            Setting(STATE, "State", "on"),
            Setting("files", "Files", "128 of 1 GB"),
            Setting("storages", "Storages a domain", "3"),
        ),
    ),
    Module(
        "cluster",
        "Cluster",
        (
            Setting(STATE, "State", "off", assumed=True),
            Setting("proxies", "Proxies"),
            Setting("floating_ip", "Floating address"),
        ),
    ),
    Module("activesync", "ActiveSync", (Setting(STATE, "State", "off", assumed=True),)),
)


def settings_of(modules: Sequence[Module]) -> dict[tuple[str, str], tuple[Module, Setting]]:
    """By the keys of module and setting."""
    return {
        (module.key, setting.key): (module, setting)
        for module in modules
        for setting in module.settings
    }


@dataclass(frozen=True)
class Change:
    """One value that was set: `before` is "" for what was never set."""

    at: datetime
    by: str
    host: str
    module: str  # its name then
    setting: str  # its name then
    before: str
    after: str
    reason: str


Key = tuple[str, str, str]  # host, module, setting


def state_at(changes: Iterable[Change], at: datetime) -> dict[Key, str]:
    """Every value as it stood at `at`, from the changes in their order."""
    found: dict[Key, str] = {}
    for one in changes:
        if one.at <= at:
            found[one.host, one.module, one.setting] = one.after
    return found
