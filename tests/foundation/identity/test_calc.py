"""Tokens say what they were made to say, and no other text passes for one."""

import base64
import json
import time
from uuid import UUID

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guilder.foundation.identity import calc

KEY, OTHER = calc.signing_key("a"), calc.signing_key("b")
CLAIMS = calc.AccessClaims(user_id=UUID(int=1), session_id=UUID(int=2))


def token(**changes: object) -> str:
    now = int(time.time())
    claims = {
        "iss": "guilder", "aud": "guilder-api", "sub": str(UUID(int=1)), "sid": str(UUID(int=2)),
        "iat": now, "exp": now + 300,
    }  # fmt: skip
    kept = {name: value for name, value in {**claims, **changes}.items() if value is not None}
    return jwt.encode(kept, KEY, algorithm="HS256")


def test_an_access_token_is_read_back() -> None:
    made = calc.access_token(CLAIMS, key=KEY, at=int(time.time()))

    assert calc.read_access_token(made, keys=(KEY,)) == CLAIMS


def test_the_key_before_still_reads() -> None:
    assert calc.read_access_token(token(), keys=(OTHER, KEY)) == CLAIMS
    assert calc.read_access_token(token(), keys=(OTHER,)) is None


def test_it_lives_three_hundred_seconds() -> None:
    now = int(time.time())

    assert calc.read_access_token(calc.access_token(CLAIMS, key=KEY, at=now - 298), keys=(KEY,))
    assert not calc.read_access_token(calc.access_token(CLAIMS, key=KEY, at=now - 301), keys=(KEY,))


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "somebody"}, {"aud": "other"}, {"aud": None}, {"iss": None}, {"sub": None},
        {"sid": None}, {"exp": None}, {"iat": None}, {"exp": 1}, {"sub": "root"}, {"sid": 7},
    ],
)  # fmt: skip
def test_wrong_claims_are_refused(changes: dict[str, object]) -> None:
    assert calc.read_access_token(token(**changes), keys=(KEY,)) is None


def unsigned(header: dict[str, str]) -> str:
    parts = [header, jwt.decode(token(), options={"verify_signature": False})]
    encoded = [
        base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts
    ]
    return ".".join([*encoded, ""])


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "", "HS384", "RS256"])
def test_the_token_does_not_choose_its_algorithm(algorithm: str) -> None:
    assert calc.read_access_token(unsigned({"alg": algorithm, "typ": "JWT"}), keys=(KEY,)) is None
    if algorithm == "HS384":
        payload = jwt.decode(token(), options={"verify_signature": False})
        long_key = KEY + KEY
        other = jwt.encode(payload, long_key, "HS384")
        assert calc.read_access_token(other, keys=(long_key,)) is None


@given(st.text())
def test_any_text_is_refused_quietly(text: str) -> None:
    assert calc.read_access_token(text, keys=(KEY,)) is None
    assert calc.read_refresh_token(text) is None
    assert calc.read_refresh_token(calc.REFRESH_START + text) is None


@given(st.uuids(), st.integers(1, 2**32 - 1))
def test_a_refresh_token_names_its_session(session_id: UUID, generation: int) -> None:
    made = calc.new_refresh_token(session_id, generation)

    assert calc.read_refresh_token(made) == calc.RefreshParts(session_id, generation)
    assert made != calc.new_refresh_token(session_id, generation)


def test_keys_are_long_random_and_found_by_their_prefix() -> None:
    made = [calc.new_api_key() for _ in range(100)]

    assert len({key for key, _ in made}) == 100
    assert all(key.startswith(prefix) and len(prefix) == 17 for key, prefix in made)
    assert all(len(key) >= len("gld_live_") + 43 for key, _ in made)


def test_secrets_of_links_differ_and_are_long():
    from guilder.foundation.identity import calc as keys

    first, second = keys.new_secret(), keys.new_secret()

    assert first != second
    assert len(first) >= 43  # 256 bits in base64
