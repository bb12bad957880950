"""What people do in the spreadsheet editor, by name: type, sort, insert, cut and paste, rename, share,
protect.

Arrives: an action and its arguments as JSON. Leaves: a changed spreadsheet; formulas and row tags follow as
the editor makes them. Protections do not bind here: the person acting owns the file. Rows are named by their
number (from 1) or by the text in their first column, columns by letter or by the header in row 1.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from okrsync.sandbox.service import PersonError
from okrsync.sandbox.sheets import reshape
from okrsync.sandbox.sheets.a1 import Box, cell_name, column_index, parse
from okrsync.sandbox.sheets.editing import Editing, Manners, close
from okrsync.sandbox.sheets.errors import Refused
from okrsync.sandbox.sheets.evaluate import Calculator
from okrsync.sandbox.sheets.grid import Formula, Protection, Rule, Spreadsheet, Tab
from okrsync.sandbox.sheets.render import formatted

Json = Any
ERRORS = {
    "ERROR": "=1+",
    "NULL_VALUE": "=#NULL!",
    "DIVIDE_BY_ZERO": "=1/0",
    "VALUE": '="text"*1',
    "REF": "=#REF!",
    "NAME": "=NOSUCHFUNCTION()",
    "NUM": "=#NUM!",
    "N_A": "=NA()",
    "LOADING": '=IMPORTRANGE("elsewhere";"A1")',
}
"""A formula that gives each error type: in a sheet an error never comes without one."""


@dataclass(slots=True)
class Person:
    """A person at work in one spreadsheet."""

    spreadsheet: Spreadsheet
    owner: str
    today: date
    manners: Manners

    def act(self, action: str, arguments: Mapping[str, Json]) -> Json:
        """Do one thing; raises PersonError when it cannot be done as asked."""
        if action not in _ACTIONS:
            raise PersonError(f"no action {action!r} on a spreadsheet; there are: {', '.join(_ACTIONS)}")
        try:
            return _ACTIONS[action](self, arguments)
        except KeyError as error:
            raise PersonError(f"{action} needs the argument {error}") from error
        except Refused as refused:
            raise PersonError(f"{action}: {refused.message}") from refused

    def tab(self, arguments: Mapping[str, Json]) -> Tab:
        """The tab an action is about; the first one when none is named."""
        title = arguments.get("tab", self.spreadsheet.tabs[0].title if self.spreadsheet.tabs else None)
        found = self.spreadsheet.tab_titled(str(title))
        if found is None:
            titles = ", ".join(tab.title for tab in self.spreadsheet.tabs)
            raise PersonError(f"no tab {title!r}; the spreadsheet has: {titles}")
        return found

    def shown(self, tab: Tab, row: int, column: int) -> str:
        """What a person sees in a cell."""
        value = Calculator(self.spreadsheet).value(tab, row, column)
        return formatted(value, tab.format_of(row, column), self.spreadsheet.locale)

    def column(self, tab: Tab, name: Json) -> int:
        """A column by its header, else by its letter."""
        for index in range(tab.columns):
            if self.shown(tab, 0, index).strip() == str(name):
                return index
        if str(name).isalpha() and str(name).isascii() and len(str(name)) <= 2:
            return column_index(str(name))
        raise PersonError(f"no column {name!r} on tab {tab.title!r}")

    def row(self, tab: Tab, arguments: Mapping[str, Json]) -> int:
        """A row by `row` (its number from 1) or by `key` (the text in the first column)."""
        if "row" in arguments:
            return int(arguments["row"]) - 1
        key = str(arguments["key"])
        rows = sorted({row for row, column in tab.cells if column == 0 and row > 0})
        found = next((row for row in rows if self.shown(tab, row, 0).strip() == key), None)
        if found is None:
            raise PersonError(f"no row with key {key!r} on tab {tab.title!r}")
        return found

    def box(self, tab: Tab, text: Json) -> Box:
        """A range of the tab in A1 notation."""
        address = parse(str(text))
        if address is None:
            raise PersonError(f"{text!r} is not a range")
        return close(address, tab, str(text))

    def cell(self, tab: Tab, arguments: Mapping[str, Json]) -> tuple[int, int]:
        """A cell by `cell` (A1 notation) or by row and `column`."""
        if "cell" in arguments:
            box = self.box(tab, arguments["cell"])
            return box.top, box.left
        return self.row(tab, arguments), self.column(tab, arguments["column"])

    def type(self, tab: Tab, row: int, column: int, value: Json) -> None:
        """Type something into a cell; the grid grows when needed."""
        tab.rows, tab.columns = max(tab.rows, row + 1), max(tab.columns, column + 1)
        editing = Editing(self.spreadsheet, self.owner, "en", self.today, self.manners)
        before = tab.cell(row, column)
        editing.enter(tab, row, column, value, as_typed=True)
        if (
            before.rule is not None
            and before.rule.strict
            and not before.rule.takes(tab.cell(row, column).entered)
        ):
            tab.put(row, column, before)
            raise PersonError(
                f"the validation rule of {tab.title}!{cell_name(row, column)} refuses {value!r}"
            )


def _set_cell(person: Person, arguments: Mapping[str, Json]) -> None:
    tab = person.tab(arguments)
    person.type(tab, *person.cell(tab, arguments), arguments["value"])


def _set_formula(person: Person, arguments: Mapping[str, Json]) -> None:
    tab = person.tab(arguments)
    text = str(arguments["formula"])
    person.type(tab, *person.cell(tab, arguments), text if text.startswith("=") else "=" + text)


def _set_error(person: Person, arguments: Mapping[str, Json]) -> None:
    tab, kind = person.tab(arguments), str(arguments["type"])
    if kind not in ERRORS:
        raise PersonError(f"no error type {kind!r}; there are: {', '.join(ERRORS)}")
    row, column = person.cell(tab, arguments)
    tab.put(row, column, replace(tab.cell(row, column), entered=Formula(ERRORS[kind])))


def _type_over(person: Person, arguments: Mapping[str, Json]) -> None:
    """Another record is typed over a row: cell by cell, so a row's tag stays and now lies."""
    tab = person.tab(arguments)
    row = person.row(tab, arguments)
    for name, value in arguments["values"].items():
        person.type(tab, row, person.column(tab, name), value)


def _sort(person: Person, arguments: Mapping[str, Json]) -> None:
    """Sort everything below the header; `range` sorts only some cells, as a careless person does."""
    tab = person.tab(arguments)
    column = person.column(tab, arguments["column"])
    used = [row for row, _ in tab.used_in(tab.whole())]
    whole = Box(1, 0, max(used, default=0) + 1, tab.columns)
    box = person.box(tab, arguments["range"]) if "range" in arguments else whole
    order = [(column, bool(arguments.get("descending", False)))]
    follow = person.manners.metadata_follows_sort
    reshape.sort(person.spreadsheet, tab, box, order, metadata_follows=follow)


def _insert_row(person: Person, arguments: Mapping[str, Json]) -> None:
    """Insert above `row` or above the row with `key`, and fill in `values` by header."""
    tab = person.tab(arguments)
    row = person.row(tab, arguments)
    reshape.shift(person.spreadsheet, tab, rows=True, by=reshape.Shift(row, added=1))
    for name, value in arguments.get("values", {}).items():
        person.type(tab, row, person.column(tab, name), value)


def _append_row(person: Person, arguments: Mapping[str, Json]) -> None:
    """Type a new row below the last used one."""
    tab = person.tab(arguments)
    row = max((at for at, _ in tab.used_in(tab.whole())), default=-1) + 1
    for name, value in arguments["values"].items():
        person.type(tab, row, person.column(tab, name), value)


def _delete_row(person: Person, arguments: Mapping[str, Json]) -> None:
    tab = person.tab(arguments)
    by = reshape.Shift(person.row(tab, arguments), removed=1)
    reshape.shift(person.spreadsheet, tab, rows=True, by=by)


def _insert_column(person: Person, arguments: Mapping[str, Json]) -> None:
    """Insert left of `column`, with a `header` when given."""
    tab = person.tab(arguments)
    column = person.column(tab, arguments["column"])
    reshape.shift(person.spreadsheet, tab, rows=False, by=reshape.Shift(column, added=1))
    person.type(tab, 0, column, arguments.get("header"))


def _delete_column(person: Person, arguments: Mapping[str, Json]) -> None:
    tab = person.tab(arguments)
    by = reshape.Shift(person.column(tab, arguments["column"]), removed=1)
    reshape.shift(person.spreadsheet, tab, rows=False, by=by)


def _rename_header(person: Person, arguments: Mapping[str, Json]) -> None:
    tab = person.tab(arguments)
    person.type(tab, 0, person.column(tab, arguments["column"]), arguments["to"])


def _rename_tab(person: Person, arguments: Mapping[str, Json]) -> None:
    tab, title = person.tab(arguments), str(arguments["to"])
    if person.spreadsheet.tab_titled(title) is not None:
        raise PersonError(f"there is already a tab {title!r}")
    reshape.rename(person.spreadsheet, tab, title)


def _delete_tab(person: Person, arguments: Mapping[str, Json]) -> None:
    if len(person.spreadsheet.tabs) == 1:
        raise PersonError("the only tab of a spreadsheet cannot be deleted")
    reshape.remove_tab(person.spreadsheet, person.tab(arguments))


def _cut_paste(person: Person, arguments: Mapping[str, Json]) -> None:
    tab = person.tab(arguments)
    box, target = person.box(tab, arguments["from"]), person.box(tab, arguments["to"])
    reshape.cut_paste(person.spreadsheet, tab, box, target.top, target.left)


def _share(person: Person, arguments: Mapping[str, Json]) -> None:
    role = str(arguments.get("role", "writer"))
    if role not in ("reader", "writer"):
        raise PersonError(f"a file is shared with a reader or a writer, not with a {role!r}")
    person.spreadsheet.roles[str(arguments["email"])] = role


def _unshare(person: Person, arguments: Mapping[str, Json]) -> None:
    if person.spreadsheet.roles.pop(str(arguments["email"]), None) is None:
        raise PersonError(f"the file is not shared with {arguments['email']}")


def _protect(person: Person, arguments: Mapping[str, Json]) -> int:
    """Protect `range` or the whole tab; only the owner and `editors` may edit it then. Returns its id."""
    tab = person.tab(arguments)
    box = person.box(tab, arguments["range"]) if "range" in arguments else None
    editors = frozenset({person.owner, *(str(email) for email in arguments.get("editors", []))})
    number = person.spreadsheet.mint()
    tab.protections.append(Protection(number, box, editors, bool(arguments.get("warning_only", False))))
    return number


def _validate(person: Person, arguments: Mapping[str, Json]) -> None:
    """A strict drop-down of `values` for a cell, or the whole `column` below its header; else a check box."""
    tab, column = person.tab(arguments), person.column(person.tab(arguments), arguments["column"])
    rows = [person.row(tab, arguments)] if {"row", "key"} & set(arguments) else range(1, tab.rows)
    values = tuple(str(one) for one in arguments.get("values", ()))
    rule = Rule("ONE_OF_LIST" if values else "BOOLEAN", values, bool(arguments.get("strict", True)))
    for row in rows:
        tab.put(row, column, replace(tab.cell(row, column), rule=rule))


def _unprotect(person: Person, arguments: Mapping[str, Json]) -> None:
    person.tab(arguments).protections.clear()


_ACTIONS: dict[str, Callable[[Person, Mapping[str, Json]], Json]] = {
    "append_row": _append_row,
    "cut_paste": _cut_paste,
    "delete_column": _delete_column,
    "delete_row": _delete_row,
    "delete_tab": _delete_tab,
    "insert_column": _insert_column,
    "insert_row": _insert_row,
    "protect": _protect,
    "rename_header": _rename_header,
    "rename_tab": _rename_tab,
    "set_cell": _set_cell,
    "set_error": _set_error,
    "set_formula": _set_formula,
    "share": _share,
    "sort": _sort,
    "type_over": _type_over,
    "unprotect": _unprotect,
    "unshare": _unshare,
    "validate": _validate,
}
