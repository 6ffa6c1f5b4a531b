"""docs/rules.md explains every rule that code, templates, tests and docs name, and each once."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict

import pytest

from tests.sources import ROOT, files

RULES = ROOT / "docs" / "rules.md"
EXPLAINED = re.compile(r"^- \*\*(rule \d+|[A-Z]{1,2}\d{1,2})\*\* (.+(?:\n  .+)*)", re.MULTILINE)
# Not inside a word, an encoded byte (=C3, %A9), a time (T12:00) or a class ([A-Z0-9]).
CODE = re.compile(r"(?<![\w=%#&;\-}])([A-Z]{1,2}\d{1,2})(?![\w]|:\d|-9\])")
PROGRAMME = re.compile(r"\brules? (\d{1,2})\b", re.IGNORECASE)
# What looks like a code: paper, headings of HTML and PDF, object stores.
NO_RULES = {"A4", "H1", "H2", "H3", "S3"}
TEXTS = (".py", ".html", ".txt", ".md", ".js", ".css", ".sql", ".sh")
NOT_BUILT, IN_PART = "*Not built yet", "*Built in part"


def explained() -> list[tuple[str, str]]:
    """(code, explanation) as they stand in docs/rules.md."""
    found = EXPLAINED.findall(RULES.read_text(encoding="utf-8"))
    return [(code, " ".join(text.split())) for code, text in found]


def codes_of(text: str) -> set[str]:
    programme = {f"rule {number}" for number in PROGRAMME.findall(text)}
    return (set(CODE.findall(text)) - NO_RULES) | programme


@pytest.fixture(scope="module")
def named() -> dict[str, set[str]]:
    """Each code that something outside of docs/rules.md names, with the files that do."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in files(*TEXTS):
        if path in (RULES, ROOT / "tests" / "test_rules.py"):
            continue
        for code in codes_of(path.read_text(encoding="utf-8")):
            found[code].add(path.relative_to(ROOT).as_posix())
    for story in json.loads((ROOT / "tests/cases/scenarios.json").read_text())["scenarios"]:
        for code in (story["id"], *story["rules"]):
            found[code].add("tests/cases/scenarios.json")
    return found


def by_code(named: dict[str, set[str]]) -> set[str]:
    """Those that not only documents name."""
    return {code for code, places in named.items() if any(not_a_document(one) for one in places)}


def not_a_document(place: str) -> bool:
    return not place.endswith(".md")


def test_every_code_that_is_named_is_explained(named):
    unknown = {code: places for code, places in named.items() if code not in dict(explained())}

    assert unknown == {}, "explain each in docs/rules.md; or is it none? Then NO_RULES is for it"


def test_no_rule_is_explained_twice():
    times = Counter(code for code, _ in explained())

    assert [code for code, count in times.items() if count > 1] == []


def test_a_rule_that_the_code_names_is_not_called_unbuilt(named):
    unbuilt = {code for code, text in explained() if NOT_BUILT in text}

    assert unbuilt & by_code(named) == set(), "built meanwhile? Then docs/rules.md says so"


def test_every_other_rule_is_named_where_it_is_kept(named):
    """`git grep -nw C8` leads to it. The programme's own rules are kept under finer codes, too."""
    kept = {code for code, text in explained() if NOT_BUILT not in text and IN_PART not in text}

    assert {code for code in kept if not code.startswith("rule ")} - by_code(named) == set()


@pytest.mark.parametrize(
    ("text", "codes"),
    (
        ("only a human's answer (C8, R1 to R3); rule 10", {"C8", "R1", "R3", "rule 10"}),
        ("R6: due is the earlier", {"R6"}),
        ("C8's second half, S31", {"C8", "S31"}),
        ("=?utf-8?q?J=C3=B3n?= 2026-01-01T12:00 AXG-B7 [A-Z0-9] A4", set()),
    ),
)
def test_codes_are_told_from_what_looks_alike(text, codes):
    assert codes_of(text) == codes
