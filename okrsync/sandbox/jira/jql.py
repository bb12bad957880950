"""Reads JQL text into a tree.

Arrives: the query text. Leaves: clauses joined by AND, OR and NOT, and the sort order, or a JqlError worded
as Jira words it. Grammar after Atlassian's JQL reference, as far as issue tracking of goals needs it;
functions are not known. Meaning (which fields and values exist) is decided elsewhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MAX_SORTS = 7
"""Jira Cloud: at most seven sort fields."""


class JqlError(ValueError):
    """The text is not JQL."""


@dataclass(frozen=True)
class Operand:
    """A value as written; quoting matters for dates and numbers."""

    text: str
    quoted: bool = False


@dataclass(frozen=True)
class Clause:
    """field operator values; the operator is one of = != < <= > >= in, not in, is, is not (is: no values)."""

    field: str
    operator: str
    values: tuple[Operand, ...] = ()


@dataclass(frozen=True)
class Group:
    """Parts joined by "and", "or", or one part under "not"."""

    word: str
    parts: tuple[Node, ...]


Node = Clause | Group


@dataclass(frozen=True)
class Sort:
    """One sort field."""

    field: str
    descending: bool = False


@dataclass(frozen=True)
class Query:
    """A whole query; `where` is None when nothing restricts it."""

    where: Node | None
    order: tuple[Sort, ...]


_TOKEN = re.compile(
    r"""\s*(?:
    (?P<quoted>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')
    |(?P<symbol>>=|<=|!=|=|>|<|\(|\)|,)
    |(?P<word>[^\s()=!<>~,"']+)
    )""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str

    def is_word(self, *words: str) -> bool:
        return self.kind == "word" and self.text.lower() in words

    def is_symbol(self, *symbols: str) -> bool:
        return self.kind == "symbol" and self.text in symbols


_END = _Token("end", "")


def parse(text: str) -> Query:
    """Read a query. Raises JqlError."""
    return _Parser(_tokens(text)).query()


def _tokens(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    position = 0
    while text[position:].strip():
        found = _TOKEN.match(text, position)
        if found is None:
            rest = text[position:].strip()
            raise JqlError(f"Error in the JQL Query: The character '{rest[0]}' is a reserved JQL character.")
        kind = str(found.lastgroup)
        value = found.group(kind)
        tokens.append(_Token(kind, re.sub(r"\\(.)", r"\1", value[1:-1]) if kind == "quoted" else value))
        position = found.end()
    return tokens


class _Parser:
    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._at = 0

    def query(self) -> Query:
        where = None if self._peek() == _END or self._peek().is_word("order") else self._or()
        order = self._order()
        if self._peek() != _END:
            raise self._unexpected("AND", "OR")
        return Query(where, order)

    def _peek(self) -> _Token:
        return self._tokens[self._at] if self._at < len(self._tokens) else _END

    def _next(self) -> _Token:
        token = self._peek()
        self._at += 1
        return token

    def _skip_word(self, *words: str) -> bool:
        found = self._peek().is_word(*words)
        self._at += found
        return found

    def _unexpected(self, *expected: str) -> JqlError:
        wanted = " or ".join(f"'{e}'" for e in expected)
        if self._peek() == _END:
            return JqlError(f"Error in the JQL Query: Expecting {wanted} before the end of the query.")
        return JqlError(f"Error in the JQL Query: Expecting {wanted} but got '{self._peek().text}'.")

    def _or(self) -> Node:
        parts = [self._and()]
        while self._skip_word("or"):
            parts.append(self._and())
        return parts[0] if len(parts) == 1 else Group("or", tuple(parts))

    def _and(self) -> Node:
        parts = [self._not()]
        while self._skip_word("and"):
            parts.append(self._not())
        return parts[0] if len(parts) == 1 else Group("and", tuple(parts))

    def _not(self) -> Node:
        if self._skip_word("not"):
            return Group("not", (self._not(),))
        if not self._peek().is_symbol("("):
            return self._clause()
        self._at += 1
        inner = self._or()
        self._close()
        return inner

    def _close(self) -> None:
        if not self._peek().is_symbol(")"):
            raise self._unexpected(")")
        self._at += 1

    def _clause(self) -> Clause:
        name = self._peek()
        if name.kind not in ("word", "quoted"):
            raise self._unexpected("field name")
        self._at += 1
        operator = self._operator()
        if operator in ("in", "not in"):
            return Clause(name.text, operator, self._list())
        value = self._operand()
        empty = not value.quoted and value.text.lower() in ("empty", "null")
        if operator in ("is", "is not") and not empty:
            raise JqlError(f"Error in the JQL Query: '{operator}' can only be used with EMPTY or NULL.")
        if empty:
            return Clause(name.text, {"=": "is", "!=": "is not"}.get(operator, operator))
        return Clause(name.text, operator, (value,))

    def _operator(self) -> str:
        if self._peek().is_symbol("=", "!=", "<", "<=", ">", ">="):
            return self._next().text
        if self._skip_word("in"):
            return "in"
        if self._skip_word("not") and self._skip_word("in"):
            return "not in"
        if self._skip_word("is"):
            return "is not" if self._skip_word("not") else "is"
        raise self._unexpected("operator")

    def _operand(self) -> Operand:
        token = self._peek()
        if token.kind not in ("word", "quoted"):
            raise self._unexpected("value")
        self._at += 1
        if token.kind == "word" and self._peek().is_symbol("("):
            raise JqlError(f"Unable to find JQL function '{token.text}'.")
        return Operand(token.text, quoted=token.kind == "quoted")

    def _list(self) -> tuple[Operand, ...]:
        if not self._peek().is_symbol("("):
            raise self._unexpected("(")
        self._at += 1
        values = [self._operand()]
        while self._peek().is_symbol(","):
            self._at += 1
            values.append(self._operand())
        self._close()
        return tuple(values)

    def _order(self) -> tuple[Sort, ...]:
        if not self._skip_word("order"):
            return ()
        if not self._skip_word("by"):
            raise self._unexpected("by")
        sorts = [self._sort()]
        while self._peek().is_symbol(","):
            self._at += 1
            sorts.append(self._sort())
        if len(sorts) > MAX_SORTS:
            raise JqlError(f"The maximum number of sort fields is {MAX_SORTS}.")
        return tuple(sorts)

    def _sort(self) -> Sort:
        if self._peek().kind not in ("word", "quoted"):
            raise self._unexpected("field name")
        name = self._next().text
        descending = self._skip_word("desc")
        if not descending:
            self._skip_word("asc")
        return Sort(name, descending)
