"""Storing bytes under their hash, and taking names off them again."""

import hashlib
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from uuid import UUID

from guilder.foundation.files import stores
from guilder.foundation.files.models import StoredFile
from guilder.foundation.files.queries import NoSuchFile
from guilder.foundation.identity import queries as identities
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Invalid

LONGEST_NAME = 255


class BadFile(Invalid):
    """The file has no usable name or media type."""

    code = "files.bad_file"


def store(data: bytes, *, by: Actor, filename: str, media_type: str) -> StoredFile:
    """Keep `data` under its SHA-256 and give it a name in the actor's organization.

    The same bytes under the same name are one file. The bytes are on disk before the row is
    written; a row that is rolled back leaves bytes without a name, never a name without bytes.
    Whether the actor may is judged by the room that stores. Raises BadFile.
    """
    name = clean_name(filename)
    refuse_bad_type(media_type)
    digest = hashlib.sha256(data).hexdigest()
    stores.current().keep(digest, data)
    return named(digest, len(data), by=by, name=name, media_type=media_type)


def store_path(path: Path, *, by: Actor, media_type: str, filename: str = "") -> StoredFile:
    """Keep a file of this machine, however large, as `store` keeps bytes; it is read in parts.

    Its own name is taken where `filename` is empty. Raises BadFile.
    """
    name = clean_name(filename or path.name)
    refuse_bad_type(media_type)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    stores.current().keep_path(digest, path)
    return named(digest, path.stat().st_size, by=by, name=name, media_type=media_type)


def keep_bytes(data: bytes) -> str:
    """Keep bytes whose row is written otherwise, such as those of an archive; gives the SHA-256."""
    digest = hashlib.sha256(data).hexdigest()
    stores.current().keep(digest, data)
    return digest


def refuse_bad_type(media_type: str) -> None:
    """Raise BadFile."""
    if not media_type or len(media_type) > 127 or "/" not in media_type:
        raise BadFile("Say what kind of file it is, such as application/pdf.")


def named(digest: str, size: int, *, by: Actor, name: str, media_type: str) -> StoredFile:
    """The row of some kept bytes under a name."""
    with transaction(by.organization_id):
        stored, _ = StoredFile.objects.get_or_create(
            organization_id=by.organization_id,
            sha256=digest,
            filename=name,
            media_type=media_type,
            defaults={"size": size, "created_by_id": by.user_id},
        )
    return stored


def remove(file_id: UUID, *, by: Actor) -> None:
    """Take a file away from the organization; its bytes go when nothing names them any more.

    Raises NoSuchFile; the database refuses while a row refers to the file.
    """
    with transaction(by.organization_id):
        deleted, _ = StoredFile.objects.of(by.organization_id).filter(id=file_id).delete()
        if not deleted:
            raise NoSuchFile("There is no such file.")


def drop_unnamed(digests: Iterable[str], *, kept_until: float) -> int:
    """Take bytes out of the store that no organization names any more; gives how many went.

    `kept_until` are the seconds since 1970 at which somebody last saw them named: what was kept
    again since then stays.
    """
    left = set(digests)
    for organization_id in identities.organizations().values_list("id", flat=True):
        with transaction(organization_id):
            named = StoredFile.objects.of(organization_id).filter(sha256__in=left)
            left -= set(named.values_list("sha256", flat=True))
    store = stores.current()
    return sum(store.drop(digest, kept_until=kept_until) for digest in left)


def clean_name(filename: str) -> str:
    """The last part of a name, without what file systems and headers trip over."""
    name = PurePosixPath(filename.replace("\\", "/")).name
    name = "".join(character for character in name if character.isprintable()).strip(" .")
    if not name:
        raise BadFile("Give the file a name.")
    if len(name) <= LONGEST_NAME:
        return name
    suffix = PurePosixPath(name).suffix[:20]
    return name[: LONGEST_NAME - len(suffix)] + suffix
