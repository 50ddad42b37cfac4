"""Reading files back, checked against their hash."""

import hashlib
from collections.abc import Iterable
from uuid import UUID

from guilder.foundation.files import stores
from guilder.foundation.files.models import StoredFile
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import NotFound, Unavailable


class NoSuchFile(NotFound):
    """No file of that id in this organization."""

    code = "files.no_such_file"


class FileDamaged(Unavailable):
    """The bytes are gone or no longer those that were stored."""

    code = "files.damaged"


def get_file(file_id: UUID, *, by: Actor) -> StoredFile:
    """What is known of a file. Raises NoSuchFile."""
    with transaction(by.organization_id):
        found = StoredFile.objects.of(by.organization_id).filter(id=file_id).first()
    if found is None:
        raise NoSuchFile("There is no such file.")
    return found


def read(file_id: UUID, by: Actor) -> bytes:
    """The bytes of a file. Raises NoSuchFile, FileDamaged."""
    return read_bytes(get_file(file_id, by=by).sha256)


def read_bytes(digest: str) -> bytes:
    """The bytes of a hash, proved to be those. Raises FileDamaged."""
    try:
        data = stores.current().get(digest)
    except FileNotFoundError as error:
        raise FileDamaged("The file's bytes are gone; restore them from a backup.") from error
    if hashlib.sha256(data).hexdigest() != digest:
        raise FileDamaged("The file was changed on disk; restore it from a backup.")
    return data


def damaged(organization_id: UUID) -> Iterable[tuple[UUID, str]]:
    """(file, what is wrong) for every file of an organization whose bytes do not hold."""
    with transaction(organization_id):
        rows = list(
            StoredFile.objects.of(organization_id).order_by("id").values_list("id", "sha256")
        )
    for file_id, digest in rows:
        try:
            read_bytes(digest)
        except FileDamaged as error:
            yield file_id, error.detail
