"""Secrets at rest: each text under a key of its own, that key under the master key (AES-256-GCM).

A sealed value is: version, id of the master key, the wrapped data key, the encrypted text. The
organization and the purpose are bound in, so a value moved elsewhere does not open. The master key
lies outside the database and outside its backup: GUILDER_MASTER_KEY, else `master-key` under
GUILDER_HOME. The first key seals, the others still open; `rewrap` moves a value to the first.
"""

import base64
import hashlib
import os
import secrets as random
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from guilder.kernel.errors import GuilderError

VERSION = b"\x01"
ID, NONCE, WRAPPED = 8, 12, 12 + 32 + 16
HEAD = len(VERSION) + ID + WRAPPED
KEY_FILE = "master-key"


class CannotOpen(GuilderError):
    """The sealed value was changed, belongs elsewhere, or its master key is missing."""

    code = "secrets.cannot_open"


class BadMasterKey(RuntimeError):
    """GUILDER_MASTER_KEY or the key file does not hold base64 of 32 bytes."""


def seal(text: str | bytes, *, organization_id: UUID, purpose: str) -> bytes:
    """Encrypt `text` for one organization and purpose (such as "dispatch.smtp_password")."""
    key_id, master = master_keys()[0]
    data_key = AESGCM.generate_key(256)
    bound = binding(organization_id, purpose)
    plain = text.encode() if isinstance(text, str) else text
    nonce, wrap_nonce = os.urandom(NONCE), os.urandom(NONCE)
    wrapped = wrap_nonce + AESGCM(master).encrypt(wrap_nonce, data_key, VERSION + key_id)
    return VERSION + key_id + wrapped + nonce + AESGCM(data_key).encrypt(nonce, plain, bound)


def seal_passing(text: bytes, *, organization_id: UUID, purpose: str) -> bytes:
    """`seal` for what is many and soon forgotten (answers kept for repetitions): thousands of them
    share a data key of this process, each with a nonce of its own. Opened like any other."""
    key_id, master = master_keys()[0]
    shared = _passing.get(key_id)
    if shared is None or shared.left <= 0:
        data_key, wrap_nonce = AESGCM.generate_key(256), os.urandom(NONCE)
        wrapped = wrap_nonce + AESGCM(master).encrypt(wrap_nonce, data_key, VERSION + key_id)
        shared = _passing[key_id] = SharedKey(VERSION + key_id + wrapped, AESGCM(data_key))
    shared.left -= 1
    nonce = os.urandom(NONCE)
    return (
        shared.head + nonce + shared.cipher.encrypt(nonce, text, binding(organization_id, purpose))
    )


@dataclass(slots=True)
class SharedKey:
    """A data key that this process seals with for a while; `head` is how it is found again."""

    head: bytes
    cipher: AESGCM
    left: int = 10_000  # far below the 2³² random nonces that AES-GCM takes


_passing: dict[bytes, SharedKey] = {}


def unseal(sealed: bytes, *, organization_id: UUID, purpose: str) -> bytes:
    """The bytes that were sealed. Raises CannotOpen."""
    sealed = bytes(sealed)
    data_key = unwrap(sealed)
    nonce, body = sealed[HEAD : HEAD + NONCE], sealed[HEAD + NONCE :]
    try:
        return AESGCM(data_key).decrypt(nonce, body, binding(organization_id, purpose))
    except (InvalidTag, ValueError) as error:
        raise CannotOpen("This secret was changed or belongs elsewhere; enter it anew.") from error


def open(sealed: bytes, *, organization_id: UUID, purpose: str) -> str:  # noqa: A001
    """The text that was sealed. Raises CannotOpen."""
    return unseal(sealed, organization_id=organization_id, purpose=purpose).decode()


def rewrap(sealed: bytes) -> bytes:
    """The same value under today's first master key; the text is not decrypted."""
    sealed = bytes(sealed)
    key_id, master = master_keys()[0]
    if sealed[1 : 1 + ID] == key_id:
        return sealed
    nonce = os.urandom(NONCE)
    wrapped = nonce + AESGCM(master).encrypt(nonce, unwrap(sealed), VERSION + key_id)
    return VERSION + key_id + wrapped + sealed[HEAD:]


def unwrap(sealed: bytes) -> bytes:
    """The data key inside a sealed value. Raises CannotOpen."""
    if len(sealed) < HEAD + NONCE + 16 or sealed[:1] != VERSION:
        raise CannotOpen("This is no sealed secret; enter it anew.")
    key_id, wrapped = sealed[1 : 1 + ID], sealed[1 + ID : HEAD]
    master = dict(master_keys()).get(key_id)
    if master is None:
        raise CannotOpen(
            f"The master key {key_id.hex()} is missing: put it into GUILDER_MASTER_KEY after the "
            "current one, separated by a comma."
        )
    try:
        return AESGCM(master).decrypt(wrapped[:NONCE], wrapped[NONCE:], VERSION + key_id)
    except InvalidTag as error:
        raise CannotOpen("This secret was changed; enter it anew.") from error


def binding(organization_id: UUID, purpose: str) -> bytes:
    """What a value is tied to."""
    return organization_id.bytes + purpose.encode()


def master_keys() -> list[tuple[bytes, bytes]]:
    """(id, key) of every master key, the one that seals first; makes one at first need."""
    given = os.environ.get("GUILDER_MASTER_KEY", "")
    if given:
        return parse_keys(given)
    path = os.path.join(settings.HOME, KEY_FILE)  # noqa: PTH118  (looked at for every answer kept)
    try:
        changed = os.stat(path).st_mtime_ns  # noqa: PTH116
    except FileNotFoundError:
        make_key_file(Path(path))
        changed = os.stat(path).st_mtime_ns  # noqa: PTH116
    return read_keys(path, changed)


def rotate() -> str:
    """Put a new master key in front of the others in the key file; gives its id as hex.

    Raises BadMasterKey where the keys come from GUILDER_MASTER_KEY: they are changed there.
    """
    if os.environ.get("GUILDER_MASTER_KEY"):
        raise BadMasterKey("The keys come from GUILDER_MASTER_KEY: put a new one in front there.")
    old = [base64.b64encode(key).decode() for _, key in master_keys()]
    new = random.token_bytes(32)
    path = key_file()
    fresh = path.with_suffix(".new")
    write_private(fresh, "\n".join([base64.b64encode(new).decode(), *old]) + "\n")
    fresh.replace(path)
    return key_id_of(new).hex()


def key_file() -> Path:
    """Where the master keys lie when the environment does not hold them."""
    return Path(settings.HOME) / KEY_FILE


def make_key_file(path: Path) -> None:
    """A first master key, readable by its owner only; the first of several processes wins."""
    path.parent.mkdir(parents=True, exist_ok=True)
    mine = path.with_name(f"{path.name}.{os.getpid()}.{random.token_hex(4)}")
    write_private(mine, base64.b64encode(random.token_bytes(32)).decode() + "\n")
    try:
        os.link(mine, path)
    except FileExistsError:
        pass
    finally:
        mine.unlink()


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read, and wait for the disk."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


@lru_cache(maxsize=4)
def read_keys(path: str, _changed: int) -> list[tuple[bytes, bytes]]:
    """The keys in a file; read anew when it changes."""
    return parse_keys(Path(path).read_text())


@lru_cache(maxsize=4)
def parse_keys(text: str) -> list[tuple[bytes, bytes]]:
    """Base64 keys separated by commas or lines. Raises BadMasterKey."""
    keys = []
    for part in text.replace(",", "\n").split():
        try:
            key = base64.b64decode(part, validate=True)
        except ValueError as error:
            raise BadMasterKey("A master key is base64 of 32 random bytes.") from error
        if len(key) != 32:
            raise BadMasterKey("A master key is base64 of exactly 32 random bytes.")
        keys.append((key_id_of(key), key))
    if not keys:
        raise BadMasterKey("There is no master key: write base64 of 32 random bytes.")
    return keys


def key_id_of(key: bytes) -> bytes:
    """What names a key without betraying it."""
    return hashlib.sha256(b"guilder master key" + key).digest()[:ID]
