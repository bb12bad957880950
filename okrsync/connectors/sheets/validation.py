"""What a cell's data validation rule would refuse from a person, and so from okrsync.

Arrives: a cell as read, and a value that is to be written. Leaves: why the rule does not take it, or nothing.
The API writes past such rules, strict or not, and the cell then shows a warning nobody typed; so the rule is
asked here, before a request. Only what can be judged for certain counts: a text against the list that stands
in the rule, and a check box.
"""

from __future__ import annotations

from okrsync.connectors.base import Native
from okrsync.connectors.sheets.book import Json


def why_refused(value: Native, held: Json) -> str | None:
    """Why a strict rule of the cell does not take the value; a blank always passes.

    `ONE_OF_LIST`, `BOOLEAN` and `strict` as in the Sheets API's `DataValidationRule`.
    """
    rule = held.get("dataValidation") or {}
    condition = rule.get("condition") or {}
    if rule.get("strict") is not True or value is None:
        return None
    offered = [str(one.get("userEnteredValue", "")) for one in condition.get("values", ())]
    if condition.get("type") == "BOOLEAN" and not offered:
        return None if isinstance(value, bool) else "the cell is a check box"
    if condition.get("type") != "ONE_OF_LIST" or not isinstance(value, str | tuple):
        return None
    text = value if isinstance(value, str) else ", ".join(value)
    if text.casefold() in {one.casefold() for one in offered}:
        return None
    return f"the cell's drop-down offers only {', '.join(map(repr, offered))}"
