"""Which file is used, and what is said where there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from okrsync.config.find import ConfigNotFound, find
from okrsync.config.problems import ConfigError


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with a file at its root and one above it, and a folder inside."""
    root = tmp_path / "repo"
    (root / "deep" / "er").mkdir(parents=True)
    (root / ".git").mkdir()
    (root / "okrsync.yaml").touch()
    (tmp_path / "okrsync.yaml").touch()
    (tmp_path / "other.yaml").touch()
    return root


def test_the_option_wins_over_the_environment_and_the_folder(repository: Path) -> None:
    """--config, then OKRSYNC_CONFIG, then the nearest file; relative names count from the current folder."""
    environ = {"OKRSYNC_CONFIG": str(repository.parent)}
    assert find(repository, environ, Path("../other.yaml")).name == "other.yaml"
    assert find(repository, environ) == repository.parent / "okrsync.yaml"
    assert find(repository, {}) == repository / "okrsync.yaml"
    assert find(repository, {"OKRSYNC_CONFIG": ""}) == repository / "okrsync.yaml"


def test_folders_above_are_searched_up_to_the_repositorys_root(repository: Path) -> None:
    """A file of another project is never picked up."""
    assert find(repository / "deep" / "er", {}) == repository / "okrsync.yaml"
    (repository / "okrsync.yaml").unlink()
    with pytest.raises(ConfigNotFound):
        find(repository / "deep", {})


def test_no_file_says_how_to_make_one(repository: Path) -> None:
    """In one sentence, for a person in a terminal."""
    (repository / "okrsync.yaml").unlink()
    with pytest.raises(ConfigError) as raised:
        find(repository, {})
    assert str(raised.value) == (
        f"there is no okrsync.yaml in {repository} or above it; `okrsync config example` prints one,"
        " --config or OKRSYNC_CONFIG names one elsewhere, and `okrsync demo` needs none"
    )


@pytest.mark.parametrize(("option", "environ"), [("nope.yaml", {}), (None, {"OKRSYNC_CONFIG": "nope.yaml"})])
def test_a_named_file_that_is_not_there(
    repository: Path, option: str | None, environ: dict[str, str]
) -> None:
    """No other file is used in its stead."""
    by = "--config" if option else "OKRSYNC_CONFIG"
    with pytest.raises(ConfigNotFound, match=f"{by} names .*nope.yaml, which is not there"):
        find(repository, environ, None if option is None else Path(option))
