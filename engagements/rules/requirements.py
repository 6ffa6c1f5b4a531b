"""The requirements of a GoLive project, as a sheet: what is asked, in which unit. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Question:
    key: str
    name: str
    unit: str = ""  # of a number; "" for a text


NUMBERS = (
    Question("users", "Users", "users"),
    Question("domains", "Domains", "domains"),
    Question("messages", "Messages a day and user", "messages"),
    Question("size", "Size of a message", "KB"),
    Question("concurrent", "Users at the same time, in the busiest 15 minutes", "users"),
    Question("quota", "Quota of a mailbox", "MB"),
    Question("growth", "Growth a year", "%"),
)
TEXTS = (
    Question("network", "Network: sites, lines, firewalls, directories"),
    Question("operation", "Daily operation: hours, back-up, who administers"),
    Question("musts", "What the pilot has to show"),
)
QUESTIONS = (*NUMBERS, *TEXTS)
