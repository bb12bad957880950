"""Planted faults: each a small lie in the engine that some test must notice.

To add one, put it into the list it belongs to: name the file, a text that stands there exactly once, what
to put instead, and the promise it breaks. A fault that survives shows a missing test. A text that is no
longer found stops the gate, so keep it short.
"""

from __future__ import annotations

from tests.engine.mutants.deciding import DECIDING
from tests.engine.mutants.fault import Fault
from tests.engine.mutants.keeping import KEEPING
from tests.engine.mutants.making import MAKING
from tests.engine.mutants.merging import MERGE
from tests.engine.mutants.writing import PROTOCOL

FAULTS: tuple[Fault, ...] = (*MERGE, *DECIDING, *PROTOCOL, *KEEPING, *MAKING)
