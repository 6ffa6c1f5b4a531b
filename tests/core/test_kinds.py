"""Each kind of journal entry is declared, once, with its facts and its words."""

from __future__ import annotations

import ast
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

import pytest

from core.kinds import Kind, UndeclaredFacts, check, kinds, looks_of, people_in, words_of
from core.models import JournalEntry
from tests.sources import ROOT, files

# Kinds whose key is put together where they are written; all of each are declared.
PUT_TOGETHER = ("call_back.", "rota.swap_", "incident.defect_")
WRITERS = {"record", "entry"}


def written() -> dict[str, set[str]]:
    """Every key that our code writes as it stands, with the facts that stand there."""
    found: dict[str, set[str]] = {}
    for module in files(".py"):
        if "tests" in module.relative_to(ROOT).parts:
            continue
        for call in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call) or not call.args:
                continue
            name = getattr(call.func, "id", getattr(call.func, "attr", ""))
            key = call.args[0]
            if name in WRITERS and isinstance(key, ast.Constant) and "." in str(key.value):
                facts = {one.arg for one in call.keywords if one.arg} - {"at", "by", "rule"}
                found.setdefault(str(key.value), set()).update(facts)
    return found


def test_every_kind_that_is_written_is_declared_with_its_facts():
    said = written()

    assert len(said) > 90, "the test does not find the entries any more"
    assert {key for key in said if key not in kinds and not key.startswith("demo.")} == set()
    for key, facts in said.items():
        check(key, facts)


def test_facts_that_nobody_declared_are_refused():
    with pytest.raises(UndeclaredFacts, match=r"incident\.filed has no colour"):
        check("incident.filed", ["channel", "colour"])
    check("never.declared", ["anything"])


def test_a_kind_is_declared_once():
    with pytest.raises(ValueError, match="declared twice"):

        class Other(Kind, key="incident.filed"):
            pass


@pytest.mark.parametrize("key", sorted(kinds))
def test_an_entry_of_an_earlier_release_reads_with_what_it_has(key: str):
    """Its facts may be fewer; whoever looks gets a sentence and never an error."""
    kind = kinds[key]
    said = kind.read(_facts(kind)).words(lambda pk: "Ana")

    assert said.text
    assert "None" not in said.text
    assert words_of(JournalEntry(kind=key, facts={"unknown": 1} | _facts(kind)), str).text


def _facts(kind: type[Kind]) -> dict[str, Any]:
    samples = {
        "channel": "email",
        "level": "premium",
        "outcome": "talked",
        "direction": "in",
        "due_at": datetime(2026, 6, 15, tzinfo=UTC).isoformat(),
        "pressed_at": datetime(2026, 6, 15, tzinfo=UTC).isoformat(),
        "told": [1, 2],
        "names": ["Nora"],
        "why": ["550 no such user"],
        "messages": [4],
        "people": [7],
    }
    facts: dict[str, Any] = {one.name: samples.get(one.name, 1) for one in fields(kind)}  # type: ignore[arg-type]
    moment = datetime(2026, 6, 15, tzinfo=UTC).isoformat()
    if key := {"response_target.moved": ("before", "after")}.get(kind.entry_kind):
        facts |= dict.fromkeys(key, moment)
    if kind.entry_kind == "incident.state":
        facts |= {"before": "new", "after": "open"}
    if kind.entry_kind == "incident.put_right":
        facts |= {"before": {"licence": "A-1"}, "after": {"licence": "A-2"}}
    if kind.entry_kind == "schedule.set":
        facts |= {"before": {}, "after": {"when": "Mondays, 07:00"}}
    return facts


def test_people_are_read_by_name():
    entries = [
        JournalEntry(
            kind="incident.assigned", facts={"before": None, "after": 7, "reason": "taken"}
        ),
        JournalEntry(kind="response_target.warned", facts={"percent": 75, "told": [8, 9]}),
        JournalEntry(kind="incident.state", facts={"before": "new", "after": "open"}),
        JournalEntry(kind="never.declared", facts={"after": 10}),
    ]

    assert people_in(entries) == {7, 8, 9}
    assert words_of(entries[0], lambda pk: f"No. {pk}").text == "No. 7 took it"
    assert words_of(entries[1], lambda pk: f"No. {pk}").detail == "Told: No. 8, No. 9"
    assert looks_of("never.declared").text == "Never declared"
