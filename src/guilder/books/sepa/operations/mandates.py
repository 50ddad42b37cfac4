"""Mandates: entered, signed, amended, ended."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from guilder.books.sepa import calc
from guilder.books.sepa.events import MandateChanged, MandateCreated, MandateEnded
from guilder.books.sepa.models import Item, Mandate, Policy
from guilder.books.sepa.queries.mandates import DEFAULT_NOTICE, NoSuchMandate, get_mandate
from guilder.foundation.audit import operations as audit
from guilder.foundation.events import bus
from guilder.foundation.identity import queries as identities
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel import identifiers
from guilder.kernel.actor import Actor
from guilder.kernel.errors import Conflict, Invalid, Problem, Stale
from guilder.kernel.wire import Wire
from guilder.registers.parties import queries as parties

FIELDS = (
    *("client", "reference", "scheme", "recurrent", "last", "holder", "iban", "bic"),
    *("signed_on", "notice_days"),
)
MOST_NOTICE = 90


class InvalidMandate(Invalid):
    """What was sent is no mandate; `problems` has every fault."""

    code = "sepa.invalid_mandate"


class MandateTaken(Conflict):
    """Another mandate has that reference."""

    code = "sepa.mandate_taken"


class MandateIsOver(Conflict):
    """It was ended."""

    code = "sepa.mandate_is_over"


def today_of(by: Actor, at: datetime) -> date:
    """The organization's day at that instant."""
    zone = ZoneInfo(identities.get_organization(by.organization_id).time_zone)
    return at.astimezone(zone).date()


def save_mandate(
    *,
    by: Actor,
    data: Mapping[str, Any],
    at: datetime,
    mandate_id: UUID | None = None,
    version: int | None = None,
) -> Mandate:
    """Enter a mandate, or change one, from raw values: client, reference, scheme, recurrent, last,
    holder, iban, bic, signed_on, notice_days. What a bank knows already is amended: the next
    collection says what it was before.

    Raises InvalidMandate with every fault, MandateTaken, MandateIsOver, NoSuchMandate, Stale.
    """
    by.require("mandate.edit")
    with transaction(by.organization_id):
        row = None if mandate_id is None else locked(mandate_id, by=by, version=version)
        fresh = read(data, row, by=by, at=at)
        before = None if row is None else shown(row)
        if row is not None:
            amend(row, fresh)
        rows = Mandate.objects.of(by.organization_id).exclude(id=fresh.id)
        if rows.filter(reference=fresh.reference).exists():
            raise MandateTaken("Another mandate has this reference. Choose another one.")
        fresh.save()
        note(fresh, "mandate.update" if row else "mandate.create", before, by=by)
        event = MandateChanged if row else MandateCreated
        bus.publish(event(**facts_of(fresh)), by=by)
        return get_mandate(fresh.id, by=by)


def read(data: Mapping[str, Any], row: Mandate | None, *, by: Actor, at: datetime) -> Mandate:
    """Judge what was sent over what is stored. Raises InvalidMandate."""
    wire = Wire(data)
    wire.known(FIELDS)
    fresh = row_of(row, by=by, at=at)
    if row is None:
        partner_id = wire.identity("client", required=True)
        if partner_id is not None:
            fresh.partner = parties.get_partner(by.organization_id, partner_id, side="customer")
    if wire.has("reference") or row is None:
        fresh.reference = read_reference(wire, fresh, by=by)
    if wire.has("scheme"):
        fresh.scheme = wire.choice("scheme", ("CORE", "B2B"), default=fresh.scheme)
    fresh.is_recurrent = wire.flag("recurrent", default=fresh.is_recurrent)
    fresh.is_last = wire.flag("last", default=fresh.is_last)
    read_account(wire, fresh, is_new=row is None)
    if wire.has("signed_on"):
        signed_on = wire.day("signed_on")
        if signed_on is not None and signed_on > today_of(by, at):
            wire.fault("signed_on", "sepa.in_future", "Enter today or a day before.")
        fresh.signed_on = signed_on
    if wire.has("notice_days"):
        fresh.notice_days = wire.whole("notice_days", most=MOST_NOTICE)
    if wire.problems:
        raise InvalidMandate(problems=wire.problems)
    if fresh.signed_on is not None and not fresh.creditor_id:
        fresh.creditor_id = creditor_id(by)
    return fresh


def row_of(row: Mandate | None, *, by: Actor, at: datetime) -> Mandate:
    """A copy of a row to be changed, one version on; a new one where there is none."""
    if row is None:
        return Mandate(
            organization_id=by.organization_id, created_by_id=by.user_id, created_at=at,
            updated_at=at,
        )  # fmt: skip
    fresh = Mandate.objects.of(by.organization_id).get(id=row.id)
    fresh.updated_at, fresh.version = at, row.version + 1
    return fresh


def read_reference(wire: Wire, fresh: Mandate, *, by: Actor) -> str:
    """The unique mandate reference: what was typed, in capitals; else the client's next one."""
    typed = wire.text("reference", most=35).upper().replace(" ", "")
    if typed and not calc.REFERENCE.fullmatch(typed):
        wire.fault("reference", "sepa.reference", "Use letters, digits and + ? / - : ( ) . , '.")
    if typed or fresh.partner_id is None:
        return typed
    if fresh.reference:
        return fresh.reference
    count = Mandate.objects.of(by.organization_id).filter(partner_id=fresh.partner_id).count()
    return f"{calc.identifier(fresh.partner.code, most=28).upper()}-{count + 1}"


def read_account(wire: Wire, fresh: Mandate, *, is_new: bool) -> None:
    """Whose account it is: holder, IBAN, BIC. Without an IBAN the client's own account is taken."""
    own = None
    if is_new and fresh.partner_id is not None:
        accounts = fresh.partner.bank_accounts.exclude(iban="")
        own = accounts.order_by("-is_default", "id").first()
        fresh.holder = (own.holder if own and own.holder else fresh.partner.name)[:70]
    if wire.text("holder"):
        fresh.holder = wire.text("holder", most=70)
    typed = wire.text("iban", most=42) or (own.iban if own else "")
    bic = wire.text("bic", most=20) or (own.bic if own and not wire.text("iban") else "")
    if typed:
        try:
            fresh.iban = identifiers.iban(typed)
        except Invalid as error:
            wire.fault("iban", error.code, error.detail)
        else:
            if not calc.is_reached(fresh.iban):
                detail = "This account cannot be reached through SEPA. Enter one that can."
                wire.fault("iban", "sepa.not_reached", detail)
    elif is_new:
        wire.fault("iban", "required", "Enter the IBAN that is collected from.")
    if bic or wire.has("bic"):
        try:
            fresh.bic = identifiers.bic(bic) if bic else ""
        except Invalid as error:
            wire.fault("bic", error.code, error.detail)


def amend(row: Mandate, fresh: Mandate) -> None:
    """Keep what a bank knows of a mandate that is changed, until a collection has told it."""
    if row.last_used_on is None:
        return
    if fresh.iban != row.iban:
        fresh.has_new_account = True
    if fresh.reference != row.reference and not row.original_reference:
        fresh.original_reference = row.reference


def end_mandate(
    mandate_id: UUID, *, by: Actor, at: datetime, reason: str, code: str = ""
) -> Mandate:
    """It is never used again; `code` is the bank's where it said so. Twice is once.

    Raises NoSuchMandate, Invalid without a reason.
    """
    by.require("mandate.edit")
    if not reason.strip():
        raise Invalid(problems=[Problem("/reason", "required", "Say why it ends.")])
    with transaction(by.organization_id):
        row = Mandate.objects.of(by.organization_id).lock().filter(id=mandate_id).first()
        if row is None:
            raise NoSuchMandate("There is no such mandate.")
        if row.ended_at is None:
            stop(row, by=by, at=at, reason=reason, code=code)
        return get_mandate(mandate_id, by=by)


def stop(row: Mandate, *, by: Actor, at: datetime, reason: str, code: str) -> None:
    """End a mandate under lock, and tell."""
    before = shown(row)
    row.ended_at, row.ended_reason, row.ended_code = at, reason.strip()[:200], code
    row.updated_at, row.version = at, row.version + 1
    row.save()
    note(row, "mandate.end", before, by=by)
    told = {"reason": row.ended_reason, "failure": code}
    bus.publish(MandateEnded(**told, **facts_of(row)), by=by)


def recount(mandate_ids: set[UUID], *, by: Actor) -> None:
    """When mandates were last used, without the orders that the bank refused."""
    failed = (Item.State.REJECTED, Item.State.DROPPED)
    rows = Mandate.objects.of(by.organization_id).lock().filter(id__in=mandate_ids)
    for row in rows.order_by("id"):
        items = Item.objects.of(by.organization_id).filter(
            mandate_id=row.id, batch__status="handed_over"
        )
        days = items.exclude(state__in=failed).values_list("batch__due_on", flat=True)
        row.last_used_on = max(days, default=None)
        row.save(update_fields=["last_used_on"])


def locked(mandate_id: UUID, *, by: Actor, version: int | None) -> Mandate:
    """A mandate under lock. Raises NoSuchMandate, MandateIsOver, Stale."""
    row = Mandate.objects.of(by.organization_id).lock().filter(id=mandate_id).first()
    if row is None:
        raise NoSuchMandate("There is no such mandate.")
    if version is not None and version != row.version:
        raise Stale("This mandate was changed in the meantime. Read it again.")
    if row.ended_at is not None:
        raise MandateIsOver("This mandate is over. Ask the client for a new one.")
    return row


def creditor_id(by: Actor) -> str:
    """The organization's creditor identifier; "" where it has none."""
    profile = parties.seller_profile(by.organization_id)
    return profile.creditor_id if profile is not None else ""


def set_policy(*, by: Actor, data: Mapping[str, Any]) -> int:
    """Say how many days clients are told before money is taken. Raises Invalid."""
    by.require("settings.edit")
    wire = Wire(data)
    wire.known(("notice_days",))
    days = wire.whole("notice_days", default=DEFAULT_NOTICE, most=MOST_NOTICE)
    wire.done()
    with transaction(by.organization_id):
        row = Policy.objects.of(by.organization_id).lock().first()
        row = row or Policy(organization_id=by.organization_id, version=0)
        before = {"notice_days": row.notice_days}
        row.notice_days, row.version = days if days is not None else 0, row.version + 1
        row.save()
        audit.record(
            by=by,
            action="sepa.policy",
            table="sepa_policy",
            row_id=row.id,
            before=before,
            after={"notice_days": row.notice_days},
        )
        return row.notice_days


def facts_of(row: Mandate) -> dict[str, Any]:
    """What every event of a mandate carries."""
    return {"mandate_id": row.id, "partner_id": row.partner_id, "reference": row.reference}


def shown(row: Mandate) -> dict[str, Any]:
    """What the audit trail keeps."""
    names = ("reference", "scheme", "is_recurrent", "is_last", "holder", "iban", "bic", "signed_on",
             "notice_days", "ended_reason")  # fmt: skip
    return {name: getattr(row, name) for name in names}


def note(row: Mandate, action: str, before: dict[str, Any] | None, *, by: Actor) -> None:
    """Write a step down."""
    audit.record(
        by=by, action=action, table="sepa_mandate", row_id=row.id, before=before, after=shown(row)
    )
