"""Speaking OpenID Connect with a provider: discovery, the way there, and what comes back.

Authorization code with PKCE (RFC 7636), `state`, `nonce` and `iss` (RFC 9207); the ID token's
signature is always checked, with the provider's published keys and no symmetric algorithm. Every
call goes through the guarded client: no redirects, public addresses only.
"""

import base64
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

import jwt

from guilder.foundation.edges import outbound
from guilder.kernel.errors import GuilderError, NotAllowed, Unavailable

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA")
LEEWAY = 60  # seconds that clocks may differ
KEPT = 300  # seconds that a provider's description and keys are kept
WAITS = 600  # seconds that somebody may take at the provider
FRESH = 300  # seconds that a proof of a signed-in person may be old
WELL_KNOWN = "/.well-known/openid-configuration"

_described: dict[str, tuple[float, dict[str, Any]]] = {}
_keys: dict[str, tuple[float, jwt.PyJWKSet]] = {}


class NotProved(NotAllowed):
    """The provider's answer does not prove who somebody is; `detail` says what to do."""

    code = "identity.not_proved"


class ProviderFailed(Unavailable):
    """The provider cannot be reached, or answers what nobody can use."""

    code = "identity.provider_failed"


@dataclass(frozen=True, slots=True)
class Client:
    """How we are known to a provider."""

    issuer: str
    client_id: str
    secret: str
    scopes: str
    redirect_uri: str


@dataclass(frozen=True, slots=True)
class Leaving:
    """Where the browser goes, and what its session keeps until it is back."""

    url: str
    kept: dict[str, Any]


def leave(client: Client, *, at: float, again: bool = False) -> Leaving:
    """The way to the provider; `again` asks it to have the person prove themselves anew.

    Raises ProviderFailed.
    """
    described = describe(client.issuer)
    kept = {
        "state": secrets.token_urlsafe(32),
        "nonce": secrets.token_urlsafe(32),
        "verifier": secrets.token_urlsafe(48),
        "at": int(at),
        "again": again,
    }
    challenge = hashlib.sha256(kept["verifier"].encode()).digest()
    asked = {
        "response_type": "code",
        "client_id": client.client_id,
        "redirect_uri": client.redirect_uri,
        "scope": client.scopes,
        "state": kept["state"],
        "nonce": kept["nonce"],
        "code_challenge": base64.urlsafe_b64encode(challenge).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    if again:
        asked |= {"prompt": "login", "max_age": "0"}
    end = described["authorization_endpoint"]
    return Leaving(f"{end}{'&' if '?' in end else '?'}{urlencode(asked)}", kept)


def arrive(
    client: Client, *, answer: Mapping[str, str], kept: Mapping[str, Any], at: float
) -> dict[str, Any]:
    """The claims of who came back. Raises NotProved, ProviderFailed.

    `answer` are the parameters of the return address, `kept` what `leave` gave.
    """
    refuse_strange(client, answer=answer, kept=kept, at=at)
    described = describe(client.issuer)
    tokens = exchange(client, described, code=answer["code"], verifier=kept["verifier"])
    token = tokens.get("id_token")
    if not isinstance(token, str):
        raise NotProved("The provider sent no ID token. Its client must use OpenID Connect.")
    claims = read_token(client, described, token, nonce=kept["nonce"])
    if kept.get("again"):
        refuse_stale(claims, at=at)
    return claims | asked_further(described, tokens, claims)


def refuse_strange(
    client: Client, *, answer: Mapping[str, str], kept: Mapping[str, Any], at: float
) -> None:
    """Raise NotProved for an answer that this browser did not ask for."""
    state = str(kept.get("state", ""))
    if not state or not hmac.compare_digest(state.encode(), answer.get("state", "").encode()):
        raise NotProved("This sign-in was not begun in this browser. Begin again.")
    if at - int(kept.get("at", 0)) > WAITS:
        raise NotProved("This took too long. Begin again.")
    if answer.get("iss", client.issuer).rstrip("/") != client.issuer.rstrip("/"):
        raise NotProved("This answer is of another provider. Begin again.")
    if answer.get("error") or not answer.get("code"):
        raise NotProved("The provider did not let you in. Begin again, or ask its administrator.")


def refuse_stale(claims: Mapping[str, Any], *, at: float) -> None:
    """Raise NotProved unless the person proved themselves just now."""
    proved = claims.get("auth_time")
    if not isinstance(proved, int) or at - proved > FRESH:
        raise NotProved("The provider did not ask you to sign in again. Try another way.")


def exchange(
    client: Client, described: Mapping[str, Any], *, code: str, verifier: str
) -> dict[str, Any]:
    """The tokens for a code (RFC 6749, 4.1.3)."""
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": client.redirect_uri,
        "code_verifier": verifier,
        "client_id": client.client_id,
    }
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    known = described.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    if client.secret and "client_secret_basic" in known:
        pair = f"{quote(client.client_id, safe='')}:{quote(client.secret, safe='')}"
        headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
    elif client.secret:
        form["client_secret"] = client.secret
    reply = call("POST", described["token_endpoint"], body=urlencode(form), headers=headers)
    if reply.status == 400 or reply.status == 401:
        raise NotProved("The provider does not accept this sign-in any more. Begin again.")
    return document_of(reply)


def read_token(
    client: Client, described: Mapping[str, Any], token: str, *, nonce: str
) -> dict[str, Any]:
    """The claims of an ID token (OpenID Connect Core, 3.1.3.7)."""
    try:
        header = jwt.get_unverified_header(token)
        key = key_of(described["jwks_uri"], header)
        claims = jwt.decode(
            token,
            key,
            algorithms=ALGORITHMS,
            audience=client.client_id,
            issuer=described["issuer"],
            leeway=LEEWAY,
            options={"require": ["exp", "iat", "sub", "aud", "iss"]},
        )
    except (jwt.PyJWTError, ValueError, TypeError) as error:
        raise NotProved("The provider's proof does not hold. Begin again.") from error
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if claims.get("azp", None if several else client.client_id) != client.client_id:
        raise NotProved("The provider's proof is for somebody else. Begin again.")
    if not hmac.compare_digest(nonce.encode(), str(claims.get("nonce", "")).encode()):
        raise NotProved("The provider's proof is not for this sign-in. Begin again.")
    return claims


def key_of(address: str, header: Mapping[str, Any]) -> jwt.PyJWK:
    """The provider's key that signed; asked for anew when it is not among those known."""
    if header.get("alg") not in ALGORITHMS:
        raise jwt.InvalidAlgorithmError("an algorithm that proves nothing")
    for anew in (False, True):
        for key in keys_at(address, anew=anew).keys:
            same = header.get("kid") in (None, key.key_id)
            if same and key.public_key_use in (None, "sig"):
                return key
    raise jwt.InvalidKeyError("no such key")


def keys_at(address: str, *, anew: bool) -> jwt.PyJWKSet:
    """The provider's keys, at most KEPT seconds old; `anew` at most once in ten."""
    kept = _keys.get(address)
    now = time.monotonic()
    if kept and kept[0] > now and not (anew and kept[0] - now < KEPT - 10):
        return kept[1]
    found = jwt.PyJWKSet.from_dict(document_of(call("GET", address)))
    _keys[address] = (now + KEPT, found)
    return found


def asked_further(
    described: Mapping[str, Any], tokens: Mapping[str, Any], claims: Mapping[str, Any]
) -> dict[str, Any]:
    """What only the userinfo endpoint tells, of the same person (Core, 5.3.2)."""
    address, token = described.get("userinfo_endpoint"), tokens.get("access_token")
    if not address or not isinstance(token, str):
        return {}
    reply = call("GET", address, headers={"Authorization": f"Bearer {token}"})
    if reply.status != 200 or "json" not in reply.headers.get("content-type", ""):
        return {}
    told = document_of(reply)
    if told.get("sub") != claims["sub"]:
        raise NotProved("The provider told of two different people. Begin again.")
    return {name: value for name, value in told.items() if name not in claims}


def describe(issuer: str) -> dict[str, Any]:
    """A provider's description of itself (Discovery 1.0), at most KEPT seconds old."""
    kept = _described.get(issuer)
    if kept and kept[0] > time.monotonic():
        return kept[1]
    found = document_of(call("GET", issuer.rstrip("/") + WELL_KNOWN))
    if str(found.get("issuer", "")).rstrip("/") != issuer.rstrip("/"):
        raise ProviderFailed("The provider names another issuer than it is known by.")
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        if not isinstance(found.get(name), str) or not found[name].startswith(("https:", "http:")):
            raise ProviderFailed(f"The provider's description lacks {name}.")
    _described[issuer] = (time.monotonic() + KEPT, found)
    return found


def call(
    method: str, address: str, *, body: str = "", headers: Mapping[str, str] | None = None
) -> outbound.Reply:
    """One call to the provider. Raises ProviderFailed."""
    try:
        return outbound.request(method, address, body=body.encode(), headers=headers)
    except GuilderError as error:
        raise ProviderFailed(f"The sign-in provider cannot be reached: {error.detail}") from error


def document_of(reply: outbound.Reply) -> dict[str, Any]:
    """The JSON object of an answer. Raises ProviderFailed."""
    try:
        found = json.loads(reply.body) if reply.status == 200 else None
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise ProviderFailed(f"The sign-in provider gave no usable answer ({reply.status}).")
    return found


def claim_at(claims: Mapping[str, Any], path: str) -> list[str]:
    """The texts of a claim: one, or a list; "realm_access.roles" looks inside. A claim whose own
    name has dots, such as an address, is found first."""
    found: Any = claims.get(path)
    if found is None:
        found = claims
        for name in path.split("."):
            found = found.get(name) if isinstance(found, Mapping) else None
    if isinstance(found, str):
        return [found]
    return [one for one in found if isinstance(one, str)] if isinstance(found, list) else []
