"""The organization's own bank accounts, and which of them stands on documents."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from guilder.foundation.audit import operations as audit
from guilder.foundation.events import bus
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel import identifiers
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Conflict, NotFound
from guilder.kernel.wire import Wire
from guilder.registers.parties.events import SellerProfileChanged
from guilder.registers.parties.models import SellerAccount, SellerProfile
from guilder.registers.parties.reading import checked


class AccountKnown(Conflict):
    """That account is there already."""

    code = "parties.account_known"


class AccountShown(Conflict):
    """The account stands on documents."""

    code = "parties.account_shown"


class NoSuchAccount(NotFound):
    """No bank account of that id."""

    code = "parties.no_such_account"


def save_account(*, by: Actor, data: Mapping[str, Any], at: datetime) -> SellerAccount:
    """Add a bank account from raw values: label, holder, iban, bic, is_shown.

    Raises Invalid with every fault, AccountKnown.
    """
    by.require("settings.edit")
    columns = read(data)
    with transaction(by.organization_id):
        take_in_profile(by, at=at)
        rows = SellerAccount.objects.of(by.organization_id)
        if rows.filter(iban=columns["iban"]).exists():
            raise AccountKnown("This account is in the list already.")
        is_shown = columns.pop("is_shown") or not rows.exists()
        row = SellerAccount.objects.create(
            organization_id=by.organization_id, created_at=at, **columns
        )
        note(row, by=by, action="seller_account.save")
        if is_shown:
            show(row, by=by)
        return row


def show_account(account_id: UUID, *, by: Actor, at: datetime) -> SellerAccount:
    """Print this account on documents from the next one on. Raises NoSuchAccount."""
    by.require("settings.edit")
    with transaction(by.organization_id):
        take_in_profile(by, at=at)
        row = found(account_id, by=by)
        show(row, by=by)
        note(row, by=by, action="seller_account.show")
        return row


def remove_account(account_id: UUID, *, by: Actor) -> None:
    """Take an account off the list. Raises NoSuchAccount, AccountShown."""
    by.require("settings.edit")
    with transaction(by.organization_id):
        row = found(account_id, by=by)
        if row.is_shown:
            raise AccountShown("This account stands on documents. Choose another one first.")
        note(row, by=by, action="seller_account.remove")
        row.delete()


def read(data: Mapping[str, Any]) -> dict[str, Any]:
    """The judged columns of an account; Invalid with every fault."""
    wire = Wire(data)
    wire.known(("label", "holder", "iban", "bic", "is_shown"))
    label = wire.text("label", most=80, required=True)
    holder = wire.text("holder", most=200)
    iban = wire.text("iban", most=42, required=True)
    bic = wire.text("bic", most=20)
    columns = {
        "label": label,
        "holder": holder,
        "iban": checked(wire, iban, identifiers.iban, "iban") if iban else "",
        "bic": checked(wire, bic, identifiers.bic, "bic") if bic else "",
        "is_shown": wire.flag("is_shown"),
    }
    wire.done()
    return columns


def take_in_profile(by: Actor, *, at: datetime) -> None:
    """The account that the profile already prints belongs in the list too."""
    profile = SellerProfile.objects.of(by.organization_id).lock().first()
    rows = SellerAccount.objects.of(by.organization_id)
    if profile is None or not profile.iban or rows.filter(iban=profile.iban).exists():
        return
    rows.filter(is_shown=True).update(is_shown=False)
    SellerAccount.objects.create(
        organization_id=by.organization_id,
        label=profile.account_holder or profile.legal_name[:80],
        holder=profile.account_holder,
        iban=profile.iban,
        bic=profile.bic,
        is_shown=True,
        created_at=at,
    )


def show(row: SellerAccount, *, by: Actor) -> None:
    """Make `row` the shown one, and put it into the profile."""
    SellerAccount.objects.of(by.organization_id).filter(is_shown=True).update(is_shown=False)
    row.is_shown = True
    row.save(update_fields=["is_shown"])
    profile = SellerProfile.objects.of(by.organization_id).lock().get()
    profile.iban, profile.bic, profile.account_holder = row.iban, row.bic, row.holder
    profile.version += 1
    profile.save(update_fields=["iban", "bic", "account_holder", "version"])
    bus.publish(SellerProfileChanged(organization_id=by.organization_id), by=by)


def found(account_id: UUID, *, by: Actor) -> SellerAccount:
    """An account, held. Raises NoSuchAccount."""
    row = SellerAccount.objects.of(by.organization_id).lock().filter(id=account_id).first()
    if row is None:
        raise NoSuchAccount("There is no such bank account.")
    return row


def note(row: SellerAccount, *, by: Actor, action: str) -> None:
    """The audit entry."""
    audit.record(
        by=by,
        action=action,
        table="parties_selleraccount",
        row_id=row.id,
        before=None,
        after={"label": row.label, "iban": row.iban, "bic": row.bic, "holder": row.holder},
    )
