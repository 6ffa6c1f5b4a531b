"""What the documents name is there: paths, symbols in them, links, settings' homes."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from tests.sources import ROOT, files

# CHANGELOG.md tells of what was, and names no places.
DOCUMENTS = [
    path for path in files(".md") if path.name != "CHANGELOG.md" and "static" not in path.parts
]
SPAN = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
PATH = re.compile(r"(?P<path>[\w.*<>-]+(?:/[\w.*<>-]+)*/?)(?::(?P<symbol>\w+))?")
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")
DOCUMENT = re.compile(r"\b([A-Za-z_-]+\.md)\b")
CHAPTER = re.compile(r'(docs/[a-z]+\.md), "([^"]+)"')
# Made at run time or by a tool, so not in the repository.
MADE = (".venv", ".data")


def paths_of(text: str) -> Iterator[tuple[str, str]]:
    """(path, symbol or "") of each span in backticks that begins with a folder of ours."""
    for span in SPAN.findall(text):
        match = PATH.fullmatch(span)
        if match is None or "/" not in match["path"]:
            continue
        first = match["path"].split("/")[0]
        if first not in MADE and (ROOT / first).is_dir():
            yield match["path"], match["symbol"] or ""


def exists(path: str) -> bool:
    """A `<kind>` in a path stands for any name, as a `*` does."""
    pattern = re.sub(r"<[^>]+>", "*", path.rstrip("/"))
    found = list(ROOT.glob(pattern))
    return any(one.is_dir() for one in found) if path.endswith("/") else bool(found)


def defines(path: Path, symbol: str) -> bool:
    text = path.read_text(encoding="utf-8")
    return bool(re.search(rf"^\s*(?:(?:async )?def|class) {symbol}\b|^{symbol}\b.*=", text, re.M))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda one: one.relative_to(ROOT).as_posix())
def test_every_place_that_a_document_names_is_there(document):
    text = document.read_text(encoding="utf-8")
    named = set(paths_of(text))

    assert [path for path, _ in sorted(named) if not exists(path)] == []
    assert [
        (path, symbol)
        for path, symbol in sorted(named)
        if symbol and not defines(ROOT / path, symbol)
    ] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda one: one.relative_to(ROOT).as_posix())
def test_every_link_of_a_document_leads_somewhere(document):
    links = LINK.findall(document.read_text(encoding="utf-8"))

    assert [link for link in links if not (document.parent / link).exists()] == []


def test_every_document_that_code_names_is_there():
    """A reader of the code has no other documents than those of the repository."""
    here = {path.name for path in files(".md")}
    gone = {}
    for path in files(".py", ".html", ".txt", ".js", ".css", ".sh"):
        if path == Path(__file__):
            continue
        text = path.read_text(encoding="utf-8")
        missing = {name for name in DOCUMENT.findall(text) if name not in here}
        missing |= {
            f"{name}, {heading}"
            for name, heading in CHAPTER.findall(text)
            if f"## {heading}\n" not in (ROOT / name).read_text(encoding="utf-8")
        }
        if missing:
            gone[path.relative_to(ROOT).as_posix()] = missing

    assert gone == {}


def test_the_rooms_are_those_of_the_import_contracts_in_their_order():
    """Also the layers: each that docs/architecture.md names is one of a contract, top first."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    rooms, layers = (one["layers"] for one in contracts["contracts"][:2])
    named = [re.findall(r"`(\w+)(?:/|\.py)?`", row)[0] for row in _rows(text, "Rooms")]
    height = {name: n for n, row in enumerate(layers) for name in re.findall(r"\w+", row)}
    stands = [
        [height[name] for name in re.findall(r"`(\w+)(?:/|\.py)`", row.split("|")[1])]
        for row in _rows(text, "Layers")
    ]

    assert named == rooms
    assert len(stands) > 8
    assert all(max(one) <= min(below) for one, below in pairwise(stands))


def _rows(text: str, chapter: str) -> list[str]:
    table = text.partition(f"\n## {chapter}\n")[2].partition("\n## ")[0]
    return [line for line in table.splitlines() if line.startswith("| `")]


def test_the_check_finds_what_is_gone():
    text = "`tickets/gone.py` and `core/rls.py:protect`, `core/rls.py:gone`; `templates/<kind>.txt`"

    assert list(paths_of(text)) == [
        ("tickets/gone.py", ""),
        ("core/rls.py", "protect"),
        ("core/rls.py", "gone"),
        ("templates/<kind>.txt", ""),
    ]
    assert (exists("tickets/gone.py"), exists("core/rls.py"), exists("core/")) == (
        False,
        True,
        True,
    )
    assert defines(ROOT / "core/rls.py", "protect")
    assert not defines(ROOT / "core/rls.py", "gone")
