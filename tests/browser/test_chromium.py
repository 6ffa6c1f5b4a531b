"""Where the tests look for a browser."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from playwright.sync_api import Playwright

from tests.browser.chromium import NoChromiumError, find_chromium


def playwright_with(path: Path) -> Playwright:
    return cast(Playwright, SimpleNamespace(chromium=SimpleNamespace(executable_path=str(path))))


def test_playwrights_own_is_taken_when_none_is_on_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "chrome"
    own.touch()
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))

    assert find_chromium(playwright_with(own)).path == own


def test_a_machine_without_any_is_told_the_three_ways(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))

    with pytest.raises(NoChromiumError) as told:
        find_chromium(playwright_with(tmp_path / "nowhere"))

    for way in ("apt-get install chromium", "playwright install chromium", "npm"):
        assert way in str(told.value)
