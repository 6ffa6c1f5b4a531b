"""A query of a report that forgets for whom it counts is seen: each filter is taken out once."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import sys
from collections.abc import Iterator
from datetime import date
from types import ModuleType
from typing import Any

import pytest

from reports import reads
from reports.reads import content as reading
from reports.reads import words
from reports.rules import figures as counting
from reports.rules.content import ReportContent
from tests import factories as make
from tests.reports.february import FEBRUARY, LATER

pytestmark = pytest.mark.django_db

FILTER = "organisation"


def modules() -> list[ModuleType]:
    """Of a report's figures; what its writer is offered is no part of it (`words`)."""
    names = [one.name for one in pkgutil.iter_modules(reads.__path__, f"{reads.__name__}.")]
    names.remove(words.__name__)
    return [importlib.import_module(name) for name in sorted(names)]


def filters_of(tree: ast.AST) -> Iterator[tuple[ast.Call, ast.keyword]]:
    """Each `.filter(organisation=...)`."""
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and getattr(call.func, "attr", "") == "filter":
            for keyword in call.keywords:
                if keyword.arg == FILTER:
                    yield call, keyword


def places() -> list[Any]:
    found = []
    for module in modules():
        for number, (call, _) in enumerate(filters_of(ast.parse(inspect.getsource(module)))):
            name = f"{module.__name__.rpartition('.')[2]}:{call.lineno}"
            found.append(pytest.param(module, number, id=name))
    return found


def without(module: ModuleType, number: int) -> ModuleType:
    """The same module with one of its filters forgotten."""
    tree = ast.parse(inspect.getsource(module))
    call, keyword = list(filters_of(tree))[number]
    call.keywords.remove(keyword)
    changed = ModuleType(module.__name__)
    exec(compile(tree, str(module.__file__), "exec"), vars(changed))
    return changed


def put_in(monkeypatch: pytest.MonkeyPatch, module: ModuleType, changed: ModuleType) -> None:
    """Let everybody who imported a function of the module call the changed one."""
    everybody = [one for name, one in sys.modules.items() if name.startswith(reads.__name__)]
    for name, function in vars(module).items():
        if inspect.isfunction(function) and function.__module__ == module.__name__:
            for one in everybody:
                if vars(one).get(name) is function:
                    monkeypatch.setattr(one, name, getattr(changed, name))


def traces(found: ReportContent) -> list[object]:
    """What a report of somebody without anything shows all the same."""
    trend = [(m.reported, m.solved, m.median_first_answer_seconds) for m in found.trend]
    engaged = found.engaged
    parts: tuple[Any, ...] = (
        *(found.incidents, found.people, found.levels, found.gold, found.satisfaction.given),
        *(engaged.engagements, engaged.contracts, engaged.trainings, engaged.findings),
    )
    return [*(each for part in parts for each in part), *counting.figures(found)] + [
        each for each in trend if any(each)
    ]


def test_nothing_is_shown_of_a_stranger(customer):
    assert traces(reading.content_of(customer, FEBRUARY, at=LATER)) == []


@pytest.mark.parametrize(("module", "number"), places())
def test_a_forgotten_filter_shows_the_strangers_month(monkeypatch, customer, module, number):
    put_in(monkeypatch, module, without(module, number))

    assert traces(reading.content_of(customer, FEBRUARY, at=LATER))


def test_the_words_of_a_stranger_are_never_offered(customer):
    report = make.make_report(customer, month=date(2026, 3, 1))
    make.make_report(month=date(2026, 2, 1), considerations="Of a stranger.")
    assert words.words_before(report) is None
    own = make.make_report(customer, month=date(2026, 2, 1), considerations="Our own.")
    assert words.words_before(report) == own


def test_each_query_of_a_report_is_among_them():
    assert len(places()) == 20
