"""`okrsync check`: is the file right, can every tool be reached, do the mapped fields exist."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from okrsync.commands.common import (
    config_option,
    json_option,
    print_json,
    print_lines,
    read_settings,
)
from okrsync.commands.exits import Exit, code_of

if TYPE_CHECKING:
    from okrsync.config.settings import Settings
    from okrsync.connectors.base import Connector
    from okrsync.mappings.collection import CollectionMapping
    from okrsync.okr.findings import Finding


@click.command()
@config_option
@json_option
@click.option("--offline", is_flag=True, help="Only the file; ask no tool.")
def command(config: Path | None, as_json: bool, offline: bool) -> int:
    """Check the admin's file, then every connection, then every mapped field. Writes nothing.

    Example: okrsync check --json
    """
    from okrsync.reports.data import finding_json
    from okrsync.reports.lines import bad, good
    from okrsync.reports.plan import finding_lines
    from okrsync.reports.run import cost
    from okrsync.reports.words import count

    settings = read_settings(config)
    checked = _Check(settings)
    if not offline:
        checked.run()
    findings = [*settings.warnings, *checked.findings]
    if as_json:
        print_json(
            {
                "file": str(settings.path),
                "connections": checked.accounts,
                "findings": [finding_json(f) for f in findings],
                "requests": checked.requests(),
            }
        )
    else:
        lines = [
            f"{settings.path.name}: {count(len(settings.connections), 'connection')}, "
            f"{count(len(settings.collections), 'collection')}"
        ]
        lines += [f"  {good('ok')}   {name}: {account}" for name, account in checked.accounts.items()]
        lines += finding_lines(findings)
        lines.append(bad("not ready") if checked.problems else good("ready"))
        print_lines([*lines, click.style(cost(checked.requests()), dim=True)])
    if checked.errors:
        return code_of(checked.errors)
    return Exit.CONFIGURATION if checked.problems else Exit.DONE


class _Check:
    """Asks every connection who we are and every collection for its fields."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.accounts: dict[str, str] = {}
        self.findings: list[Finding] = []
        self.errors: list[Exception] = []
        self._open: dict[str, Connector] = {}

    @property
    def problems(self) -> bool:
        """Whether something must be mended before a sync."""
        return bool(self.errors) or any(f.severity.value == "error" for f in self.findings)

    def run(self) -> None:
        """Ask all of them; one that fails does not stop the others."""
        from okrsync.connectors.errors import ConnectorError

        for name in self.settings.connections:
            try:
                self._open[name] = self.settings.open(name)
                account = self._open[name].account()
                self.accounts[name] = f"{account.name} {account.detail}".strip()
            except ConnectorError as error:
                self._fail(name, error)
        for mapping in self.settings.collections:
            if mapping.connection in self.accounts:
                try:
                    self._fields(mapping)
                except ConnectorError as error:
                    self._fail(mapping.name, error)
        for connector in self._open.values():
            connector.close()

    def _fields(self, mapping: CollectionMapping) -> None:
        from okrsync.mappings.bound import bind

        schema = self._open[mapping.connection].schema(mapping.source)
        self.findings.extend(bind(mapping, schema)[1])

    def _fail(self, name: str, error: Exception) -> None:
        from okrsync.connectors.errors import ConnectorError
        from okrsync.sync_engine.refresh import failure

        assert isinstance(error, ConnectorError)
        self.errors.append(error)
        self.findings.append(failure(name, error))

    def requests(self) -> dict[str, dict[str, int]]:
        """Requests sent, by connection."""
        return {name: dict(connector.requests()) for name, connector in self._open.items()}
