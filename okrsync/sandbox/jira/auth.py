"""Who is calling: the credentials each of the two addresses of a Jira Cloud site takes.

Arrives: the Authorization header, and whether the call came to the site itself or through the gateway
(api.atlassian.com/ex/jira/CLOUD-ID). Leaves: the user, or a 401. Classic API tokens work at the site only;
tokens with scopes and OAuth 2.0 access tokens through the gateway only. A Data Center has one address.
"""

from __future__ import annotations

import base64
import binascii

from okrsync.sandbox.jira.errors import GatewayError, Unauthenticated
from okrsync.sandbox.jira.model import NOBODY, User
from okrsync.sandbox.jira.site import Site

CLOUD_ID = "11111111-2222-4333-8444-555555555555"
"""The one site the gateway knows."""


def caller(site: Site, authorization: str) -> User:
    """The user at the site's own address; see the setting `anonymous_reads` for the exception."""
    kind, email, secret = _credentials(authorization)
    user = site.find_user(email)
    if kind == "basic" and user is not None and user.token is not None and user.token == secret:
        return user
    if site.settings.anonymous_reads:
        return NOBODY
    raise Unauthenticated()


def caller_at_gateway(site: Site, authorization: str, cloud_id: str) -> User:
    """The user of a call through the gateway. Raises GatewayError."""
    kind, email, secret = _credentials(authorization)
    for user in site.users.values():
        if kind == "bearer" and user.oauth_token is not None and user.oauth_token == secret:
            break
        if kind == "basic" and user.email == email.lower() and user.scoped_token == secret != "":
            break
    else:
        raise GatewayError(401, ["Unauthorized; scope does not match"])
    if cloud_id != CLOUD_ID:
        raise GatewayError(404, ["No message available"])
    return user


def caller_at_server(site: Site, authorization: str) -> User:
    """The user at a Data Center: a personal access token as bearer, or a user name with it as basic."""
    kind, name, secret = _credentials(authorization)
    for user in site.users.values():
        named = kind == "bearer" or (kind == "basic" and user_name(user) == name)
        if named and user.token is not None and user.token == secret:
            return user
    if site.settings.anonymous_reads:
        return NOBODY
    raise Unauthenticated()


def user_name(user: User) -> str:
    """What a Data Center calls a user; Cloud has no such name."""
    return user.email.partition("@")[0]


def _credentials(authorization: str) -> tuple[str, str, str]:
    """The scheme, the e-mail (empty for bearer) and the secret."""
    kind, _, rest = authorization.partition(" ")
    if kind.lower() != "basic":
        return kind.lower(), "", rest
    try:
        email, _, token = base64.b64decode(rest, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        email = token = ""
    return "basic", email, token
