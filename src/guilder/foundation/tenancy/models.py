"""What every business table is: a UUIDv7 id under an organization, and keys that stay inside it."""

from typing import TYPE_CHECKING, Any, ClassVar, Self
from uuid import UUID

from django.db import models

from guilder.foundation.tenancy.ids import uuid7


class OrganizationQuerySet(models.QuerySet[Any]):
    """Reads that name their organization first."""

    def of(self, organization_id: UUID) -> Self:
        """Only the rows of `organization_id`."""
        return self.filter(organization_id=organization_id)

    def lock(self) -> Self:
        """FOR NO KEY UPDATE of these rows only, not of what is joined to them."""
        return self.select_for_update(of=("self",), no_key=True)


class OrganizationModel(models.Model):
    """Base of every business table.

    Django sees the primary key `id`; the migration operation `OrganizationTable` makes it
    (organization_id, id) in the database, with row level security and composite foreign keys.
    `app_may` names what the app's role may do with the table.
    """

    app_may: ClassVar[tuple[str, ...]] = ("SELECT", "INSERT", "UPDATE", "DELETE")
    # Whether writing here means that what was read of the organization may be old now.
    raises_generation: ClassVar[bool] = True

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organization = models.ForeignKey(
        "identity.Organization",
        on_delete=models.PROTECT,
        db_constraint=False,
        db_index=False,
        related_name="+",
        editable=False,
    )

    # To a type checker the manager is the queryset that it hands everything on to.
    objects: ClassVar[OrganizationQuerySet] = OrganizationQuerySet.as_manager()  # type: ignore
    if TYPE_CHECKING:
        organization_id: UUID
        Meta: ClassVar[Any]
    else:

        class Meta:
            abstract = True


class Generation(models.Model):
    """How often an organization's data were changed: the sum of its rows' counts.

    Written by a trigger with the first change of each transaction. Writers that overlap take rows
    of their own, so none waits for another; the rows of nobody count for all. No row level
    security: signing in reads it before the organization is set, and it holds counts only.
    """

    app_may: ClassVar[tuple[str, ...]] = ("SELECT", "INSERT", "UPDATE")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organization_id = models.UUIDField()
    count = models.BigIntegerField(default=1)

    class Meta:
        db_table = "tenancy_generation"
        indexes = [models.Index(fields=["organization_id"], name="tenancy_generation_of")]


def reference(to: str, *, on_delete: Any = models.PROTECT, **options: Any) -> Any:
    """A foreign key inside the organization.

    The constraint is made by `OrganizationTable` over (organization_id, column), so a reference
    across organizations is refused by the database. No index comes with it: name one that begins
    with the organization in Meta.indexes where rows are looked up by it.
    """
    options.setdefault("related_name", "+")
    options.setdefault("db_index", False)
    return models.ForeignKey(to, on_delete=on_delete, db_constraint=False, **options)
