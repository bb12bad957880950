"""How each service words an error: the body and extra headers of an answer a fault makes up.

Arrives: a service's name and an HTTP status. Leaves: a JSON value in the shape that service's clients know.
Separate from the services because a fault stands in front of them, as a gateway does.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

HTML_PAGE = b"<!DOCTYPE html><html><head><title>%d</title></head><body>%s</body></html>"

_NOTION_CODES = {
    400: "validation_error",
    401: "unauthorized",
    403: "restricted_resource",
    404: "object_not_found",
    409: "conflict_error",
    429: "rate_limited",
    500: "internal_server_error",
    502: "bad_gateway",
    503: "service_unavailable",
    504: "gateway_timeout",
}
_GOOGLE_STATUSES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    409: "ABORTED",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}


def phrase(status: int) -> str:
    """The words HTTP gives a status."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Error"


def error_body(service: str, status: int, message: str | None = None) -> Any:
    """An error in the service's own JSON shape; unknown services get a plain {"message"}."""
    text = message or phrase(status)
    if service == "jira":
        # Jira's own 429 repeats the status in its body (recorded); its other errors do not
        return {"errorMessages": [text], "errors": {}, **({"status": 429} if status == 429 else {})}
    if service == "notion":
        code = _NOTION_CODES.get(status, "internal_server_error")
        return {"object": "error", "status": status, "code": code, "message": text}
    if service == "sheets":
        return {"error": {"code": status, "message": text, "status": _GOOGLE_STATUSES.get(status, "UNKNOWN")}}
    return {"message": text}


def html_page(status: int) -> bytes:
    """The page a gateway or a login redirect shows instead of JSON."""
    return HTML_PAGE % (status, phrase(status).encode())
