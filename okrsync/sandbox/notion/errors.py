"""Refusals in Notion's own shape and words.

Arrives: what is wrong. Leaves: an `ApiError` the HTTP layer turns into
`{object: error, status, code, message, additional_data?, request_id}`. Messages are the recorded ones
where a recording exists; the others are worded like them and no caller should depend on the words, only on
status and code. Separate so that each refusal is worded once.
"""

from __future__ import annotations

import json
from typing import Any

from okrsync.sandbox.notion.state import State

Json = Any


class ApiError(Exception):
    """One refusal: HTTP status, Notion's code and message, and additional data."""

    def __init__(self, status: int, code: str, message: str, additional: dict[str, Json] | None = None):
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.additional = additional

    def body(self, request_id: str) -> dict[str, Json]:
        """The answer's JSON."""
        extra = {} if self.additional is None else {"additional_data": self.additional}
        head = {"object": "error", "status": self.status, "code": self.code, "message": self.message}
        return {**head, **extra, "request_id": request_id}


def validation(message: str) -> ApiError:
    """400 for a request that is well-formed HTTP and wrong in content."""
    return ApiError(400, "validation_error", message)


def body_invalid(path: str, expected: str, got: Json) -> ApiError:
    """400 that names the member of the body, in Notion's sentence."""
    shown = "undefined" if got is ... else json.dumps(got, ensure_ascii=False, default=str)
    return validation(f"body failed validation: body.{path} should be {expected}, instead was `{shown}`.")


def bad_uuid(name: str, got: str) -> ApiError:
    """400 for an id in the path that is no UUID (recorded)."""
    return validation(
        f"path failed validation: path.{name} should be a valid uuid, instead was `{json.dumps(got)}`."
    )


def no_such_property(name: str) -> ApiError:
    """400 for a column that a filter, a sort or filter_properties names and that does not exist."""
    return validation(f"Could not find property with name or id: {name}")


def not_found(state: State, kind: str, object_id: str) -> ApiError:
    """404 for what is gone and for what is not shared: Notion does not tell which (recorded)."""
    return ApiError(
        404,
        "object_not_found",
        f"Could not find {kind} with ID: {object_id}. Make sure the relevant pages and databases are shared "
        f'with your integration "{state.settings.connection_name}".',
        {"integration_id": state.bot_id},
    )


def user_not_found(state: State, user_id: str) -> ApiError:
    """404 for a user, with the capability hint (recorded)."""
    return ApiError(
        404,
        "object_not_found",
        f"Could not find user with ID: {user_id}. Make sure your integration has capabilities to read user "
        "information. With those capabilities, only members and guests in the integration's workspace are "
        "visible.",
        {"integration_id": state.bot_id},
    )


def not_capable() -> ApiError:
    """403 for a capability the connection lacks ("Connection capabilities")."""
    return ApiError(403, "restricted_resource", "Insufficient permissions for this endpoint.")
