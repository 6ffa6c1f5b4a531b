"""The words of notices as managers may change them: a small language, checked before it counts.

A wording is a line of subject and a text with placeholders, `{{ number }}`, conditions and lists.
A kind offers the placeholders that its delivered wording knows, and asks that those stay which
the reader has a right to: the promise and its moment, the reasons, the link (R3, C8).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from itertools import accumulate
from typing import Any

from django.conf import settings
from django.template import Engine, Template, TemplateSyntaxError
from django.template.base import FilterExpression, Node, NodeList, Variable, VariableNode
from django.template.defaulttags import ForNode, IfNode

MOST_DEEP = 5  # conditions and lists within each other; more would be read by nobody
MOST_TESTED = 20  # words of one condition
SIGN_OFF = "sign_off"  # the delivered end of each mail, as one placeholder
_TAG = re.compile(r"{%\s*(\w+)(.*?)%}")
_INCLUDED = '{% include "notices/_sign_off.txt" %}'
_EVERYWHERE = frozenset({"name", "vendor.name", "vendor.desk", SIGN_OFF})

# What the reader is owed: where the delivered wording tells it, an edited one has to.
# fmt: off
_OWED = frozenset((
    "number", "url", "accept_url", "new_incident_url", "rating_url", "body", "due_at", "owed_at",
    "day", "starts_at", "ends_at", "reasons", "remedies", "reason", "why", "promise",
    "gold_depleted", "may_choose_gold", "words", "result", "what", "price", "percent", "left",
    "build", "address", "addresses", "licence", "gaps", "incidents", "packs",
    "entries", "leave_url",
))
# fmt: on


_TANGLED = (
    f"conditions and lists stand at most {MOST_DEEP} deep, and a condition has at most"
    f" {MOST_TESTED} words."
)


@dataclass(frozen=True)
class Wording:
    """A subject and a text, not filled in."""

    subject: str
    text: str


@dataclass(frozen=True)
class _Used:
    """Names that a wording prints, and all that it knows, also in conditions."""

    printed: frozenset[str]
    known: frozenset[str]


@cache
def delivered(kind: str) -> Wording:
    """As the desk came with it, in the language of those who edit it."""
    engine = Engine(dirs=[str(settings.BASE_DIR / "templates")], autoescape=False)
    source = str(engine.get_template(f"notices/{kind}.txt").source)
    subject, _, text = source.partition("\n")
    return Wording(subject.strip(), text.strip().replace(_INCLUDED, "{{ sign_off }}"))


def placeholders(kind: str) -> list[str]:
    """What a wording of this kind may name, the owed ones first."""
    known = _used(kind).known | _EVERYWHERE
    return sorted(known, key=lambda name: (name not in _OWED, name))


def owed(kind: str) -> list[str]:
    """What a wording of this kind has to name."""
    return sorted(_used(kind).known & _OWED)


def problems(kind: str, wording: Wording) -> list[str]:
    """What is wrong with it, in sentences that say what would help; empty when it can be used."""
    found = []
    used: list[_Used] = []
    for place, source in (("subject", wording.subject), ("text", wording.text)):
        try:
            if _is_tangled(source):  # asked first: to read it would take the stack
                found.append(f"The {place} is too tangled: {_TANGLED}")
                continue
            template = compiled(source)
            used.append(_names_of(template))
        except TemplateSyntaxError as error:
            found.append(f"The {place} can not be read: {error}")
            continue
        if _multiplies(template.nodelist, None):
            found.append(f"A list of the {place} stands in another one: name what that one gives.")
    if found:
        return found
    allowed = set(placeholders(kind))
    for name in sorted(used[0].known | used[1].known):
        if name not in allowed:
            found.append(_unknown(name, allowed))
    return found + _missing(kind, *used)


def _is_tangled(source: str) -> bool:
    tags = _TAG.findall(source)
    steps = (1 if tag in ("if", "for") else -1 if tag.startswith("end") else 0 for tag, _ in tags)
    deepest = max(accumulate(steps), default=0)
    return deepest > MOST_DEEP or any(len(words.split()) > MOST_TESTED for _, words in tags)


def _multiplies(nodes: NodeList, given: frozenset[str] | None) -> bool:
    """Whether a list within a list is not of what that one gives: it would run for each again."""
    for node in nodes:
        inside = given
        if isinstance(node, ForNode):
            names = {name.partition(".")[0] for name in _of_filter(node.sequence)}
            if given is not None and not names <= given:
                return True
            inside = frozenset(node.loopvars)
        if any(_multiplies(inner, inside) for inner in _inner(node)):
            return True
    return False


def compiled(source: str) -> Template:
    """For `Template.render`. Raises TemplateSyntaxError for what is none of the language."""
    return Template(source, engine=_engine())


def _unknown(name: str, allowed: set[str]) -> str:
    near = get_close_matches(name, allowed, n=1)
    help_ = f"Did you mean {{{{ {near[0]} }}}}?" if near else "Choose one of the list."
    return f"Nobody fills in {{{{ {name} }}}}. {help_}"


def _missing(kind: str, subject: _Used, text: _Used) -> list[str]:
    asked, needed = _names_of(compiled(delivered(kind).subject)), _used(kind)
    found = []
    if "number" in asked.printed and "number" not in subject.printed:
        found.append("The subject has to name {{ number }}: an answer finds its way by it.")
    printed, known = subject.printed | text.printed, subject.known | text.known
    lost = [
        f"{{{{ {name} }}}}"
        for name in sorted(_OWED & needed.known)
        if name not in (printed if name in needed.printed else known)
    ]
    if lost:
        found.append(f"The reader has a right to {', '.join(lost)}: put it in again.")
    return found


@cache
def _used(kind: str) -> _Used:
    wording = delivered(kind)
    both = [_names_of(compiled(part)) for part in (wording.subject, wording.text)]
    return _Used(both[0].printed | both[1].printed, both[0].known | both[1].known)


@cache
def _engine() -> Engine:
    engine = Engine(autoescape=False)
    engine.template_builtins = engine.get_template_builtins(["notices.wording.library"])
    return engine


def _names_of(template: Template) -> _Used:
    printed, known = set(_printed(template.nodelist)), set(_known(template.nodelist, frozenset()))
    return _Used(frozenset(printed), frozenset(known))


def _printed(nodes: NodeList) -> Iterator[str]:
    """Names that are written out, of lists the list's."""
    for node in nodes:
        if isinstance(node, VariableNode):
            yield from _of_filter(node.filter_expression)
        elif isinstance(node, ForNode):
            yield from _of_filter(node.sequence)
        for inner in _inner(node):
            yield from _printed(inner)


def _known(nodes: NodeList, bound: frozenset[str]) -> Iterator[str]:
    """Every name, but for those that a list binds itself."""
    for node in nodes:
        ours = bound
        found: list[str] = []
        if isinstance(node, VariableNode):
            found = list(_of_filter(node.filter_expression))
        elif isinstance(node, ForNode):
            found = list(_of_filter(node.sequence))
            ours = bound | set(node.loopvars)
        elif isinstance(node, IfNode):
            found = [name for test, _ in node.conditions_nodelists for name in _of_test(test)]
        yield from (name for name in found if name.partition(".")[0] not in bound)
        for inner in _inner(node):
            yield from _known(inner, ours)


def _inner(node: Node) -> Iterator[NodeList]:
    if isinstance(node, IfNode):
        yield from (nodes for _, nodes in node.conditions_nodelists)
    elif isinstance(node, ForNode):
        both: list[Any] = [node.nodelist_loop, node.nodelist_empty]  # an absent one is a list
        yield from both


def _of_test(test: Any) -> Iterator[str]:
    """A condition is a tree of operators over values."""
    if test is None:
        return
    value = getattr(test, "value", None)
    if isinstance(value, FilterExpression):
        yield from _of_filter(value)
    for side in ("first", "second"):
        yield from _of_test(getattr(test, side, None))


def _of_filter(expression: Any) -> Iterator[str]:
    arguments = [value for _, given in expression.filters for is_name, value in given if is_name]
    for one in (expression.var, *arguments):
        if isinstance(one, Variable) and one.lookups is not None:
            yield ".".join(one.lookups)
