"""One caller's change of one spreadsheet: addressing, permission inside the file, and entering values.

Arrives: a copy of the spreadsheet, and who is calling. Leaves: the changed copy, or a refusal, in which case
the copy is dropped and nothing has happened: that is how a batch is atomic. Shared by the values calls, by
spreadsheets.batchUpdate and by the data-filter calls.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from babel.numbers import get_decimal_symbol

from okrsync.sandbox.sheets.a1 import Address, Box, cell_name, parse, quoted
from okrsync.sandbox.sheets.entry import scalar, typed
from okrsync.sandbox.sheets.errors import Refused, invalid
from okrsync.sandbox.sheets.formula import with_separator
from okrsync.sandbox.sheets.grid import Cell, Formula, Protection, Spreadsheet, Tab

# The refusal is in the account's language (captured in English and Spanish): clients must not match it
_PROTECTED = {
    "en": "You are trying to edit a protected cell or object. "
    "Please contact the spreadsheet owner to remove protection if you need to edit.",
    "es": "Estás intentando editar una celda o un objeto que están protegidos. Si necesitas hacer "
    "cambios, ponte en contacto con el propietario de la hoja de cálculo para quitar la protección.",
    "fr": "Vous tentez de modifier une cellule ou un objet protégés. Si vous devez effectuer "
    "des modifications, demandez au propriétaire de la feuille de calcul de supprimer la protection.",
    "de": "Sie versuchen, eine geschützte Zelle oder ein geschütztes Objekt zu bearbeiten. "
    "Wenden Sie sich an den Eigentümer der Tabelle, um den Schutz aufzuheben.",
}


@dataclass(frozen=True, slots=True)
class Manners:
    """Behaviours of the real service that are not settled, so that a client can be tried both ways."""

    metadata_follows_sort: bool = True
    """Row metadata travels with a sort of whole rows (measured by one project, documented nowhere), and so
    does the protection of a single row."""
    rewrites_separators: bool = False
    """Formulas come back with the locale's own argument separator rather than as sent."""


@dataclass(slots=True)
class Editing:
    """A change under way."""

    spreadsheet: Spreadsheet
    email: str
    language: str
    today: date
    manners: Manners

    def tab(self, sheet_id: Any) -> Tab:
        """The tab of a sheetId (missing means 0); raises a 400 refusal when there is none."""
        number = 0 if sheet_id is None else sheet_id
        found = self.spreadsheet.tab_numbered(number)
        if found is None:
            raise invalid(f"No grid with id: {number}")
        return found

    def guard(self, tab: Tab, box: Box) -> None:
        """Raise the 400 a protected range gives: not a 403, and the whole batch is lost."""
        for item in tab.protections:
            if not can_edit(item, self.email) and (item.box is None or item.box.meets(box)):
                raise invalid(_PROTECTED.get(self.language, _PROTECTED["en"]))

    def enter(self, tab: Tab, row: int, column: int, value: Any, *, as_typed: bool) -> None:
        """Put a value into a cell, to the letter (RAW) or as if a person typed it (USER_ENTERED)."""
        cell = tab.cell(row, column)
        if as_typed:
            shown = tab.format_of(row, column)
            changed = typed(value, cell, shown, self.spreadsheet.locale, self.today)
        else:
            changed = replace(cell, entered=scalar(value))
        tab.put(row, column, self.settled(changed))

    def settled(self, cell: Cell) -> Cell:
        """The cell as it will be shown back."""
        if not self.manners.rewrites_separators or not isinstance(cell.entered, Formula):
            return cell
        separator = ";" if get_decimal_symbol(self.spreadsheet.locale) == "," else ","
        return replace(cell, entered=Formula(with_separator(cell.entered.text, separator)))


def can_edit(item: Protection, email: str) -> bool:
    """A protection that only warns stops nobody."""
    return item.warning_only or email in item.editors


def locate(spreadsheet: Spreadsheet, text: str) -> tuple[Tab, Box, Address]:
    """The tab and cells a range means, its end clamped to the grid (recorded).

    Raises a 400 refusal for a text that is no range, an unknown tab, or a start beyond the grid.
    """
    address = parse(text)
    if address is None:
        raise invalid(f"Unable to parse range: {text}")
    tab = _tab_of(spreadsheet, address)
    if tab is None:
        raise invalid(f"Unable to parse range: {text}")
    return tab, close(address, tab, text), address


def _tab_of(spreadsheet: Spreadsheet, address: Address) -> Tab | None:
    """The named tab; cells without a title are on the first visible one."""
    if address.title is not None:
        return spreadsheet.tab_titled(address.title)
    return next((tab for tab in spreadsheet.tabs if not tab.hidden), None)


def close(address: Address, tab: Tab, text: str) -> Box:
    """The cells of an address in a grid."""
    top, left = address.top or 0, address.left or 0
    if top >= tab.rows or left >= tab.columns:
        raise beyond(tab, text)
    bottom = tab.rows if address.bottom is None else min(address.bottom, tab.rows)
    right = tab.columns if address.right is None else min(address.right, tab.columns)
    return Box(top, left, bottom, right)


def beyond(tab: Tab, text: str) -> Refused:
    """400 for cells outside the grid; the limits are in the text."""
    shown = text if "!" in text else f"{quoted(tab.title)}!{text}"
    return invalid(f"Range ({shown}) exceeds grid limits. Max rows: {tab.rows}, max columns: {tab.columns}")


def grid_box(tab: Tab, data: dict[str, Any]) -> Box:
    """The cells of a GridRange: half-open, missing ends are the grid's; raises 400 outside the grid."""
    top, left = int(data.get("startRowIndex", 0)), int(data.get("startColumnIndex", 0))
    bottom = min(int(data.get("endRowIndex", tab.rows)), tab.rows)
    right = min(int(data.get("endColumnIndex", tab.columns)), tab.columns)
    if top < 0 or left < 0 or top >= bottom or left >= right:
        raise beyond(tab, cell_name(max(top, 0), max(left, 0)))
    return Box(top, left, bottom, right)
