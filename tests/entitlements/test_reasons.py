"""Reasons are kept as codes and facts, and said when somebody looks, in the reader's language."""

from __future__ import annotations

import ast
from pathlib import Path

from entitlements.rules import resolver
from entitlements.text.reasons import (
    REASON_CODES,
    REMEDY_CODES,
    considered_in_words,
    remedies_in_words,
)

TREE = ast.parse(Path(resolver.__file__).read_text(encoding="utf-8"))


def texts(tree: ast.AST) -> set[str]:
    return {
        one.value
        for one in ast.walk(tree)
        if isinstance(one, ast.Constant) and isinstance(one.value, str)
    }


def test_every_code_of_the_resolver_has_its_words():
    remedies = [
        one
        for one in ast.walk(TREE)
        if isinstance(one, ast.Call) and getattr(one.func, "id", "") == "Remedy"
    ]
    found = {one.args[0].value for one in remedies if isinstance(one.args[0], ast.Constant)}

    assert found == REMEDY_CODES
    assert texts(TREE) >= REASON_CODES, "words for a code that the resolver never finds"


def test_a_decision_of_before_keeps_the_sentences_of_its_day():
    old = [{"id": "basic:1", "level": "basic", "label": "Basic", "code": "expired"}]
    old[0]["sentence"] = "Basic is over since a while."

    assert considered_in_words(old) == old
    assert remedies_in_words(["Renew it."]) == ["Renew it."]


def test_facts_do_not_leave_with_the_words():
    kept = [{"id": "b", "level": "basic", "label": "Basic", "code": "other_licence", "facts": {}}]

    assert considered_in_words(kept) == [
        {
            "id": "b",
            "level": "basic",
            "label": "Basic",
            "code": "other_licence",
            "sentence": "Basic belongs to another licence.",
        }
    ]
