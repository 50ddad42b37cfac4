"""Deleting the demo organization whole: nothing else can be deleted so."""

import time
from uuid import UUID

from django.db import connections
from django.db import transaction as database

from guilder.foundation.files import operations as files
from guilder.foundation.files.models import StoredFile
from guilder.foundation.identity.models import User
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.errors import Conflict
from guilder.office.demo import cast, queries


class NotADemo(Conflict):
    """Only a demo organization can be deleted whole."""

    code = "demo.not_a_demo"


def delete_demo() -> bool:
    """Delete the demo organization with everything in it; False when there was none.

    Runs as the owner, who alone may: the app's role has no such right. Of its people those go who
    were made for it and belong nowhere else; of its files the bytes that nobody else names.
    """
    found = queries.demo_organization()
    if found is None:
        return False
    began, digests = time.time(), digests_of(found)
    with database.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT is_demo FROM identity_organization WHERE id = %s FOR UPDATE", [found]
        )
        row = cursor.fetchone()
        if row is None or not row[0]:
            raise NotADemo("This is not a demo organization.")
        cursor.execute("SET LOCAL guilder.deleting_demo = 'on'")
        cursor.execute("SET LOCAL guilder.maintenance = 'on'")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        for table, column in queries.tables_of_organizations():
            name = connections["owner"].ops.quote_name(table)
            cursor.execute(f"DELETE FROM {name} WHERE {column} = %s", [found])  # noqa: S608
        cursor.execute("DELETE FROM identity_organization WHERE id = %s", [found])
        delete_people()
    files.drop_unnamed(digests, kept_until=began)
    return True


def digests_of(organization_id: UUID) -> list[str]:
    """The hashes of the organization's files."""
    with transaction(organization_id):
        found = StoredFile.objects.of(organization_id).values_list("sha256", flat=True)
        return list(found.distinct())


def delete_people() -> None:
    """Delete the invented people, with what signing in kept of them; the owner's transaction."""
    emails = [cast.EMAIL, *(email for _, email, _ in cast.COLLEAGUES)]
    User.objects.using("owner").filter(email__in=emails, memberships=None).delete()
