"""Faults in what is believed and kept: links, absence, the lease, the store."""

from __future__ import annotations

from tests.engine.mutants.fault import (
    ABSENCE,
    DAMAGE,
    GUARDS,
    INTEGRATE,
    LEASE,
    MISSING,
    STORE,
    UNLISTED,
    Fault,
)

LINKING = (
    Fault(
        "integrate.py",
        "        elif isinstance(key, str) and key in shared:\n",
        "        elif False:\n",
        "records that share a key are linked by order",
        (INTEGRATE,),
    ),
    Fault(
        "integrate.py",
        "    if twin is not None:\n",
        "    if False:\n",
        "a copy of a known record is linked to the same entity",
        (INTEGRATE,),
    ),
    Fault(
        "integrate.py",
        "    if not look.pull.complete or _scope_changed(work, look):",
        "    if _scope_changed(work, look):",
        "I6: an incomplete look proves absence",
        (ABSENCE,),
    ),
    Fault(
        "integrate.py",
        "_put(work, replace(link, state=LinkState.MISSING, missing_run=work.run))",
        "_put(work, replace(link, state=LinkState.GONE, missing_run=work.run))",
        "I6: one absence is a deletion",
        (ABSENCE,),
    ),
    Fault(
        "missing.py",
        "len(found.known) > limit * len(linked)",
        "len(found.known) >= limit * len(linked)",
        "I7: the cap on missing records is off by one",
        (GUARDS,),
    ),
    Fault(
        "integrate.py",
        "        if known.bindings.get(slot) != mark:",
        "        if False:",
        "I25: a binding that now means something else keeps its old base",
        (INTEGRATE,),
    ),
    Fault(
        "integrate.py",
        "at = old.at if old is not None and _unmoved(old.seen, seen) else min(edited, work.now)",
        "at = min(edited, work.now)",
        "every look gives an old value a new date",
        (INTEGRATE,),
    ),
    Fault(
        "confirm.py",
        "{(link.id, slot) for link in hidden for slot in slots}",
        "set()",
        "I13: a look older than our own write passes for an edit of a row that cannot be found",
        (UNLISTED,),
    ),
    Fault(
        "runner.py",
        "gone = [] if saved is None else part_with(",
        "gone = part_with(",
        "I7: a run nobody looked at believes that many records are gone",
        (MISSING,),
    ),
    Fault(
        "planfile.py",
        "for gone in plan.gone]",
        "for gone in plan.gone[:0]]",
        "I23: records are let go that the approved plan did not name",
        (MISSING,),
    ),
    Fault(
        "absence.py",
        'if link.native_id in there else "not found"',
        'if link.native_id not in there else "not found"',
        "I24: the proof of an absence says the contrary",
        (MISSING,),
    ),
    Fault(
        "absence.py",
        "    gone = [_proved(link, run) for link in due if link.native_id not in there]",
        "    gone = [_proved(link, run) for link in due]",
        "I6: two absences from listings bury a record without a direct look",
        (ABSENCE,),
    ),
    Fault(
        "absence.py",
        "link.missing_run not in (None, run)",
        "link.missing_run is not None",
        "I6: one complete look is enough to bury a record",
        (ABSENCE,),
    ),
)

LEASES = (
    Fault(
        "lease.py",
        "            if renewed.rowcount != 1:",
        "            if False:",
        "I21: a holder that was taken over goes on writing",
        (LEASE,),
    ),
    Fault(
        "lease.py",
        "row.expires_at > _stamp(now) and not _is_gone(former)",
        "row.expires_at > _stamp(now) and False",
        "I21: two runs at once",
        (LEASE,),
    ),
    Fault(
        "lease.py",
        "generation = row.generation + 1 if",
        "generation = row.generation if",
        "I21: a takeover is not fenced",
        (LEASE,),
    ),
    Fault(
        "lease.py",
        '                .values(holder="", expires_at="")',
        '                .values(holder="", expires_at="", generation=0)',
        "I21: generations start over",
        (LEASE,),
    ),
    Fault(
        "store.py",
        'connection.exec_driver_sql("BEGIN IMMEDIATE")',
        'connection.exec_driver_sql("BEGIN")',
        "concurrent transactions fail or lose updates",
        (STORE,),
    ),
    Fault(
        "store.py",
        "synchronous=FULL",
        "synchronous=OFF",
        "I18: the journal may reach the disk after the request left",
        (STORE,),
    ),
    Fault(
        "rows.py",
        "    check(state)\n",
        "",
        "a row that points to nothing is built upon",
        (DAMAGE,),
    ),
    Fault(
        "damage.py",
        '            raise StoreError(f"{what}: {_name(table, row)}", _ADVICE) from error',
        "            continue",
        "I9: a row that cannot be read is taken for a missing one",
        (DAMAGE,),
    ),
    Fault(
        "store.py",
        "if version is not None and version > HEAD:",
        "if False:",
        "an old program writes into a newer store",
        (STORE,),
    ),
)

KEEPING = (*LINKING, *LEASES)
