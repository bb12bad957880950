"""What can go wrong with a service, typed by what the caller can do about it.

    ConnectorError
    ├── AuthFailed        the credentials are refused: stop, tell, never retry          exit 4
    ├── Forbidden         this account may not do this here                             exit 4
    ├── NotFound          gone, or hidden from this account; services do not tell which
    ├── Transient         not now: repeat later, after the time the service asks for    exit 5
    │   └── RateLimited   too fast; nothing was executed
    ├── OutcomeUnknown    a write was sent and no answer came: read before anything else
    ├── EditConflict      somebody wrote at the same moment: read again, merge again
    ├── Rejected          the service refuses this request; the same one will never pass
    └── BadAnswer         an answer that is not the protocol (HTML, cut, wrong type); a read may be repeated

Every exception of requests, httpx, gspread, google-auth, notion-client and atlassian that can reach us is
mapped to one of these, in one place per service.
"""

from __future__ import annotations

from collections.abc import Mapping


class ConnectorError(Exception):
    """Base: which service, where, what, and what to do next. Never holds a secret.

    Args:
        message: one sentence, what is wrong.
        service: the connection's kind, such as `jira`.
        place: what was asked for, such as `GET /rest/api/3/myself` or a tab's name.
        advice: one sentence, what to do.
        request_id: the service's own id for the request, for its support.
    """

    def __init__(
        self, message: str, *, service: str = "", place: str = "", advice: str = "", request_id: str = ""
    ) -> None:
        super().__init__(message)
        self.message = message
        self.service = service
        self.place = place
        self.advice = advice
        self.request_id = request_id

    def __str__(self) -> str:
        head = ": ".join(part for part in (self.service, self.place, self.message) if part)
        return f"{head.rstrip('.')}. {self.advice}" if self.advice else head


class AuthFailed(ConnectorError):
    """The credentials are refused. Never retried: repeated bad log-ins lock accounts."""


class Forbidden(ConnectorError):
    """The account is known but may not do this here."""


class NotFound(ConnectorError):
    """Gone, or hidden from this account."""


class Transient(ConnectorError):
    """Not now; the same request may pass later.

    `retry_after` is in seconds, `None` where the service did not say. `scope` names what must pause when not
    everything has to: one endpoint, one record. Requests sent under another scope go on.
    """

    def __init__(
        self, message: str, *, retry_after: float | None = None, scope: str = "", **rest: str
    ) -> None:
        super().__init__(message, **rest)
        self.retry_after = retry_after
        self.scope = scope


class RateLimited(Transient):
    """Too fast. It proves that nothing was executed."""


class OutcomeUnknown(ConnectorError):
    """A write was sent and its outcome is not known: read first, then decide."""


class EditConflict(ConnectorError):
    """Somebody else wrote at the same moment."""


class Rejected(ConnectorError):
    """The service refuses the request. `fields` names the native fields it blames, with its words."""

    def __init__(self, message: str, *, fields: Mapping[str, str] | None = None, **rest: str) -> None:
        super().__init__(message, **rest)
        self.fields = dict(fields or {})


class BadAnswer(ConnectorError):
    """The answer is not the protocol: a login page, a cut body, another type."""
