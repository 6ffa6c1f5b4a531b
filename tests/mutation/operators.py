"""The faults: what is changed in a syntax tree, one place at a time.

Signs and their edges, and/or, not, arithmetic, numbers, truth, min/max, any/all, what is returned,
whether a branch is taken, whether a statement is there at all. Texts are not touched: sentences
are for people, and the tests quote those that matter.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SWAPS: dict[type[ast.AST], Callable[[], Any]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Div: ast.Mult,
    ast.Mod: ast.Add,
}
NAMES = {"min": "max", "max": "min", "any": "all", "all": "any"}


@dataclass(frozen=True)
class Mutant:
    """The `number`-th fault of a module. `owner` is the function or constant that it is in."""

    path: str  # from the checkout
    number: int
    owner: str
    first: int  # the lines of the statement
    last: int
    words: str  # what is changed into what

    @property
    def key(self) -> str:
        return f"{self.path}:{self.first} {self.words}"


def mutants_of(root: Path, path: Path) -> list[Mutant]:
    """All faults that are put into one module."""
    tree = ast.parse(path.read_bytes())
    name = str(path.relative_to(root))
    return [
        Mutant(name, number, place.owner, place.first, place.last, place.words)
        for number, place in enumerate(_places(tree))
    ]


def mutated(source: bytes, number: int) -> ast.Module:
    """The module with its `number`-th fault."""
    tree = ast.parse(source)
    for n, place in enumerate(_places(tree)):
        if n == number:
            place.change()
            return ast.fix_missing_locations(tree)
    raise IndexError(number)


@dataclass
class _Place:
    owner: str
    first: int
    last: int
    words: str
    parent: Any
    field: str
    index: int | None
    fresh: ast.AST

    def change(self) -> None:
        if self.index is None:
            setattr(self.parent, self.field, self.fresh)
        else:
            getattr(self.parent, self.field)[self.index] = self.fresh


def _places(tree: ast.Module) -> Iterator[_Place]:
    for node in tree.body:
        yield from _of_definition(node, "")


def _of_definition(node: ast.stmt, within: str) -> Iterator[_Place]:
    """Of a function, or a constant of the module; of a class its methods."""
    match node:
        case ast.ClassDef():
            for one in node.body:
                if isinstance(one, ast.FunctionDef | ast.ClassDef):
                    yield from _of_definition(one, f"{within}{node.name}.")
        case ast.FunctionDef():
            for index, one in enumerate(node.body):
                yield from _of_statement(node, "body", index, one, within + node.name)
        case (
            ast.Assign(targets=[ast.Name(id=name)], value=value)
            | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value)
        ):
            yield from _placed(_of_expression(node, "value", None, value), node, name)


def _of_statement(
    parent: Any, field: str, index: int, node: ast.stmt, owner: str
) -> Iterator[_Place]:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return  # a docstring
    yield from _placed(_whole(parent, field, index, node), node, owner)
    for name, where, one in _children(node):
        if isinstance(one, ast.stmt):
            yield from _of_statement(node, name, where or 0, one, owner)
        elif isinstance(one, ast.ExceptHandler | ast.match_case):
            for n, inner in enumerate(one.body):
                yield from _of_statement(one, "body", n, inner, owner)
        elif name not in ("annotation", "returns", "args"):
            yield from _placed(_of_expression(node, name, where, one), node, owner)


def _children(node: ast.AST) -> Iterator[tuple[str, int | None, ast.AST]]:
    """Field, place in it where it is a list, and node."""
    for name, value in ast.iter_fields(node):
        if isinstance(value, ast.AST):
            yield name, None, value
        elif isinstance(value, list):
            yield from ((name, n, one) for n, one in enumerate(value) if isinstance(one, ast.AST))


def _whole(parent: Any, field: str, index: int, node: ast.stmt) -> Iterator[_Place]:
    """Changes of the statement itself."""
    fresh: ast.stmt
    if isinstance(node, ast.Return) and node.value is not None and not _is_none(node.value):
        fresh, words = ast.Return(ast.Constant(None)), "return nothing"
    elif isinstance(node, ast.If | ast.While):
        fresh, words = _with(node, "test", _not(node.test)), f"not {_said(node.test)}"
    elif isinstance(node, ast.Expr | ast.AugAssign | ast.Raise):
        fresh, words = ast.Pass(), f"without {_said(node)}"
    elif isinstance(node, ast.Break | ast.Continue):
        fresh = ast.Continue() if isinstance(node, ast.Break) else ast.Break()
        words = f"{_said(node)} -> {_said(fresh)}"
    else:
        return
    yield _Place("", 0, 0, words, parent, field, index, ast.copy_location(fresh, node))


def _of_expression(parent: Any, field: str, index: int | None, node: ast.AST) -> Iterator[_Place]:
    for fresh in _others(node):
        words = f"{_said(node)} -> {_said(fresh)}"
        yield _Place("", 0, 0, words, parent, field, index, fresh)
    if not isinstance(node, ast.JoinedStr):
        for name, where, one in _children(node):
            yield from _of_expression(node, name, where, one)


def _others(node: ast.AST) -> Iterator[ast.AST]:
    """What could stand there instead."""
    match node:
        case ast.Compare():
            for n, sign in enumerate(node.ops):
                signs = [*node.ops[:n], SWAPS[type(sign)](), *node.ops[n + 1 :]]
                yield _with(node, "ops", signs)
        case ast.BoolOp() | ast.BinOp() if type(node.op) in SWAPS and not _is_of_text(node):
            yield _with(node, "op", SWAPS[type(node.op)]())
        case ast.UnaryOp(op=ast.Not()):
            yield node.operand
        case ast.IfExp():
            yield _with(node, "test", _not(node.test))
        case ast.Constant(value=bool() | int() | float() as value):
            yield _with(node, "value", not value if isinstance(value, bool) else value + 1)
        case ast.Name(ctx=ast.Load()) if node.id in NAMES:
            yield _with(node, "id", NAMES[node.id])


def _with(node: Any, field: str, value: Any) -> Any:
    fresh = copy.copy(node)
    setattr(fresh, field, value)
    return fresh


def _not(test: ast.expr) -> ast.expr:
    return ast.UnaryOp(ast.Not(), test)


def _is_none(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _is_of_text(node: ast.BoolOp | ast.BinOp) -> bool:
    """Such as a sentence that is put together."""
    return isinstance(node, ast.BinOp) and any(
        isinstance(one, ast.JoinedStr)
        or (isinstance(one, ast.Constant) and isinstance(one.value, str | bytes))
        for one in (node.left, node.right)
    )


def _placed(found: Iterator[_Place], statement: ast.stmt, owner: str) -> Iterator[_Place]:
    """With the owner, and the lines of the statement: of one with a body those before it."""
    body = getattr(statement, "body", None)
    last = body[0].lineno - 1 if body else statement.end_lineno or 0
    for place in found:
        place.owner, place.first = owner, statement.lineno
        place.last = max(statement.lineno, last)
        yield place


def _said(node: ast.AST) -> str:
    return " ".join(ast.unparse(node).split())[:70]
