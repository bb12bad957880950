"""Fetches Notion's OpenAPI document out of an npm package, so that `test_notion_spec` has a judge anywhere.

Arrives: nothing but `npm` on the PATH. Leaves: the document in the environment (`DOCUMENT`), checked by its
SHA-256. Separate from the tests because they open no connections; `make setup` runs it once. Where npm is
missing or fails it says so and succeeds: the tests then skip with that reason. The document's licence is MIT.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

PACKAGE = "@notionhq/notion-mcp-server@2.5.2"
MEMBER = "package/scripts/notion-openapi.json"
SHA256 = "d33548174dfc6ebad012fc73b1483532c7887d8c97fd6deb62d56c742e96baba"
DOCUMENT = Path(sys.prefix) / "share" / "okrsync-tests" / "notion.json"
_SECONDS = 120


def fetch(target: Path) -> str:
    """Put the document at `target` unless the right one is there; what happened, in words."""
    if target.is_file() and right(target.read_bytes()):
        return f"Notion's API document is at {target}"
    npm = shutil.which("npm")
    if npm is None:
        return "npm is not on the PATH: tests against Notion's API document will skip"
    with tempfile.TemporaryDirectory() as folder:
        told = _pack(npm, Path(folder))
        if told != "":
            return f"npm could not fetch {PACKAGE} ({told}): tests against Notion's API document will skip"
        data = _member(Path(folder))
    if not right(data):
        return f"{PACKAGE} holds another document than expected: tests against it will skip"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(data)
    return f"Notion's API document is at {target}"


def right(data: bytes) -> bool:
    """Whether these bytes are the document the tests were written with."""
    return hashlib.sha256(data).hexdigest() == SHA256


def _pack(npm: str, folder: Path) -> str:
    """Download the package without running anything of it; why that failed, or nothing."""
    command = [npm, "pack", "--silent", "--ignore-scripts", "--fetch-retries=1", PACKAGE]
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, timeout=_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return type(error).__name__
    return "" if done.returncode == 0 else f"exit code {done.returncode}"


def _member(folder: Path) -> bytes:
    """The document's bytes; none where the package is not what it should be."""
    for package in folder.glob("*.tgz"):
        try:
            with tarfile.open(package) as archive:
                held = archive.extractfile(MEMBER)
                return b"" if held is None else held.read()
        except (tarfile.TarError, KeyError):
            return b""
    return b""


if __name__ == "__main__":
    sys.stderr.write(fetch(DOCUMENT) + "\n")
