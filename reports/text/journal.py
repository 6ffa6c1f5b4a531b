"""The kinds of journal entries about service reports (`core.kinds`)."""

from __future__ import annotations

from core.kinds import Kind


class ReportDrafted(Kind, key="report.drafted", text="Service report drafted", icon="file-text"):
    month: str


class ReportWords(Kind, key="report.words", text="Words of a service report written"):
    pass


class ReportIssued(
    Kind, key="report.issued", text="Service report issued", icon="file-text", tone="green"
):
    number: str


class ReportRevised(Kind, key="report.revised", text="Service report revised", tone="warm"):
    revises: str
    reason: str
