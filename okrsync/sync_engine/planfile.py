"""Saved plans: what a person read and approved is what gets applied, or nothing is (I23).

A saved plan carries the store's lineage and serial and one line per effect. Applying it looks at every
tool again, plans again and compares: only an equal plan is applied. So a moved pre-image, another day
that changes a computed number or a changed mapping all lead to a refusal that names the difference.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from okrsync.okr.values import encode
from okrsync.sync_engine.merge import ABSENT, Agreed
from okrsync.sync_engine.plan import Plan

FORMAT = "okrsync-plan/1"
_GONE = "let go "


class PlanRefusedError(Exception):
    """A saved plan does not fit any more (or never did). `differences` names effects in only one of both."""

    def __init__(self, message: str, advice: str, differences: Sequence[str] = ()) -> None:
        super().__init__(f"{message}. {advice}")
        self.differences = tuple(differences)


@dataclass(frozen=True)
class SavedPlan:
    """What a plan file holds, besides its readable part."""

    lineage: str
    serial: int
    effects: tuple[str, ...]

    @property
    def emptied(self) -> frozenset[str]:
        """Collections from which it lets records go: only a whole look shows that they are not there."""
        lines = (line.removeprefix(_GONE) for line in self.effects if line.startswith(_GONE))
        return frozenset(re.split("[ /]", line, maxsplit=1)[0] for line in lines)


def effects(plan: Plan) -> tuple[str, ...]:
    """Every effect of a plan as one line; two plans are equal if and only if their lines are."""
    lines = [f"adopt {a.entity} {a.field} {_text(a.before)} -> {encode(a.after)}" for a in plan.adoptions]
    lines += [f"agree {s.link} {s.slot} {encode(s.shown)} {_text(s.agreed)}" for s in plan.settlements]
    lines += [f"compute {entity} {name} {encode(value)}" for entity, name, value in plan.derived]
    lines += [f"dispute {d.entity} {d.field} {_sides(d.sides)}" for d in plan.disputes]
    lines += [f"close {conflict}" for conflict in plan.closed]
    lines += [f"{_GONE}{gone.collection} {gone.native_id}" for gone in plan.gone]
    lines += [f"create {op.collection} {op.native_id}" for op in plan.ops if op.creates]
    lines += [
        f"write {op.collection} {op.native_id} {c.native} {encode(c.before)} -> {encode(c.after)}"
        for op in plan.ops
        for c in op.changes
    ]
    return tuple(lines)


def _text(value: Agreed) -> str:
    return "-" if value is ABSENT else encode(value)


def _sides(sides: Mapping[str, Any]) -> str:
    return json.dumps({name: encode(value) for name, value in sorted(sides.items())}, ensure_ascii=False)


def save(plan: Plan, readable: Mapping[str, Any], path: Path) -> None:
    """Write a plan file: its effects with a checksum, and the readable plan for people and programs."""
    lines = effects(plan)
    body = {
        "format": FORMAT,
        "lineage": plan.lineage,
        "serial": plan.serial,
        "digest": _digest(lines),
        "effects": lines,
        "plan": readable,
    }
    path.write_text(json.dumps(body, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def load(path: Path) -> SavedPlan:
    """Read a plan file. Raises PlanRefusedError when it is none or was changed."""
    try:
        body = json.loads(path.read_text(encoding="utf-8"))
        saved = SavedPlan(str(body["lineage"]), int(body["serial"]), tuple(body["effects"]))
        intact = body["format"] == FORMAT and body["digest"] == _digest(saved.effects)
    except OSError as error:
        raise PlanRefusedError(
            f"{path} cannot be read: {error.strerror}", "Make one with plan --out"
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise PlanRefusedError(f"{path} is not a saved plan", "Make one with okrsync plan --out") from error
    if not intact:
        raise PlanRefusedError(
            f"{path} was changed after it was saved", "Make a new one with okrsync plan --out"
        )
    return saved


def check(saved: SavedPlan, plan: Plan) -> None:
    """Whether a fresh plan is the saved one. Raises PlanRefusedError naming what moved."""
    if saved.lineage != plan.lineage:
        raise PlanRefusedError(
            "the plan was made for another store", "Make a new one with okrsync plan --out"
        )
    now = effects(plan)
    if now != saved.effects:
        gone = [f"- {line}" for line in saved.effects if line not in set(now) and _is_told(line)]
        new = [f"+ {line}" for line in now if line not in set(saved.effects) and _is_told(line)]
        what = "the store moved on" if saved.serial != plan.serial else "the tools moved on"
        raise PlanRefusedError(
            f"{what} since the plan was saved; nothing was applied",
            "Read the differences, then make a new plan with okrsync plan --out",
            sorted([*gone, *new], key=lambda line: (line[2:].rsplit(" -> ", 1)[0], line)),
        )
    if saved.serial != plan.serial:
        raise PlanRefusedError(
            "the store moved on since the plan was saved; nothing was applied",
            "Make a new one with okrsync plan --out",
        )


def _is_told(line: str) -> bool:
    """Whether a person learns something from it; what only follows from it is left out."""
    return line.startswith(("write", "create", "dispute", "adopt", _GONE))


def _digest(lines: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
