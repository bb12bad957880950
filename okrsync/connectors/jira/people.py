"""Who is meant by an e-mail: Jira takes people by account id only.

Arrives: an e-mail as people write it. Leaves: the account id, asked for once in a connector's life, or a
refusal that says what a person can do. Never guessed: a name is not unique, and an e-mail that Jira hides
from us proves nobody.
"""

from __future__ import annotations

from okrsync.connectors.errors import BadAnswer, Rejected
from okrsync.connectors.jira.client import JiraClient, Json

_HIDDEN = (
    "Let the person show their e-mail in their Atlassian profile, or set the field in Jira; "
    "display names are not unique, so okrsync does not assign by them"
)


class People:
    """The accounts of one site, by e-mail."""

    def __init__(self, client: JiraClient) -> None:
        self._client = client
        self._known: dict[str, str] = {}

    def account_id(self, email: str) -> str:
        """The account whose e-mail this is.

        Raises:
            Rejected: it is no e-mail, nobody shows it, or several do.
            Forbidden: this account may not look people up.
        """
        wanted = email.casefold()
        if wanted not in self._known:
            self._known[wanted] = self._found(wanted)
        return self._known[wanted]

    def _found(self, email: str) -> str:
        if "@" not in email:
            raise _refused(f"{email!r} is no e-mail")
        found = [one for one in _accounts(self._client.users(email)) if one[0] == email]
        if len(found) != 1:
            raise _refused(f"{'nobody' if not found else 'more than one account'} shows the e-mail {email}")
        return found[0][1]


def _accounts(answer: Json) -> list[tuple[str, str]]:
    """E-mail and account id of those whose e-mail we see."""
    if not isinstance(answer, list) or not all(isinstance(user, dict) for user in answer):
        raise BadAnswer("no list of people", service="jira", place="GET /rest/api/3/user/search")
    shown = [user for user in answer if user.get("emailAddress") and user.get("accountId")]
    return [(str(user["emailAddress"]).casefold(), str(user["accountId"])) for user in shown]


def _refused(why: str) -> Rejected:
    return Rejected(why, service="jira", place="GET /rest/api/3/user/search", advice=_HIDDEN)
