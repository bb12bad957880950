"""Exit codes, each with one meaning, and which error leads to which.

Schedulers act on them: 1 and 5 are worth a retry, 2, 4, 6 and 78 need a person. Imports of the errors are
inside the function because most commands never need them and start-up must stay quick.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Exit(IntEnum):
    """What an exit code means."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    PARTIAL = 3
    CREDENTIALS = 4
    TEMPORARY = 5
    SAFETY_STOP = 6
    CONFLICTS = 7
    FINDINGS = 8
    CHANGES = 10
    LOCKED = 11
    CONFIGURATION = 78
    INTERRUPTED = 130
    TERMINATED = 143


@dataclass(frozen=True)
class Failure:
    """An expected failure: its exit code and the message for people."""

    code: Exit
    message: str


def failure_of(error: Exception) -> Failure | None:
    """How an error ends a command; `None` for one nobody expected, which deserves its traceback."""
    from okrsync.config.problems import ConfigError
    from okrsync.connectors.errors import ConnectorError
    from okrsync.sync_engine.lease import LeaseHeldError, LeaseLostError
    from okrsync.sync_engine.planfile import PlanRefusedError
    from okrsync.sync_engine.store import StoreError

    if isinstance(error, ConfigError):
        return Failure(Exit.CONFIGURATION, f"the configuration is not valid\n{error}")
    if isinstance(error, StoreError):
        return Failure(Exit.FAILED, str(error))
    if isinstance(error, PlanRefusedError):
        return Failure(Exit.SAFETY_STOP, "\n".join([str(error), *error.differences[:20]]))
    if isinstance(error, LeaseHeldError | LeaseLostError):
        return Failure(Exit.LOCKED, str(error))
    if isinstance(error, ConnectorError):
        return Failure(code_of([error]), str(error))
    return None


def code_of(errors: list[Exception]) -> Exit:
    """The exit code when nothing at all could be done because of these errors."""
    from okrsync.connectors.errors import AuthFailed, Forbidden, NotFound, Transient

    if any(isinstance(error, AuthFailed | Forbidden | NotFound) for error in errors):
        return Exit.CREDENTIALS
    if errors and all(isinstance(error, Transient) for error in errors):
        return Exit.TEMPORARY
    return Exit.FAILED
