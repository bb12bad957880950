"""Faults in the making of records: when, how often, and how they are found again."""

from __future__ import annotations

from tests.engine.mutants.fault import CREATE, CREATE_LOST, Fault

MAKING = (
    Fault(
        "creating.py",
        'return None if look.pull.complete else "not everything there was read"',
        "return None",
        "I25: a short listing proves that records are missing",
        (CREATE,),
    ),
    Fault(
        "creating.py",
        "look.mapping.name in refreshed.rescoped:",
        "False:",
        "I25: a changed source proves that records are missing",
        (CREATE,),
    ),
    Fault(
        "creating.py",
        "    if closed is None and any(isinstance(key, Unreadable) for key in keys):",
        "    if False:",
        "a record whose key cannot be read gets a twin",
        (CREATE,),
    ),
    Fault(
        "creating.py",
        "        if connector.marked(source, schema, marker):\n            return None\n",
        "",
        "I3: nobody looks just before a record is made",
        (CREATE_LOST,),
    ),
    Fault(
        "creating.py",
        "    link = next(kept, fresh)",
        "    link = fresh",
        "I14: every attempt keeps a place of its own",
        (CREATE,),
    ),
    Fault(
        "creation.py",
        " or link.id in state.awaiting}",
        "}",
        "I18: a record is made again while nobody knows whether it was made",
        (CREATE_LOST,),
    ),
    Fault(
        "creation.py",
        "(name, entity.id) not in state.buried and ",
        "",
        "I4: what is gone is made again once its link is forgotten",
        (CREATE,),
    ),
    Fault(
        "creation.py",
        "entity.key not in taken",
        "True",
        "a key that stands there already gets another record",
        (CREATE,),
    ),
    Fault(
        "creation.py",
        "link.collection in read - {name} and link.state is LinkState.LINKED",
        "link.collection in read - {name}",
        "what is gone everywhere else is brought back here",
        (CREATE,),
    ),
    Fault(
        "adoption.py",
        "    if found is None or _may_be_hidden(workspace, refreshed, intent, link):",
        "    if found is None:",
        "I18: a hidden record is made twice",
        (CREATE_LOST,),
    ),
    Fault(
        "adoption.py",
        "    for record in found[1:]:",
        "    for record in ():",
        "a second record of one creation is not told",
        (CREATE_LOST,),
    ),
    Fault(
        "adoption.py",
        "        journal.write_audit(connection, intent.run, workspace.now(), [made])",
        "        pass",
        "I24: a creation found later leaves no evidence, and undo would blank it",
        (CREATE_LOST,),
    ),
    Fault(
        "apply.py",
        "        journal.write_audit(connection, applier.run, now, [proof])\n",
        "",
        "I24: a creation leaves no evidence",
        (CREATE,),
    ),
    Fault(
        "undo.py",
        "None if effect.link in created else ",
        "",
        "undo blanks a record that okrsync created",
        (CREATE,),
    ),
    Fault(
        "guards.py",
        "creates > limits.max_creates:",
        "creates > limits.max_creates + 1:",
        "I7: one creation too many goes unasked",
        (CREATE,),
    ),
)
