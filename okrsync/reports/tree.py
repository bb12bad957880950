"""The OKR tree for people: objectives, their key results and the work, with scores (S33).

A child objective stands under the key result it contributes to. An objective with several parents is
shown under each, its details once. A link that closes a circle is named instead of followed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from okrsync.okr.model import Entity, Kind
from okrsync.okr.numbers import show
from okrsync.okr.values import Value
from okrsync.reports.lines import alert, bad, dim, good, heading
from okrsync.reports.words import BLANK, clean, count, shorten
from okrsync.sync_engine.runner import View

_STATUS = {
    "achieved": good("achieved"),
    "on_track": good("on track"),
    "at_risk": alert("at risk"),
    "off_track": bad("off track"),
    "too_early": dim("too early"),
    "not_started": dim("not started"),
    "stale": alert("stale"),
    "pending": dim("pending"),
    "missed": bad("missed"),
    "unscored": dim("unscored"),
}
_ITEMS = {"new": dim("to do"), "indeterminate": "under way", "done": good("done")}


@dataclass
class _Tree:
    view: View
    of: dict[tuple[str, str], list[Entity]] = field(default_factory=dict)
    """Children by (parent entity, relation)."""
    shown: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        for entity in sorted(self.view.entities.values(), key=lambda e: (e.key or "~", e.id)):
            for relation in ("objective", "contributes_to"):
                parents = entity.get(relation)
                for parent in sorted(parents) if isinstance(parents, frozenset) else ():
                    self.of.setdefault((parent, relation), []).append(entity)


def tree_lines(view: View, root: str | None = None, work: bool = True) -> list[str]:
    """The tree below `root` (an entity id), or below every objective that contributes to nothing."""
    tree = _Tree(view)
    roots = [view.entities[root]] if root else _roots(view)
    lines = [line for entity in roots for line in _node(tree, entity, "", (), work)]
    return [*lines, "", dim(_totals(view))] if lines else ["No objectives yet. Run okrsync sync first."]


def _roots(view: View) -> list[Entity]:
    objectives = [e for e in view.entities.values() if e.kind is Kind.OBJECTIVE]
    known = view.entities.keys()
    tops = [o for o in objectives if not _parents(o) & known]
    return sorted(tops or objectives, key=lambda e: (e.key or "~", e.id))


def _parents(entity: Entity) -> frozenset[str]:
    found = entity.get("contributes_to")
    return found if isinstance(found, frozenset) else frozenset()


def _node(tree: _Tree, entity: Entity, indent: str, path: tuple[str, ...], work: bool) -> Iterator[str]:
    yield indent + entity_line(tree.view, entity)
    if entity.id in path:
        yield f"{indent}  {bad('closes a circle of links')}"
        return
    if entity.id in tree.shown:
        return
    tree.shown.add(entity.id)
    for child in _children(tree, entity, work):
        yield from _node(tree, child, indent + "  ", (*path, entity.id), work)


def _children(tree: _Tree, entity: Entity, work: bool) -> list[Entity]:
    own = tree.of.get((entity.id, "objective"), [])
    below = tree.of.get((entity.id, "contributes_to"), [])
    objectives = [e for e in below if e.kind is Kind.OBJECTIVE]
    initiatives = [e for e in below if e.kind is Kind.INITIATIVE] if work else []
    return [*own, *initiatives, *objectives]


def entity_line(view: View, entity: Entity) -> str:
    """One goal or piece of work: score, title, key, status."""
    derived = view.computed.derived.get(entity.id, {})
    title = shorten(str(entity.get("title") or entity.key or entity.id), 62)
    key = dim(f" [{clean(entity.key)}]") if entity.key else ""
    if entity.kind is Kind.WORK_ITEM:
        state = _ITEMS.get(str(entity.get("status_category")), "")
        return f"{'':>4}  {dim('item:')} {title}{key}  {state}".rstrip()
    if entity.kind is Kind.INITIATIVE:
        return f"{_number(derived.get('progress'))}  {dim('work:')} {title}{key}"
    status = _STATUS.get(str(derived.get("status")), "")
    name = heading(title) if entity.kind is Kind.OBJECTIVE else title
    coverage = derived.get("coverage")
    remark = dim(f" ({coverage} scored)") if _partial(coverage) else ""
    return f"{_number(derived.get('score'))}  {name}{key}  {status}{remark}".rstrip()


def _partial(coverage: Value) -> bool:
    """Whether some children could not be scored."""
    parts = coverage.split("/") if isinstance(coverage, str) else []
    return len(parts) == 2 and parts[0] != parts[1]


def _number(value: Value) -> str:
    return f"{show(value) if isinstance(value, Decimal) else BLANK:>4}"


def _totals(view: View) -> str:
    kinds = [e.kind for e in view.entities.values()]
    scored = sum(
        1
        for e in view.entities.values()
        if e.kind is Kind.KEY_RESULT and view.computed.derived.get(e.id, {}).get("score") is not None
    )
    parts = [
        count(kinds.count(Kind.OBJECTIVE), "objective"),
        f"{count(kinds.count(Kind.KEY_RESULT), 'key result')} ({scored} scored)",
        count(kinds.count(Kind.INITIATIVE), "initiative"),
        count(kinds.count(Kind.WORK_ITEM), "work item"),
    ]
    return ", ".join(parts)
