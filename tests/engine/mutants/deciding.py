"""Faults in what is made of a merge: the model, the plan, the guards."""

from __future__ import annotations

from tests.engine.mutants.fault import CONFLICTS, GUARDS, INTEGRATE, PLANFILE, RECOVERY, SYNC, Fault

UNIFY = (
    Fault(
        "unify.py",
        "return Outcome(standing, conflict=Clash(conflict.sides), waits=True)",
        "return None",
        "I1: with one side out of reach, a conflict goes to the other",
        (CONFLICTS,),
    ),
    Fault(
        "unify.py",
        "k.state is LinkState.MISSING or ",
        "",
        "I1: with one record missing for a moment, a conflict goes to the other",
        (CONFLICTS,),
    ),
    Fault(
        "confirm.py",
        "if link.collection in refreshed.failed}",
        "if False}",
        "I1: a conflict goes to the tool that still answers",
        (CONFLICTS,),
    ),
    Fault(
        "planning.py",
        "outcome.conflict is None or outcome.waits or stands",
        "outcome.conflict is None or stands",
        "a decision is forgotten while a tool does not answer",
        (CONFLICTS,),
    ),
    Fault(
        "unify.py",
        "if bound.binding.spec.derived or bound.binding.constant is not None:",
        "if bound.binding.constant is not None:",
        "I15: a computed value is fed back into the model",
        (INTEGRATE,),
    ),
    Fault(
        "unify.py",
        'seen=Unreadable("it could not be confirmed yet") if unsettled else look.seen',
        "seen=look.seen",
        "I18: something is concluded from a field whose write is not confirmed",
        (RECOVERY,),
    ),
    Fault(
        "unify.py",
        "        shown=base.shown if base else ABSENT,",
        "        shown=standing if base else ABSENT,",
        "I12: one shared base instead of one per side",
        (SYNC, INTEGRATE),
    ),
    Fault(
        "unify.py",
        "        agreed=base.agreed if base else ABSENT,",
        "        agreed=standing,",
        "I1: a side is taken to know what was never written to it",
        (SYNC,),
    ),
)

PLAN = (
    Fault(
        "planning.py",
        "if outcome is not None and outcome.conflict is not None:\n        return None",
        "if outcome is not None and outcome.conflict is not None:\n        pass",
        "I1: a field in conflict is written all the same",
        (SYNC,),
    ),
    Fault(
        "planning.py",
        "if side.on_drift is not OnDrift.REPORT or",
        "if",
        "drift that is to be reverted is only reported",
        (SYNC,),
    ),
    Fault(
        "planning.py",
        "    if _left_alone(side):",
        "    if False:",
        "I8: drift is reverted although it is only to be reported",
        (INTEGRATE,),
    ),
    Fault(
        "planning.py",
        "    if has_settled(side, wanted):",
        "    if False:",
        "I19: a value both sides already show is never noted as agreed",
        (SYNC, RECOVERY),
    ),
    Fault(
        "planning.py",
        "stands = known and not known.resolved and _same_sides(known.sides, outcome)",
        "stands = known",
        "a conflict shown to people keeps the values of its first day",
        (CONFLICTS,),
    ),
    Fault(
        "planning.py",
        "if key in maker.merged.outcomes and maker.merged.outcomes[key].conflict is None",
        "if False",
        "a conflict stays open after people agreed",
        (SYNC,),
    ),
    Fault(
        "planning.py",
        "        human=bound.binding.reads,",
        "        human=False,",
        "I3: the pre-image of a field people edit is not read again",
        (SYNC,),
    ),
)

GUARD = (
    Fault(
        "guards.py",
        "plan.changes > limits.max_changes:",
        "plan.changes > limits.max_changes + 1:",
        "I7: the cap is off by one",
        (GUARDS,),
    ),
    Fault(
        "guards.py",
        "plan.changes > limits.max_changes:",
        "len(plan.ops) > limits.max_changes:",
        "I7: the cap counts records instead of fields",
        (GUARDS,),
    ),
    Fault(
        "guards.py",
        "if name not in applied)",
        "if not applied)",
        "I7: a first run over one collection passes because another was written before",
        (GUARDS,),
    ),
    Fault(
        "runner.py",
        "        if not report.trips:",
        "        if True:",
        "I7: a tripped guard does not stop the run",
        (GUARDS,),
    ),
    Fault(
        "guards.py",
        "creates > limits.max_creates:",
        "creates >= limits.max_creates + 2:",
        "I14: the cap on new records is off by one",
        (GUARDS,),
    ),
    Fault(
        "guards.py",
        "    if emptied and limits.stop_when_emptied:",
        "    if emptied and not limits.stop_when_emptied:",
        "I7: a collection that suddenly lacks many records does not stop the run",
        (GUARDS,),
    ),
    Fault(
        "planning.py",
        "encode(wanted)), 0) >= OFTEN:",
        "encode(wanted)), 0) > OFTEN:",
        "I13: a fight over a field goes on once too often",
        (SYNC,),
    ),
    Fault(
        "planfile.py",
        "    if saved.lineage != plan.lineage:",
        "    if False:",
        "I23: a plan made for another store is applied",
        (PLANFILE,),
    ),
    Fault(
        "planfile.py",
        "    if now != saved.effects:",
        "    if len(now) != len(saved.effects):",
        "I23: something else than the approved plan is applied",
        (PLANFILE,),
    ),
    Fault(
        "planfile.py",
        "    if saved.serial != plan.serial:",
        "    if False:",
        "I23: a plan is applied to a store that moved on",
        (PLANFILE,),
    ),
    Fault(
        "planfile.py",
        "    if not intact:",
        "    if False:",
        "I23: a plan changed by hand is applied",
        (PLANFILE,),
    ),
)


DECIDING = (*UNIFY, *PLAN, *GUARD)
