"""`okrsync config`: the JSON Schema of the admin's file, or an example to start from."""

from __future__ import annotations

import click

from okrsync.commands.common import print_json


@click.command()
@click.argument("what", type=click.Choice(["schema", "example"]))
def command(what: str) -> None:
    """Print the JSON Schema of the admin's file, for editors, or a commented example.

    Example: okrsync config example > okrsync.yaml
    """
    if what == "schema":
        from okrsync.config.schema import schema

        print_json(schema())
    else:
        from okrsync.config.example import text

        click.echo(text(), nl=False)
