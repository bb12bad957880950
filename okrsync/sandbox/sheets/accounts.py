"""Google accounts of the sandbox: service accounts with keys, and the access tokens given out.

Arrives: a token request or a bearer token. Leaves: an access token, or the account behind one. Separate
because the token endpoint is another Google service than Sheets, with error bodies of its own shape
({"error", "error_description"}). The assertion's audience is not checked: clients always sign Google's fixed
address.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from google.auth import exceptions, jwt

from okrsync.sandbox.sheets.errors import Refused, error_info

LIFETIME = timedelta(hours=1)
JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
WRITE_SCOPES = frozenset(
    f"https://www.googleapis.com/auth/{name}" for name in ("spreadsheets", "drive", "drive.file")
)
READ_SCOPES = WRITE_SCOPES | frozenset(
    f"https://www.googleapis.com/auth/{name}" for name in ("spreadsheets.readonly", "drive.readonly")
)


class TokenRefused(Exception):
    """The token endpoint's own kind of refusal; `body` is its JSON."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(f"{error}: {description}")
        self.body = {"error": error, "error_description": description}


@dataclass(frozen=True, slots=True)
class Account:
    """A service account; `language` is the language its error messages come in."""

    email: str
    private_key: str = field(repr=False)
    public_key: str
    language: str = "en"

    @property
    def key_id(self) -> str:
        """The id a key file and an assertion name the key by."""
        return hashlib.sha1(self.public_key.encode(), usedforsecurity=False).hexdigest()

    def key_file(self, token_url: str) -> dict[str, str]:
        """The JSON key file as Google hands it out, with the token address filled in."""
        number = str(int(self.key_id[:16], 16)).zfill(21)
        return {
            "type": "service_account",
            "project_id": "okrsync-sandbox",
            "private_key_id": self.key_id,
            "private_key": self.private_key,
            "client_email": self.email,
            "client_id": number,
            "token_uri": token_url,
            "universe_domain": "googleapis.com",
        }


@dataclass(frozen=True, slots=True)
class Grant:
    """An access token's meaning: whose it is, until when, and for what."""

    email: str
    expires: datetime
    scopes: frozenset[str]

    def save(self) -> dict[str, Any]:
        """As JSON."""
        return {"email": self.email, "expires": self.expires.isoformat(), "scopes": sorted(self.scopes)}

    @classmethod
    def restore(cls, data: Mapping[str, Any]) -> Grant:
        """From JSON."""
        return cls(data["email"], datetime.fromisoformat(data["expires"]), frozenset(data["scopes"]))


class Accounts:
    """All accounts and tokens of the sandbox."""

    def __init__(self) -> None:
        self.known: dict[str, Account] = {}
        self._grants: dict[str, Grant] = {}

    def add(self, email: str, language: str) -> Account:
        """The account of that address, made with a fresh key when it is new."""
        if email not in self.known:
            key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
            self.known[email] = Account(email, _private_pem(key), _public_pem(key), language)
        return self.known[email]

    def grant(self, form: Mapping[str, str], now: datetime) -> dict[str, Any]:
        """Answer a token request; raises TokenRefused in the endpoint's wording."""
        if form.get("grant_type") != JWT_BEARER:
            raise TokenRefused("unsupported_grant_type", f"Invalid grant_type: {form.get('grant_type', '')}")
        claims = self._claims(form.get("assertion", ""))
        scopes = frozenset(str(claims.get("scope", "")).split())
        if not scopes:
            raise TokenRefused("invalid_scope", "Invalid OAuth scope or ID token audience provided.")
        count = len(self._grants)
        token = "ya29.sandbox-" + hashlib.sha256(f"{claims['iss']} {count}".encode()).hexdigest()
        self._grants[token] = Grant(str(claims["iss"]), now + LIFETIME, scopes)
        return {"access_token": token, "expires_in": int(LIFETIME.total_seconds()), "token_type": "Bearer"}

    def _claims(self, assertion: str) -> Mapping[str, Any]:
        """The verified claims. Their times are the client's own, so they are held against real time."""
        try:
            issuer = jwt.decode(assertion, verify=False).get("iss", "")
        except (ValueError, exceptions.GoogleAuthError) as error:
            raise TokenRefused("invalid_grant", "Invalid JWT: Failed to parse the assertion.") from error
        account = self.known.get(str(issuer))
        if account is None:
            raise TokenRefused("invalid_grant", "Invalid grant: account not found")
        try:
            claims: Mapping[str, Any] = jwt.decode(assertion, certs=account.public_key)
        except (ValueError, exceptions.GoogleAuthError) as error:
            raise TokenRefused("invalid_grant", _why(str(error))) from error
        return claims

    def bearer(self, header: str, now: datetime) -> Grant:
        """The grant behind an Authorization header; raises the 401 Google gives.

        A JWT the account signed itself is accepted too (Google's AIP 4111), with its own claims as the grant.
        """
        kind, _, token = header.partition(" ")
        grant = self._grants.get(token)
        if grant is None and token.count(".") == 2:
            grant = self._self_signed(token, now)
        if kind.lower() != "bearer" or grant is None or grant.expires <= now:
            raise _unauthenticated()
        return grant

    def _self_signed(self, token: str, now: datetime) -> Grant | None:
        try:
            claims = self._claims(token)
        except TokenRefused:
            return None
        return Grant(str(claims["iss"]), now + LIFETIME, frozenset(str(claims.get("scope", "")).split()))

    def save(self) -> dict[str, Any]:
        """All accounts with their keys, and the tokens given out."""
        return {
            "accounts": [
                {"email": item.email, "private_key": item.private_key, "language": item.language}
                for item in self.known.values()
            ],
            "tokens": {token: grant.save() for token, grant in self._grants.items()},
        }

    @classmethod
    def restore(cls, data: Mapping[str, Any]) -> Accounts:
        """From a saved form; KeyError, TypeError or ValueError when it is of another shape."""
        fresh = cls()
        for item in data["accounts"]:
            key = serialization.load_pem_private_key(item["private_key"].encode(), password=None)
            if not isinstance(key, rsa.RSAPrivateKey):
                raise ValueError("a service account's key is an RSA key")
            account = Account(item["email"], item["private_key"], _public_pem(key), item["language"])
            fresh.known[account.email] = account
        fresh._grants = {token: Grant.restore(grant) for token, grant in data["tokens"].items()}
        return fresh


def check_scope(grant: Grant, *, writes: bool) -> None:
    """Raise the 403 Google gives for a token whose scopes do not cover the call."""
    if grant.scopes & (WRITE_SCOPES if writes else READ_SCOPES):
        return
    message = "Request had insufficient authentication scopes."
    raise error_info(403, message, "ACCESS_TOKEN_SCOPE_INSUFFICIENT", {"service": "sheets.googleapis.com"})


def _why(problem: str) -> str:
    if "signature" in problem:
        return "Invalid JWT Signature."
    return (
        "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. "
        "Check your iat and exp values in the JWT claim."
    )


def _unauthenticated() -> Refused:
    return Refused(
        401,
        "Request had invalid authentication credentials. Expected OAuth 2 access token, "
        "login cookie or other valid authentication credential. "
        "See https://developers.google.com/identity/sign-in/web/devconsole-project.",
    )


def _private_pem(key: rsa.RSAPrivateKey) -> str:
    encoding, shape = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    return key.private_bytes(encoding, shape, serialization.NoEncryption()).decode()


def _public_pem(key: rsa.RSAPrivateKey) -> str:
    encoding, shape = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_key().public_bytes(encoding, shape).decode()
