"""Files as people keep them: read whole, replaced whole, and never over somebody else's edit.

Arrives: a path, and for a replacement the bytes it was made from. Leaves: bytes, or an error of the port that
names the file. A replacement is written beside the file, flushed to the disk and renamed over it, so that a
crash leaves the old file or the new one. Permission bits are kept.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from okrsync.connectors.errors import ConnectorError, EditConflict, Forbidden, NotFound, Transient

LOCKS = (".~lock.{}#", "~${}")
"""What LibreOffice and Excel lay beside a file that somebody has open in them."""


class Disk:
    """Reads and replaces files, and counts both."""

    def __init__(self) -> None:
        self.requests: Counter[str] = Counter(read=0, write=0)

    def check(self, folder: Path) -> None:
        """Whether the folder is there and may be listed. Raises NotFound, Forbidden, Transient."""
        with _typed(folder):
            self.requests["read"] += 1
            os.listdir(folder)

    def read(self, path: Path) -> bytes:
        """The whole file. Raises NotFound, Forbidden, Transient."""
        with _typed(path):
            self.requests["read"] += 1
            return path.read_bytes()

    def replace(self, path: Path, old: bytes, new: bytes) -> None:
        """Put `new` in the place of `old`. Raises EditConflict where the file holds something else by now.

        Bytes are compared, not only times: a copy or a restored backup may keep the time of another content.
        """
        with _typed(path):
            _refuse_if_busy(path)
            self.requests["write"] += 1
            with _beside(path, new) as made:
                if path.read_bytes() != old:
                    raise _error(
                        EditConflict, path, "somebody saved it just now", "The next run merges again"
                    )
                made.replace(path)


def _refuse_if_busy(path: Path) -> None:
    """A program that has it open would save its copy over ours; a rename does not ask a read-only bit."""
    if any(path.with_name(lock.format(path.name)).exists() for lock in LOCKS):
        raise _error(Transient, path, "it is open in another program", "Close it there; the next run writes")
    if not path.stat().st_mode & 0o222 or not os.access(path, os.W_OK):
        raise _error(Forbidden, path, "it is read-only", "Make it writable for okrsync's account")


@contextmanager
def _beside(path: Path, content: bytes) -> Iterator[Path]:
    """A file in the same folder, safe on the disk, with the other's permissions; gone at the end."""
    handle, name = tempfile.mkstemp(prefix=".okrsync-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        shutil.copymode(path, name)
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


@contextmanager
def _typed(path: Path) -> Iterator[None]:
    try:
        yield
    except (FileNotFoundError, NotADirectoryError):
        raise _error(NotFound, path, "it is not there", "Correct the path, or mount the folder") from None
    except PermissionError:
        raise _error(Forbidden, path, "okrsync's account may not do this", "Grant it the right") from None
    except OSError as error:
        raise _error(
            Transient, path, error.strerror or "the disk failed", "The next run tries again"
        ) from None


def _error(kind: type[ConnectorError], path: Path, message: str, advice: str) -> ConnectorError:
    return kind(message, service="folder", place=str(path), advice=advice)
