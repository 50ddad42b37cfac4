"""Entering, changing and putting away items."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db import transaction as database
from django.db.models import ProtectedError
from django.db.utils import IntegrityError

from guilder.foundation.audit import operations as audit
from guilder.foundation.events import bus
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Conflict, GuilderError, Invalid, Problem, Stale
from guilder.registers.catalogue import queries
from guilder.registers.catalogue.events import ItemChanged, ItemDeleted
from guilder.registers.catalogue.models import Item, Price
from guilder.registers.catalogue.reading import ItemInput, read_item
from guilder.registers.tax.models import TaxCode

FIRST_CODE = 1001


class ItemInUse(Conflict):
    """Documents refer to the item."""

    code = "item.in_use"


def create_item(*, by: Actor, data: Mapping[str, Any], at: datetime) -> Item:
    """Enter an item from raw values; a name is enough. Raises Invalid with every fault."""
    by.require("item.edit")
    read = read_item(data, is_new=True)
    with transaction(by.organization_id):
        columns = {"code": next_code(by.organization_id), **read.columns}
        refuse_taken_code(by.organization_id, columns["code"])
        item = Item(organization_id=by.organization_id, created_at=at, updated_at=at, **columns)
        item.tax_code = tax_code(by.organization_id, read.tax)
        item.save(force_insert=True)
        save_prices(item, read)
        return told(item, by=by, action="item.create", before=None)


class Undone(Exception):
    """Nothing of it is to stay."""


def create_items(
    rows: Sequence[Mapping[str, Any]], *, by: Actor, at: datetime, only_check: bool = False
) -> list[GuilderError | None]:
    """Enter many from raw values: all of them, or none where one has a fault.

    Gives for each row what is wrong with it, or None. With `only_check` nothing stays.
    """
    by.require("item.edit")
    found: list[GuilderError | None] = []
    with suppress(Undone), transaction(by.organization_id):
        for row in rows:
            try:
                with database.atomic():
                    create_item(by=by, data=row, at=at)
            except GuilderError as error:
                found.append(error)
            else:
                found.append(None)
        if only_check or any(found):
            raise Undone
    return found


def update_item(
    item_id: UUID, *, by: Actor, data: Mapping[str, Any], at: datetime, version: int | None = None
) -> Item:
    """Change what `data` names; prices are replaced whole. Raises Invalid, Stale, NoSuchItem."""
    by.require("item.edit")
    read = read_item(data, is_new=False)
    with transaction(by.organization_id):
        item = locked(item_id, by=by, version=version)
        before = audited(item)
        if "code" in read.columns and read.columns["code"] != item.code:
            refuse_taken_code(by.organization_id, read.columns["code"])
        for name, value in read.columns.items():
            setattr(item, name, value)
        if read.tax is not None:
            item.tax_code = tax_code(by.organization_id, read.tax)
        touch(item, at=at)
        save_prices(item, read)
        return told(item, by=by, action="item.update", before=before)


def archive_item(item_id: UUID, *, by: Actor, at: datetime, version: int | None = None) -> Item:
    """Put an item away: it is offered no more. Twice is once."""
    by.require("item.edit")
    with transaction(by.organization_id):
        item = locked(item_id, by=by, version=version)
        if item.archived_at is not None:
            return item
        before = audited(item)
        item.archived_at = at
        touch(item, at=at)
        return told(item, by=by, action="item.archive", before=before)


def restore_item(item_id: UUID, *, by: Actor, at: datetime, version: int | None = None) -> Item:
    """Bring an archived item back. Twice is once."""
    by.require("item.edit")
    with transaction(by.organization_id):
        item = locked(item_id, by=by, version=version)
        if item.archived_at is None:
            return item
        before = audited(item)
        item.archived_at = None
        touch(item, at=at)
        return told(item, by=by, action="item.restore", before=before)


def delete_item(item_id: UUID, *, by: Actor, version: int | None = None) -> None:
    """Delete an item that nothing refers to; ItemInUse says to archive it instead."""
    by.require("item.delete")
    try:
        with transaction(by.organization_id):
            item = locked(item_id, by=by, version=version)
            before = audited(item)
            item.delete()
            audit.record(
                by=by,
                action="item.delete",
                table="catalogue_item",
                row_id=item_id,
                before=before,
                after=None,
            )
            bus.publish(ItemDeleted(item_id=item_id), by=by)
    except (ProtectedError, IntegrityError):
        raise ItemInUse("Documents refer to this item. Archive it instead.") from None


def locked(item_id: UUID, *, by: Actor, version: int | None) -> Item:
    """The item under lock, in the version that the caller read."""
    item = queries.get_item(by.organization_id, item_id)
    current = Item.objects.of(by.organization_id).lock().get(id=item_id)
    if version is not None and version != current.version:
        raise Stale("This item was changed in the meantime. Read it again.")
    item.version = current.version
    return item


def touch(item: Item, *, at: datetime) -> None:
    """Save with a new version."""
    item.version += 1
    item.updated_at = at
    item.save()


def save_prices(item: Item, read: ItemInput) -> None:
    """Replace all prices, when they were sent."""
    if read.prices is None:
        return
    Price.objects.of(item.organization_id).filter(item=item).delete()
    Price.objects.bulk_create(
        [Price(organization_id=item.organization_id, item=item, **row) for row in read.prices]
    )


def tax_code(organization_id: UUID, code: str | None) -> TaxCode | None:
    """The row of a code; None of an empty one; Invalid of an unknown one."""
    if not code:
        return None
    found = TaxCode.objects.of(organization_id).filter(code=code, is_active=True).first()
    if found is None:
        raise Invalid(
            problems=[Problem("/tax", "tax.unknown_code", f"There is no tax code “{code}”.")]
        )
    return found


def next_code(organization_id: UUID) -> str:
    """The next free number; two at once wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"item {organization_id}"]
        )
        cursor.execute(
            "SELECT max(code::bigint) FROM catalogue_item "
            "WHERE organization_id = %s AND code ~ '^[0-9]{4,12}$'",
            [organization_id],
        )
        (highest,) = cursor.fetchone() or (None,)
    return str((highest or FIRST_CODE - 1) + 1)


def refuse_taken_code(organization_id: UUID, code: str) -> None:
    """Invalid when another item has the code."""
    if Item.objects.of(organization_id).filter(code=code).exists():
        raise Invalid(
            problems=[Problem("/code", "item.code_taken", f"{code} is another item's code.")]
        )


def audited(item: Item) -> dict[str, Any]:
    """What the audit trail keeps of an item."""
    left_out = {"id", "organization_id", "created_at", "updated_at", "archived_at", "tax_code_id"}
    columns = {
        field.attname: getattr(item, field.attname)
        for field in item._meta.concrete_fields
        if field.attname not in left_out
    }
    prices = Price.objects.of(item.organization_id).filter(item=item).order_by("id")
    return columns | {
        "tax": item.tax_code.code if item.tax_code else None,
        "archived": item.archived_at is not None,
        "prices": [
            {
                "currency": price.currency,
                "amount": f"{price.amount.normalize():f}",
                "price_list": price.price_list,
                "from_quantity": f"{price.from_quantity.normalize():f}",
                "valid_from": price.valid_from.isoformat() if price.valid_from else None,
            }
            for price in prices
        ],
    }


def told(item: Item, *, by: Actor, action: str, before: dict[str, Any] | None) -> Item:
    """Audit, tell, and read anew with all that belongs to it."""
    audit.record(
        by=by,
        action=action,
        table="catalogue_item",
        row_id=item.id,
        before=before,
        after=audited(item),
    )
    bus.publish(ItemChanged(item_id=item.id, code=item.code, name=item.name), by=by)
    return queries.get_item(by.organization_id, item.id)
