"""A company's OKRs in Notion: one database, two data sources, people and relations.

Arrives: the service and the company's plan. Leaves: filled tables. The columns Progress, Health and Why are
there and empty: they are for computed values. Parents come before children in the plan, so every relation
can be set when its row is made.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from okrsync.sandbox.notion import NotionService
from okrsync.sandbox.world.companies import Company
from okrsync.sandbox.world.people import address
from okrsync.sandbox.world.seed import KeyResult, Objective, Plan

OBJECTIVES, KEY_RESULTS = "Objectives", "Key results"
_LEVELS = {"company": "Company", "bu": "Business unit", "team": "Team", "individual": "Individual"}
_MEASURES = ["Level", "Relative", "Delta", "Rate", "Maintain", "Binary", "Milestone", "None"]
_DIRECTIONS = [
    "Increase",
    "Decrease",
    "At least",
    "At most",
    "Maintain at least",
    "Maintain at most",
    "Complete",
]
_HEALTH = (
    ("No score", "default", "To-do"),
    ("Not started", "gray", "To-do"),
    ("Too early", "gray", "In progress"),
    ("On track", "green", "In progress"),
    ("At risk", "yellow", "In progress"),
    ("Off track", "red", "In progress"),
    ("Needs update", "orange", "In progress"),
    ("Waiting", "brown", "In progress"),
    ("Achieved", "blue", "Complete"),
    ("Missed", "pink", "Complete"),
)
_COMPUTED: Mapping[str, Any] = {
    "Progress": "percent",
    "Health": {"status": [{"name": n, "color": c, "group": g} for n, c, g in _HEALTH]},
    "Why": "rich_text",
}
_TABLES: Mapping[str, Mapping[str, Any]] = {
    OBJECTIVES: {
        "Name": "title",
        "OKR key": "rich_text",
        "Owner": "people",
        "Level": {"select": list(_LEVELS.values())},
        "Cycle": {"select": ["2023", "2026", "2026-Q1", "2026-Q2"]},
        "Due": "date",
        "Contributes to": {"relation": KEY_RESULTS},
        "Part of": {"relation": OBJECTIVES},
        **_COMPUTED,
    },
    KEY_RESULTS: {
        "Name": "title",
        "KR key": "rich_text",
        "Objective": {"relation": OBJECTIVES},
        "Owner": "people",
        "Measure": {"select": _MEASURES},
        "Direction": {"select": _DIRECTIONS},
        "Unit": "rich_text",
        "Start": "number",
        "Target": "number",
        "Baseline": "number",
        "Due": "date",
        "Strict": "checkbox",
        "Roll-up": {"select": ["Sum", "Weighted mean", "Min", "Max", "Latest", "None"]},
        **_COMPUTED,
    },
}


def add_database(service: NotionService, company: Company, plan: Plan) -> str:
    """The company's database with all rows. Returns its id."""
    database = service.create_database(company.database, _TABLES)
    for owner in plan.owners:
        service.add_user(owner, address(owner, company))
    objectives = service.data_source_id(database, OBJECTIVES)
    key_results = service.data_source_id(database, KEY_RESULTS)
    pages: dict[str, str] = {}
    for objective in plan.objectives:
        values = _objective(objective, company, plan, pages)
        pages[objective.key] = service.add_page(objectives, values, by=_author(values))
        for kr in plan.of(objective):
            values = _key_result(kr, company, pages)
            pages[kr.key] = service.add_page(key_results, values, by=_author(values))
    return database


def _objective(each: Objective, company: Company, plan: Plan, pages: Mapping[str, str]) -> dict[str, Any]:
    measured = {kr.key: kr.objective for kr in plan.key_results}
    parent = each.parent_objective or measured.get(each.parent_kr or "")
    return _filled(
        {
            "Name": each.title,
            "OKR key": each.key,
            "Owner": None if each.owner is None else address(each.owner, company),
            "Level": _LEVELS[each.level],
            "Cycle": each.cycle,
            "Due": each.due,
            "Contributes to": None if each.parent_kr is None else pages[each.parent_kr],
            "Part of": None if parent is None else pages[parent],
        }
    )


def _key_result(kr: KeyResult, company: Company, pages: Mapping[str, str]) -> dict[str, Any]:
    return _filled(
        {
            "Name": kr.title,
            "KR key": kr.key,
            "Objective": pages[kr.objective],
            "Owner": None if kr.owner is None else address(kr.owner, company),
            "Measure": _words(kr.measure),
            "Direction": _words(kr.direction),
            "Unit": kr.unit,
            "Start": kr.start,
            "Target": kr.target,
            "Due": kr.due,
            "Strict": kr.strict,
            "Roll-up": "Sum" if kr.is_rolled_up else None,
        }
    )


def _words(name: str | None) -> str | None:
    return None if name is None else name.replace("_", " ").capitalize()


def _filled(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _author(values: Mapping[str, Any]) -> str | None:
    """Rows are made by those who answer for them."""
    author = values.get("Owner")
    return None if author is None else str(author)
