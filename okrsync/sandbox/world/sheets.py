"""A company's spreadsheet: one row per key result with a number, typed by people.

Arrives: the service and the company's key results. Leaves: a file with the tab KRs, shared with okrsync's
service account. Score and Status are empty columns that people reserved for computed values.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from okrsync.sandbox.sheets import SheetsService
from okrsync.sandbox.world.companies import Company
from okrsync.sandbox.world.numbers import confidence, current, has_row, note
from okrsync.sandbox.world.seed import KeyResult, Plan

TAB = "KRs"
HEADER = ("KR", "Title", "Current", "Target", "Unit", "Confidence", "Score", "Status", "Notes")
_FORMATS = {
    HEADER.index("Confidence"): {"type": "PERCENT", "pattern": "0%"},
    HEADER.index("Score"): {"type": "PERCENT", "pattern": "0%"},
}
Content = None | bool | int | float | Decimal | str | date


def add_spreadsheet(service: SheetsService, company: Company, plan: Plan, account: str) -> str:
    """The company's file, shared with the account as a writer. Returns the spreadsheet's id."""
    new = service.create_spreadsheet(company.spreadsheet)
    rows: list[tuple[Content, ...]] = [HEADER]
    rows += [_row(kr) for kr in plan.key_results if has_row(kr)]
    service.add_tab(new, TAB, rows, _FORMATS, row_count=200, column_count=12)
    service.share(new, account)
    return new


def _row(kr: KeyResult) -> tuple[Content, ...]:
    return (kr.key, kr.title, current(kr), kr.target, kr.unit, confidence(kr), None, None, note(kr))
