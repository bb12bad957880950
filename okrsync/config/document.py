"""From YAML text to plain data, with the place of every key and value.

PyYAML's C parser composes the nodes; the data is built from them here, because its own construction
closes no trap: duplicate keys, YAML 1.1's `no`, `012`, `1:30` and dates, alias bombs and tags. Only
true, false, null and plain decimal numbers are anything but text; a date stays the text it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import yaml

from okrsync.config.problems import ConfigError, Path, Problem
from okrsync.mappings.binding import Place

MAX_NODES = 50_000
MAX_DEPTH = 30


class _Loader(yaml.CSafeLoader):
    """The safe loader with YAML 1.2's short list of plain scalars."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 - PyYAML's own hook


# at most 18 digits and two of exponent: nothing here can grow into a number that takes long to compute with
_SCALARS = (
    ("tag:yaml.org,2002:bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("tag:yaml.org,2002:null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("tag:yaml.org,2002:int", r"[-+]?(0|[1-9][0-9]{0,17})", "-+0123456789"),
    (
        "tag:yaml.org,2002:float",
        r"[-+]?(0|[1-9][0-9]{0,17})(\.[0-9]{1,18})?([eE][-+]?[0-9]{1,2})?",
        "-+0123456789",
    ),
)
for _tag, _pattern, _first in _SCALARS:
    _Loader.add_implicit_resolver(_tag, re.compile(f"(?:{_pattern})\\Z"), list(_first))

_BUILD: Mapping[str, Callable[[str], Any]] = MappingProxyType(
    {
        "tag:yaml.org,2002:str": str,
        "tag:yaml.org,2002:bool": lambda text: text.lower() == "true",
        "tag:yaml.org,2002:null": lambda text: None,
        "tag:yaml.org,2002:int": int,
        "tag:yaml.org,2002:float": Decimal,
    }
)


@dataclass
class Document:
    """The file's data and where each part of it stands."""

    file: str
    data: Any = None
    keys: dict[Path, Place] = field(default_factory=dict)
    values: dict[Path, Place] = field(default_factory=dict)

    def existing(self, path: Path) -> Path:
        """The longest beginning of a path that the file really holds."""
        return next((path[:end] for end in range(len(path), 0, -1) if path[:end] in self.values), ())

    def place(self, path: Path, on_key: bool = False) -> Place:
        """The place of a path's value (or key), else of the nearest part above it that is there."""
        here = self.existing(path)
        if on_key and here in self.keys:
            return self.keys[here]
        return self.values.get(here, Place(self.file, 1, 1))


def parse(text: str, file: str) -> Document:
    """Parse the file. `file` is the name messages use. Raises ConfigError."""
    try:
        root = _compose(text)
        builder = _Builder(Document(file))
        builder.document.data = None if root is None else builder.build(root, ())
    except (yaml.YAMLError, UnicodeEncodeError) as error:
        raise ConfigError([_syntax(error, file)]) from None
    except (_TooMuch, RecursionError):
        message = f"more than {MAX_NODES} values or {MAX_DEPTH} levels, aliases counted each time"
        raise ConfigError([Problem(Place(file, 1, 1), message)]) from None
    if builder.problems:
        raise ConfigError(builder.problems)
    return builder.document


def _compose(text: str) -> yaml.Node | None:
    _refuse_endless_depth(text)
    loader = _Loader(text)
    try:
        return loader.get_single_node()
    finally:
        loader.dispose()


def _refuse_endless_depth(text: str) -> None:
    """PyYAML's C composer recurses on the C stack: a hundred thousand brackets would end the process."""
    depth = 0
    for event in yaml.parse(text, _Loader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise _TooMuch


def _syntax(error: Exception, file: str) -> Problem:
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        mark = error.problem_mark
        place = Place(file, mark.line + 1, mark.column + 1)
        return Problem(place, f"not valid YAML: {error.problem}")
    return Problem(Place(file, 1, 1), "not valid YAML: it holds characters that YAML does not allow")


class _TooMuch(Exception):
    """The file is larger than any honest one."""


class _Builder:
    """Walks the composed nodes once, and counts what an alias repeats each time it is repeated."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.problems: list[Problem] = []
        self._seen = 0

    def build(self, node: yaml.Node, path: Path) -> Any:
        """The data of a node; notes places and problems."""
        self._seen += 1
        if self._seen > MAX_NODES or len(path) > MAX_DEPTH:
            raise _TooMuch
        self.document.values[path] = self._place(node)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.build(item, (*path, index)) for index, item in enumerate(node.value)]
        return self._scalar(node)

    def _scalar(self, node: yaml.Node) -> Any:
        make = _BUILD.get(node.tag)
        try:
            if make is not None:
                return make(node.value)
        except (ValueError, ArithmeticError):  # an explicit tag on other text, such as `!!int abc`
            make = None
        self.problems.append(Problem(self._place(node), f"the tag {node.tag} is not supported here"))
        return None

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self.problems.append(Problem(self._place(key), "a key must be text"))
                continue
            here = (*path, key.value)
            if key.value in data:
                first = self.document.keys[here]
                message = f"{'.'.join(map(str, here))}: written twice, first on line {first.line}"
                self.problems.append(Problem(self._place(key), message, "keep one of them"))
                continue
            self.document.keys[here] = self._place(key)
            data[key.value] = self.build(value, here)
        return data

    def _place(self, node: yaml.Node) -> Place:
        return Place(self.document.file, node.start_mark.line + 1, node.start_mark.column + 1)
