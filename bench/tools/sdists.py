"""Source packages of peers, for the samples in their tests: wheels leave those out."""

from __future__ import annotations

import subprocess
import sys
import tarfile
from importlib.metadata import version
from pathlib import Path

FOLDER = Path(sys.prefix) / "samples"


def unpacked(package: str) -> Path:
    """The source of the installed version of `package`; fetched by pip the first time."""
    wanted = f"{package}=={version(package)}"
    folder = FOLDER / wanted
    if not folder.exists():
        asked = ["download", "-qq", "--no-deps", "--no-binary", ":all:", "-d", str(folder), wanted]
        subprocess.run([sys.executable, "-m", "pip", *asked], check=True)
    (archive,) = folder.glob("*.tar.gz")
    source = folder / archive.name.removesuffix(".tar.gz")
    if not source.exists():
        with tarfile.open(archive) as tar:
            tar.extractall(folder, filter="data")
    return source
