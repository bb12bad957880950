"""Refusals in the shape of Google's JSON errors.

Arrives: a status and Google's wording. Leaves: one exception type which the routes turn into a response.
Separate so that every part of the imitation refuses in the same shape: `{"error": {"code", "message",
"status", "details"?}}`, as recorded from the real service.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_STATUS = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
}


class Refused(Exception):
    """A request Google would answer with an error; `status` is the HTTP status."""

    def __init__(self, status: int, message: str, details: list[Mapping[str, Any]] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.details = details

    def body(self) -> dict[str, Any]:
        """The JSON body; `details` is left out when there are none, as recorded."""
        error: dict[str, Any] = {"code": self.status, "message": self.message, "status": _STATUS[self.status]}
        if self.details is not None:
            error["details"] = self.details
        return {"error": error}

    def within(self, part: str) -> Refused:
        """The same refusal naming the part of a batch it came from: `Invalid requests[0].addSheet: ...`.

        One with field violations names its place already.
        """
        if self.details is not None:
            return self
        return Refused(self.status, f"Invalid {part}: {self.message}")


def invalid(message: str) -> Refused:
    """400 with only a message."""
    return Refused(400, message)


def bad_field(field: str, message: str) -> Refused:
    """400 with a google.rpc.BadRequest detail, as recorded for a `values` that is no list of lists."""
    violation = {"field": field, "description": message}
    detail = {"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": [violation]}
    return Refused(400, message, [detail])


def error_info(status: int, message: str, reason: str, metadata: Mapping[str, str]) -> Refused:
    """A refusal with a google.rpc.ErrorInfo detail, as recorded for an exhausted quota."""
    detail = {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": reason,
        "domain": "googleapis.com",
        "metadata": dict(metadata),
    }
    return Refused(status, message, [detail])
