"""What a planted fault is, and the names of the tests that notice them.

Separate so that the lists of faults hold nothing but faults.
"""

from __future__ import annotations

from dataclasses import dataclass

TABLE = "proofs/test_merge_table.py"
WRITING = "proofs/test_write_table.py"
SYNC = "test_sync.py"
GUARDS = "test_guards.py"
PLANFILE = "test_planfile.py"
RECOVERY = "test_recovery.py"
ROUNDING = "test_rounding.py"
INTEGRATE = "test_integrate.py"
ABSENCE = "test_absence.py"
MISSING = "test_missing.py"
UNLISTED = "test_unlisted.py"
CONFLICTS = "test_conflicts.py"
LEASE = "test_lease.py"
STORE = "test_store.py"
DAMAGE = "proofs/test_damage.py"
CREATE = "test_create.py"
CREATE_LOST = "test_create_recovery.py"


@dataclass(frozen=True)
class Fault:
    """One replacement in one file of the engine."""

    file: str
    before: str
    """A text that stands in the file exactly once."""
    after: str
    breaks: str
    """The promise that no longer holds."""
    first: tuple[str, ...]
    """The tests that should notice soonest; all others follow."""
