"""Spreadsheets to plain JSON and back, so that a sandbox can be saved and reopened.

Arrives: a spreadsheet. Leaves: a JSON object holding all of its true state, and the way back. Separate from
the model because the saved form is a contract of its own: a state saved by one version must open in the next.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from okrsync.sandbox.sheets.a1 import Box
from okrsync.sandbox.sheets.grid import Cell, Formula, NumberFormat, Protection, Rule, Spreadsheet, Tab, Tag

Json = Any


def save(spreadsheet: Spreadsheet) -> dict[str, Json]:
    """The spreadsheet as JSON."""
    return {
        "id": spreadsheet.id,
        "title": spreadsheet.title,
        "locale": spreadsheet.locale,
        "time_zone": spreadsheet.time_zone,
        "tabs": [_save_tab(tab) for tab in spreadsheet.tabs],
        "roles": dict(spreadsheet.roles),
        "tags": [asdict(tag) for tag in spreadsheet.tags],
        "next_number": spreadsheet.next_number,
    }


def restore(data: Mapping[str, Json]) -> Spreadsheet:
    """The spreadsheet a saved form describes; KeyError or TypeError when it is of another shape."""
    return Spreadsheet(
        id=data["id"],
        title=data["title"],
        locale=data["locale"],
        time_zone=data["time_zone"],
        tabs=[_restore_tab(tab) for tab in data["tabs"]],
        roles=dict(data["roles"]),
        tags=[Tag(**tag) for tag in data["tags"]],
        next_number=data["next_number"],
    )


def _save_tab(tab: Tab) -> dict[str, Json]:
    return {
        "id": tab.id,
        "title": tab.title,
        "rows": tab.rows,
        "columns": tab.columns,
        "hidden": tab.hidden,
        "frozen_rows": tab.frozen_rows,
        "cells": [_save_cell(row, column, tab.cells[row, column]) for row, column in sorted(tab.cells)],
        "column_formats": [[index, asdict(shown)] for index, shown in sorted(tab.column_formats.items())],
        "protections": [_save_protection(item) for item in tab.protections],
        "merges": [asdict(box) for box in tab.merges],
        "tags": [asdict(tag) for tag in tab.tags],
    }


def _restore_tab(data: Mapping[str, Json]) -> Tab:
    return Tab(
        id=data["id"],
        title=data["title"],
        rows=data["rows"],
        columns=data["columns"],
        hidden=data["hidden"],
        frozen_rows=data["frozen_rows"],
        cells={(item["row"], item["column"]): _restore_cell(item) for item in data["cells"]},
        column_formats={index: NumberFormat(**shown) for index, shown in data["column_formats"]},
        protections=[_restore_protection(item) for item in data["protections"]],
        merges=[Box(**box) for box in data["merges"]],
        tags=[Tag(**tag) for tag in data["tags"]],
    )


def _save_cell(row: int, column: int, cell: Cell) -> dict[str, Json]:
    saved: dict[str, Json] = {"row": row, "column": column}
    if isinstance(cell.entered, Formula):
        saved["formula"] = cell.entered.text
    elif cell.entered is not None:
        saved["value"] = cell.entered
    if cell.format is not None:
        saved["format"] = asdict(cell.format)
    if cell.note != "":
        saved["note"] = cell.note
    if cell.rule is not None:
        saved["rule"] = asdict(cell.rule)
    return saved


def _restore_cell(data: Mapping[str, Json]) -> Cell:
    entered = Formula(data["formula"]) if "formula" in data else data.get("value")
    shown = NumberFormat(**data["format"]) if "format" in data else None
    rule = Rule(**{**data["rule"], "values": tuple(data["rule"]["values"])}) if "rule" in data else None
    return Cell(entered, shown, data.get("note", ""), rule)


def _save_protection(item: Protection) -> dict[str, Json]:
    return {**asdict(item), "editors": sorted(item.editors)}


def _restore_protection(data: Mapping[str, Json]) -> Protection:
    box = None if data["box"] is None else Box(**data["box"])
    return Protection(data["id"], box, frozenset(data["editors"]), data["warning_only"], data["description"])
