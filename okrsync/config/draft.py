"""The file on its way to settings: its data, and what was found wrong or doubtful so far.

Every check adds to one draft instead of raising, so that an admin sees all problems in one go. The draft
also words pydantic's complaints for people and keeps secret values out of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path as FilePath
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from okrsync.config.document import Document
from okrsync.config.problems import ConfigError, Path, Problem, dotted
from okrsync.mappings.binding import Place
from okrsync.mappings.names import suggestion
from okrsync.okr.findings import Finding

Model = TypeVar("Model", bound=BaseModel)

_WORDS = {
    "missing": "is missing",
    "dict_type": "must be a mapping (name: value)",
    "model_type": "must be a mapping (name: value)",
    "tuple_type": "must be a list",
    "list_type": "must be a list",
}
_QUOTE = {"string_type": "put it in quotes if it is meant as text"}


class Draft:
    """Collects problems and findings about one document."""

    def __init__(self, document: Document, folder: FilePath = FilePath()) -> None:
        self.document = document
        self._context = {"folder": folder}
        self.problems: list[Problem] = []
        self.findings: list[Finding] = []
        self._hidden: dict[str, str] = {}
        self._blamed: set[Path] = set()

    def place(self, path: Path, on_key: bool = False) -> Place:
        """Where a path stands in the file."""
        return self.document.place(path, on_key)

    def problem(self, path: Path, message: str, advice: str = "", *, on_key: bool = False) -> None:
        """Note something that must be put right; `message` begins with the dotted path."""
        self._blamed.add(path)
        self.problems.append(Problem(self.place(path, on_key), message, advice))

    def problem_at(self, place: Place, message: str, advice: str = "") -> None:
        """The same for a place that is known already."""
        self.problems.append(Problem(place, message, advice))

    def hide(self, value: str, spelling: str) -> None:
        """Never show `value` in a message; show `spelling` in its stead."""
        if value.strip() != "":
            self._hidden[value] = spelling

    def section(self, *path: str) -> dict[str, Any]:
        """A mapping of the file; empty where it is missing or, already complained about, no mapping."""
        data = self.document.data
        for part in path:
            data = data.get(part) if isinstance(data, dict) else None
        return data if isinstance(data, dict) else {}

    def validate(
        self, model: type[Model], data: Any, path: Path, moved: Mapping[str, Path] | None = None
    ) -> Model | None:
        """The model of `data`, or `None` and a problem for each thing wrong.

        `moved` tells where parts of `data` really stand in the file, by their first name. The model's own
        checks find the folder of the file as `folder` in pydantic's validation context.
        """
        try:
            return model.model_validate(data, context=self._context)
        except ValidationError as error:
            for detail in error.errors(include_url=False, include_input=False):
                self._explain(model, detail, path, moved or {})
            return None

    def done(self) -> None:
        """Raises ConfigError if anything was wrong."""
        if self.problems:
            raise ConfigError(self.problems)

    def _explain(
        self, model: type[BaseModel], detail: ErrorDetails, base: Path, moved: Mapping[str, Path]
    ) -> None:
        loc = detail["loc"]
        first = loc[0] if loc else None
        path = (*moved[first], *loc[1:]) if isinstance(first, str) and first in moved else (*base, *loc)
        kind = detail["type"]
        if path in self._blamed:  # such as a reference that leads nowhere: its spelling is no value
            return
        if kind == "extra_forbidden":
            known = names_of(model) if len(loc) == 1 else []
            advice = suggestion(str(loc[-1]), known)
            self.problem(path, f"{dotted(path)}: unknown setting", advice, on_key=True)
            return
        if kind != "missing":
            path = self.document.existing(path)  # pydantic adds the names of union branches
        words = _WORDS.get(kind) or self._redacted(_plain_words(detail["msg"]))
        self.problem(
            path,
            f"{dotted(path)}: {words}" if path else words,
            _QUOTE.get(kind, ""),
            on_key=kind == "missing",
        )

    def _redacted(self, words: str) -> str:
        for value, spelling in sorted(self._hidden.items(), key=lambda item: -len(item[0])):
            words = words.replace(value, spelling)
        return words


def names_of(model: type[BaseModel]) -> list[str]:
    """The settings a model knows, as the file spells them."""
    return [field.alias or name for name, field in model.model_fields.items()]


def _plain_words(message: str) -> str:
    words = message.removeprefix("Value error, ").replace("Input should be", "must be")
    return words[:1].lower() + words[1:]
