"""docs/commands.md against the click commands, and every call of okrsync in any document."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from okrsync.cli import cli, run
from tests.docs.markdown import ROOT, codes, commands, documents, sections, table, text_of
from tests.docs.stage import Stage

NAME = "docs/commands.md"


def _walk(command: click.Command, name: str) -> Iterator[tuple[str, click.Command]]:
    yield name, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for each in command.list_commands(context):
            found = command.get_command(context, each)
            assert found is not None
            yield from _walk(found, f"{name} {each}")


COMMANDS = dict(_walk(cli, "okrsync"))


def _options(command: click.Command) -> set[str]:
    """Options by their long names, arguments by their capitals."""
    found: set[str] = set()
    for param in command.params:
        if isinstance(param, click.Argument):
            found.add((param.name or "").upper())
        else:
            found |= {name for name in (*param.opts, *param.secondary_opts) if name.startswith("--")}
    return found - {"--help"}


def test_every_command_has_a_section() -> None:
    """docs/commands.md has a heading for every command, and for no other."""
    headings = [each for each in sections(text_of(NAME)) if each.startswith("okrsync")]
    assert sorted(headings) == sorted(COMMANDS), f"{NAME}: one `## okrsync NAME` for every command"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_has_a_row(name: str) -> None:
    """Each section's table names exactly the options and arguments of its command."""
    told = {code.split(" ")[0] for row in table(NAME, name) for code in codes(row[0])}
    assert told == _options(COMMANDS[name]), f"{NAME}, {name}: add or remove `| option | meaning |`"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_an_example(name: str) -> None:
    """Each section ends with a call of its command."""
    examples = list(commands(sections(text_of(NAME))[name]))
    assert examples and all(each == name or each.startswith(f"{name} ") for each in examples)


@pytest.mark.parametrize("name", COMMANDS)
def test_help_answers(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """`--help` of every command works and shows an example, but for the group that only holds others."""
    assert run([*name.split()[1:], "--help"]) == 0
    text = capsys.readouterr().out
    assert "okrsync" in text
    assert name == "okrsync" or "Example: okrsync" in text


def _parsed(words: list[str]) -> None:
    """Parse a call without running it. Raises click.UsageError."""
    command: click.Command = cli
    context = click.Context(cli)
    while words and isinstance(command, click.Group):
        if words[0].startswith("-") or command.get_command(context, words[0]) is None:
            break
        found = command.get_command(context, words.pop(0))
        assert found is not None
        command, context = found, click.Context(found)
    with command.make_context(command.name or "", [*words]):
        pass


CALLS = [
    (path.name, call)
    for path in (*documents(), ROOT / "README.md")
    for call in commands(path.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize(("document", "call"), CALLS)
def test_every_call_in_a_document_is_one_okrsync_understands(document: str, call: str) -> None:
    """Commands and options in examples exist, wherever they stand."""
    try:
        _parsed(shlex.split(call)[1:])
    except click.exceptions.Exit:
        return  # --version
    except click.UsageError as error:
        pytest.fail(f"{document}: {call}: {error.message}")


_RUNNABLE = (
    "check",
    "diff",
    "status",
    "tree",
    "explain",
    "path",
    "alignment",
    "work",
    "conflicts",
    "history",
    "runs",
    "audit",
    "config",
    "plan",
)


@pytest.mark.parametrize(
    "call",
    [
        each
        for _, each in CALLS
        if each.split()[1] in _RUNNABLE and each.split()[2:3] not in (["resolve"], ["show"])
    ],
)
def test_examples_that_only_look_run(
    call: str,
    synced: Stage,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Every example that changes nothing works in a synced workspace and prints something."""
    monkeypatch.setenv("OKRSYNC_CONFIG", str(synced.config))
    monkeypatch.chdir(tmp_path)
    assert run(shlex.split(call)[1:]) == 0
    assert capsys.readouterr().out.strip() != ""
