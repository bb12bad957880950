"""Faults in the merge of one field: what people would lose, or be asked, wrongly."""

from __future__ import annotations

from tests.engine.mutants.fault import CONFLICTS, INTEGRATE, SYNC, TABLE, WRITING, Fault

MERGE = (
    Fault(
        "merge.py",
        "return Outcome(canonical, conflict=Clash(dict(proposals)))",
        "return Outcome(proposals[max(proposals)], origin=max(proposals))",
        "I1: the last writer wins a clash",
        (SYNC, TABLE),
    ),
    Fault(
        "merge.py",
        "if side.reads and not isinstance(side.seen, Unreadable)]",
        "if side.reads]",
        "I9: an unreadable value takes part in the merge",
        (SYNC, TABLE),
    ),
    Fault(
        "merge.py",
        "if rule.owner in (None, side.collection)]",
        "]",
        "I8: everybody may set a field that has an owner",
        (SYNC, TABLE),
    ),
    Fault(
        "merge.py",
        "if side not in voters and _edited(side))",
        "if side in voters and _edited(side))",
        "I8: drift names the owner instead of the trespasser",
        (TABLE,),
    ),
    Fault(
        "merge.py",
        "    ordered = sorted(sides, key=lambda side: side.name)\n",
        "    ordered = list(sides)[:2]\n",
        "I1: a third side is not heard",
        (SYNC, TABLE),
    ),
    Fault(
        "merge.py",
        "if first and is_blank(_value(side)):",
        "if first and False:",
        "a blank cell at first contact clears the field everywhere",
        (SYNC, TABLE),
    ),
    Fault(
        "merge.py",
        "        if first and is_blank(_value(side)):",
        "        if is_blank(_value(side)):",
        "I1: clearing a field is not an edit",
        (SYNC, TABLE),
    ),
    Fault(
        "merge.py",
        "            unaware.append(side)",
        "            pass",
        "I1: a newer edit silently displaces an agreed value that was never shown there",
        (SYNC, TABLE),
    ),
    Fault(
        "merge.py",
        "blank = is_blank(canonical) and all(side.shown is ABSENT for side in unaware)",
        "blank = is_blank(canonical)",
        "I1: an agreed clear is lost to an edit that never saw it",
        (SYNC, TABLE),
    ),
    Fault(
        "merge.py",
        "if same(side.seen, wanted) or (side.shown is ABSENT and is_blank(wanted)):",
        "if same(side.seen, wanted):",
        "I1: what a person wrote is blanked at first contact",
        (SYNC, TABLE),
    ),
    Fault(
        "merge.py",
        "return bool(now) and now == then",
        "return bool(now)",
        "I1: a decision swallows an edit made after it",
        (CONFLICTS,),
    ),
    Fault(
        "merge.py",
        "frozenset((result - removed) | added)",
        "frozenset(result | added)",
        "I1: a removal from a set is dropped",
        (TABLE,),
    ),
    Fault(
        "merge.py",
        "frozenset((result - removed) | added)",
        "frozenset((result | added) - removed)",
        "I5: a removal beats an addition",
        (TABLE,),
    ),
    Fault(
        "merge.py",
        "return max(sorted(numbers), key=",
        "return min(sorted(numbers), key=",
        "the smaller number wins",
        (INTEGRATE, TABLE),
    ),
    Fault(
        "merge.py",
        "return Outcome(value, origin=winner, superseded=lost)",
        "return Outcome(value, origin=winner)",
        "I1, I24: an edit that lost by rule leaves no trace",
        (SYNC, TABLE),
    ),
    Fault(
        "merge.py",
        "        return side.agreed is ABSENT or not same(side.agreed, wanted)\n    return True",
        "        return True\n    return True",
        "I12: a tool that rounds is written in every run",
        (SYNC, WRITING),
    ),
    Fault(
        "merge.py",
        "        return side.agreed is ABSENT or not same(side.agreed, wanted)\n    return True",
        "        return side.agreed is not ABSENT and not same(side.agreed, wanted)\n    return True",
        "I11: an edit that lost by rule is never overwritten",
        (WRITING,),
    ),
    Fault(
        "merge.py",
        "        or not same(side.shown, side.seen)\n",
        "",
        "I19: the base keeps an old look although the side agrees",
        (WRITING,),
    ),
)
