"""Faults in the write protocol, its journal and its recovery."""

from __future__ import annotations

from tests.engine.mutants.fault import INTEGRATE, RECOVERY, ROUNDING, SYNC, Fault

APPLY = (
    Fault(
        "apply.py",
        "    return not isinstance(seen, Unreadable) and same(seen, change.before)",
        "    return not isinstance(seen, Unreadable)",
        "I3: the pre-image is read but not compared",
        (SYNC,),
    ),
    Fault(
        "apply.py",
        "return (shown, change.after) if",
        "return (change.after, change.after) if",
        "I19: the base holds what was sent instead of what was read back",
        (SYNC,),
    ),
    Fault(
        "apply.py",
        "[(s.link, s.slot, s.shown, s.agreed) for s in plan.settlements]",
        "[(s.link, s.slot, s.shown, s.agreed) for s in plan.settlements]\n"
        "            + [(op.link, c.slot, c.after, c.after) for op in plan.ops for c in op.changes]",
        "I19: writes are noted as agreed before the service said so",
        (SYNC, RECOVERY),
    ),
    Fault(
        "apply.py",
        "        journal.record(connection, applier.run, now, numbered)\n",
        "",
        "I18: nothing is in the journal before it is sent",
        (RECOVERY,),
    ),
    Fault(
        "apply.py",
        "        journal.mark_sending(connection, [id_ for id_, _ in batch], applier.workspace.now())",
        "        pass",
        "I18: the journal does not say that an op is being sent",
        (RECOVERY,),
    ),
    Fault(
        "apply.py",
        "    journal.write_audit(connection, run, now, evidence)\n",
        "",
        "I24: an effect leaves no evidence",
        (RECOVERY,),
    ),
    Fault(
        "apply.py",
        "Patch(record, _cells(applier, mapping, narrowed))",
        "Patch(record, {k: c.value for k, c in record.cells.items()} | _cells(applier, mapping, narrowed))",
        "I2: whole records are written",
        (RECOVERY,),
    ),
    Fault(
        "apply.py",
        "    journal.mark(connection, intent, IntentState.ACKED, now)\n",
        "",
        "I18: an acknowledged write stays owed",
        (RECOVERY,),
    ),
    Fault(
        "apply.py",
        "    if isinstance(error, OutcomeUnknown):\n",
        "    if False:\n",
        "I18: a lost answer is taken for a refusal",
        (RECOVERY,),
    ),
    Fault(
        "apply.py",
        "        close_conflicts(connection, plan.closed, applier.run)\n",
        "",
        "a conflict stays open after people agreed",
        (SYNC,),
    ),
)

CONFIRM = (
    Fault(
        "confirm.py",
        "    if not done:\n",
        "    if True:\n",
        "I18: recovery plans again without settling what landed",
        (RECOVERY,),
    ),
    Fault(
        "confirm.py",
        "    return would_show(change.after, seen, known)",
        "    return True",
        "I1: recovery takes whatever it finds for its own write",
        (RECOVERY,),
    ),
    Fault(
        "confirm.py",
        "    return would_show(change.after, seen, known)",
        "    return False",
        "I18: a rounded write is taken for a person's edit after a kill",
        (RECOVERY,),
    ),
    Fault(
        "rounding.py",
        "for way in ways} == {seen}",
        "for way in _WAYS} >= {seen}",
        "I1: a person's correction is taken for a rounding nobody has seen",
        (ROUNDING,),
    ),
    Fault(
        "confirm.py",
        "        if mapping is None or fresh is None:\n",
        "        if mapping is None or fresh is None:\n            continue\n        if False:\n",
        "I18: a write that cannot be looked at is forgotten",
        (RECOVERY,),
    ),
    Fault(
        "confirm.py",
        "        if not connector.features.listing_may_lag:",
        "        if True:",
        "I4, I13: a stale listing is believed",
        (INTEGRATE,),
    ),
)

JOURNAL = (
    Fault(
        "journal.py",
        "OPEN = (IntentState.PLANNED, IntentState.SENDING, IntentState.UNKNOWN)",
        "OPEN = (IntentState.PLANNED, IntentState.SENDING)",
        "I18: a lost answer is never settled",
        (RECOVERY,),
    ),
    Fault(
        "journal.py",
        "OPEN = (IntentState.PLANNED, IntentState.SENDING, IntentState.UNKNOWN)",
        "OPEN = (IntentState.PLANNED, IntentState.UNKNOWN)",
        "I18: what was being sent when the process died is forgotten",
        (RECOVERY,),
    ),
    Fault(
        "rows.py",
        "    append_history(connection, values, run, now)\n",
        "",
        "a value enters the model without a trace",
        (INTEGRATE,),
    ),
    Fault(
        "rows.py",
        '"value": None if isinstance(look.seen, Unreadable) else encode(look.seen)',
        '"value": encode(None if isinstance(look.seen, Unreadable) else look.seen)',
        "I9: the store remembers an unreadable value as a blank",
        (INTEGRATE,),
    ),
)

PROTOCOL = (*APPLY, *CONFIRM, *JOURNAL)
