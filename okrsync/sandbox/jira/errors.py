"""Refusals in the words and shapes Jira Cloud uses.

Arrives: a status, messages for the whole request, messages per field. Leaves: the JSON body
{"errorMessages": [...], "errors": {field: text}} of Jira's own errors; either part may be empty.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from starlette.responses import JSONResponse, Response

NOT_FOUND = "Issue does not exist or you do not have permission to see it."
"""One text for deleted and hidden issues: Jira does not let callers tell them apart."""


class JiraError(Exception):
    """A refused request."""

    def __init__(
        self, status: int, messages: Sequence[str] = (), *, fields: Mapping[str, str] | None = None
    ) -> None:
        self.status = status
        self.messages = list(messages)
        self.fields = dict(fields or {})
        super().__init__("; ".join([*self.messages, *(f"{k}: {v}" for k, v in self.fields.items())]))

    def response(self) -> Response:
        """The HTTP answer."""
        body = {"errorMessages": self.messages, "errors": self.fields}
        return JSONResponse(body, self.status, media_type="application/json;charset=UTF-8")


class Unauthenticated(JiraError):
    """Wrong or missing credentials: 401 with an empty body and the login filter's header."""

    def __init__(self) -> None:
        super().__init__(401)

    def response(self) -> Response:
        headers = {
            "X-Seraph-LoginReason": "AUTHENTICATED_FAILED",
            "WWW-Authenticate": 'OAuth realm="https%3A%2F%2Fjira.sandbox"',
        }
        return Response(b"", 401, headers)


class GatewayError(JiraError):
    """A refusal of the gateway in front of all sites: {"code", "message"}, none of Jira's own members."""

    def response(self) -> Response:
        return JSONResponse({"code": self.status, "message": self.messages[0]}, self.status)


class FieldError(ValueError):
    """One field's value is refused; the request collects these per field."""


def not_on_screen(field: str) -> FieldError:
    """Jira's one text for unknown, unscreened, out-of-context and uneditable fields."""
    return FieldError(f"Field '{field}' cannot be set. It is not on the appropriate screen, or unknown.")


def bad_payload() -> JiraError:
    """A body that is no JSON object, or holds members the request schema does not declare."""
    return JiraError(400, ["Invalid request payload. Refer to the REST API documentation and try again."])
