"""Files as such: replaced in one step, never over another's edit, and typed errors that name the place."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pydantic import ValidationError

from okrsync.connectors.errors import ConnectorError, EditConflict, Forbidden, NotFound, Transient
from okrsync.connectors.folder.connector import open_connector
from okrsync.connectors.folder.disk import Disk
from okrsync.connectors.folder.settings import Connection, Source

if TYPE_CHECKING:
    from tests.connectors.folder.conftest import Files

TABLE = "KR,Title,Current\nK-1,One,1\nK-2,Two,2\n"


def test_permissions_are_kept_and_nothing_is_left_beside(files: Files) -> None:
    """The file stays whose it was."""
    source = files.csv(TABLE)
    (files.folder / "krs.csv").chmod(0o640)
    assert files.write(source, "K-1", Current="5").error is None
    assert (files.folder / "krs.csv").stat().st_mode & 0o777 == 0o640
    assert [path.name for path in files.folder.iterdir()] == ["krs.csv"]


def test_an_edit_beside_the_patched_cells_is_kept(files: Files) -> None:
    """Since the look somebody wrote elsewhere in the file: both edits stand."""
    source = files.csv(TABLE)
    patch = files.patch(source, "K-1", Current="5")
    files.csv(TABLE.replace("Two", "Deux"))
    assert files.send(source, patch)[0].error is None
    assert files.raw() == b"KR,Title,Current\nK-1,One,5\nK-2,Deux,2\n"


def test_who_saves_while_okrsync_writes_wins(files: Files) -> None:
    """Between the reading and the replacing: every patch is a conflict, and the file is theirs."""
    path = files.folder / "krs.csv"
    source = files.csv(TABLE)
    with pytest.raises(EditConflict, match="saved it just now"):
        Disk().replace(path, b"as it was before", b"ours")
    assert path.read_text() == TABLE and list(files.folder.iterdir()) == [path] and source.is_csv


@pytest.mark.parametrize("lock", [".~lock.krs.csv#", "~$krs.csv"])
def test_a_file_that_is_open_waits(files: Files, lock: str) -> None:
    """LibreOffice and Excel would save their own copy over ours; the next run writes."""
    source = files.csv(TABLE)
    (files.folder / lock).touch()
    assert isinstance(files.write(source, "K-1", Current="5").error, Transient)
    assert files.raw() == TABLE.encode()


def test_a_read_only_file_is_not_replaced(files: Files) -> None:
    """A rename needs no right to the file itself, so the bit is asked."""
    source = files.csv(TABLE)
    (files.folder / "krs.csv").chmod(0o444)
    error = files.write(source, "K-1", Current="5").error
    assert isinstance(error, Forbidden) and error.place.endswith("krs.csv")


@pytest.mark.parametrize(
    ("raised", "typed"),
    [(PermissionError(), Forbidden), (OSError(5, "Input/output error"), Transient)],
)
def test_failures_of_the_disk_are_typed(
    files: Files, monkeypatch: pytest.MonkeyPatch, raised: OSError, typed: type[ConnectorError]
) -> None:
    """With the file's name, and with what the system says where it says something."""
    source = files.csv(TABLE)

    def fails(_: Path) -> bytes:
        raise raised

    monkeypatch.setattr(Path, "read_bytes", fails)
    with pytest.raises(typed, match=r"krs\.csv"):
        files.connector.schema(source)


def test_a_disk_that_is_full_leaves_the_old_file(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing was replaced, and no half of a file lies about."""
    source = files.csv(TABLE)

    def fails(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", fails)
    assert isinstance(files.write(source, "K-1", Current="5").error, Transient)
    assert [path.name for path in files.folder.iterdir()] == ["krs.csv"] and files.raw() == TABLE.encode()


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    """Such as a share that is not mounted; a file in the folder's place is none either."""
    (tmp_path / "file").touch()
    for name in ("nosuch", "file"):
        with pytest.raises(NotFound, match=name):
            open_connector("plans", Connection(path=tmp_path / name)).account()


def test_settings_of_the_other_format_are_refused() -> None:
    """A sheet of a CSV file is a mistake in the file, not something to overlook."""
    for settings in ({"file": "a.csv", "sheet": "KRs"}, {"file": "a.xlsx", "delimiter": ";"}):
        with pytest.raises(ValidationError, match="has no"):
            Source.model_validate({"key": "KR", **settings})


def test_nothing_outside_the_folder_is_read(files: Files, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Not by its name and not by a link; a link inside is followed and stays one."""
    secret = tmp_path_factory.mktemp("else") / "secret.csv"
    secret.write_text(TABLE)
    for name in ("../secret.csv", str(secret), "krs.txt"):
        with pytest.raises(ValidationError):
            Source(file=name, key="KR")
    (files.folder / "link.csv").symlink_to(secret)
    with pytest.raises(Forbidden):
        files.connector.schema(Source(file="link.csv", key="KR"))
    files.csv(TABLE)
    (files.folder / "inside.csv").symlink_to("krs.csv")
    inside = Source(file="inside.csv", key="KR")
    assert files.write(inside, "K-1", Current="5").error is None
    assert (files.folder / "inside.csv").is_symlink() and b"K-1,One,5" in files.raw()
