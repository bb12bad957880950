"""A connector that only knows its name."""

from __future__ import annotations

from typing import Any

from okrsync.connectors.base import Account, Features


class FakeTool:
    """Answers `account` and nothing else."""

    features = Features()
    kind = "faketool"

    def __init__(self, name: str) -> None:
        self._name = name

    def account(self) -> Account:
        """The connection's own name."""
        return Account("1", self._name)


def open_connector(name: str, connection: Any) -> FakeTool:
    """The registry's opener."""
    assert connection.token.get_secret_value() != ""
    return FakeTool(name)
