"""Kinds that other packages bring along."""

from __future__ import annotations

from pathlib import Path

import pytest

from okrsync.connectors.registry import KINDS, installed
from tests.config.faketool.settings import Connection


@pytest.fixture
def other_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installed distribution that announces two kinds."""
    told = tmp_path / "faketool-1.0.dist-info"
    told.mkdir()
    (told / "METADATA").write_text("Metadata-Version: 2.1\nName: faketool\nVersion: 1.0\n")
    points = "[okrsync.connectors]\nfaketool = tests.config.faketool\njira = tests.config.faketool\n"
    (told / "entry_points.txt").write_text(points)
    monkeypatch.syspath_prepend(tmp_path)


@pytest.mark.usefixtures("other_package")
def test_an_installed_package_adds_a_kind() -> None:
    """By an entry point, without an edit of our tree."""
    assert list(installed()) == [*KINDS, "faketool"]
    assert installed()["faketool"].connection_model() is Connection


@pytest.mark.usefixtures("other_package")
def test_our_own_kinds_cannot_be_taken_over() -> None:
    """Installing something must not put it between an admin and Jira."""
    assert installed()["jira"] == KINDS["jira"]
