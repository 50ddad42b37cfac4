"""Keeping billing records: switched on by an organization, one for each document issued since."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from guilder import __version__
from guilder.books.invoicing import queries as invoicing
from guilder.foundation.audit import operations as audit
from guilder.foundation.events import bus
from guilder.foundation.identity import operations as identity
from guilder.foundation.identity import queries as identities
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel import verifactu
from guilder.kernel.actor import Actor
from guilder.kernel.document import Document, Kind, Party
from guilder.kernel.errors import Conflict, Invalid, NotFound, Problem, Stale
from guilder.kernel.verifactu import Facts, NotRecordable
from guilder.office.verifactu import queries
from guilder.office.verifactu.events import BillingRecorded, BillingRecordWaiting
from guilder.office.verifactu.models import Chain, Record, Waiting
from guilder.papers.exchange.formats.verifactu import Before, System, write_record
from guilder.papers.rendering import operations as rendering
from guilder.registers.currencies import queries as currencies
from guilder.registers.parties import queries as parties

ZONE = ZoneInfo("Europe/Madrid")
MOST_AT_ONCE = 500
RECORDED = frozenset((Kind.INVOICE, Kind.CREDIT_NOTE, Kind.DEBIT_NOTE, Kind.DEPOSIT))


class NotSpanish(Conflict):
    """Only an organization in Spain keeps these records."""

    code = "verifactu.not_spanish"


class NotKept(Conflict):
    """No record is kept now, or none of this document."""

    code = "verifactu.not_kept"


def turn_on(
    *,
    by: Actor,
    at: datetime,
    producer: str = "",
    producer_nif: str = "",
    version: int | None = None,
) -> Chain:
    """Keep a record of every document from now on, and print the tax office's code on it.

    `producer` answers for the program; nobody named, the organization itself does. Raises
    NotSpanish, Stale, and Invalid where the NIF of the organization or the producer is none.
    """
    by.require("settings.edit")
    with transaction(by.organization_id):
        seller = parties.seller_profile(by.organization_id)
        if seller is None or seller.country != verifactu.SPAIN:
            raise NotSpanish("Only an organization in Spain keeps these records.")
        itself = Party(vat_id=seller.vat_id, tax_registration=seller.tax_number)
        own = required_nif(itself, "/seller/vat_id")
        name = producer.strip() or seller.legal_name
        nif = required_nif(Party(vat_id=producer_nif), "/producer_nif") if producer_nif else own
        chain = locked(by, version=version) or Chain(
            organization_id=by.organization_id, began_at=at
        )
        before = {"is_on": chain.is_on, "producer": chain.producer}
        if not chain.is_on:
            chain.on_since = at
        chain.is_on, chain.producer, chain.producer_nif = True, name[:120], nif
        saved(chain, by=by, action="verifactu.turn_on", before=before)
        rendering.set_style(by=by, data={"tax_code": True})
    return chain


def turn_off(*, by: Actor, version: int | None = None) -> Chain | None:
    """Make no more records; what was recorded stays, and goes on when it is turned on again.
    Raises Stale."""
    by.require("settings.edit")
    with transaction(by.organization_id):
        chain = locked(by, version=version)
        if chain is not None and chain.is_on:
            chain.is_on = False
            saved(chain, by=by, action="verifactu.turn_off", before={"is_on": True})
            rendering.set_style(by=by, data={"tax_code": False})
    return chain


def require_recordable(document: Document, by: Actor) -> None:
    """Refuse to issue what a record is to be made of where a Spanish seller has no valid NIF: asked
    before each issue, so that no document waits by surprise. Raises NotRecordable."""
    seller = document.seller
    if seller.address.country != verifactu.SPAIN or document.kind not in RECORDED:
        return
    if not verifactu.nif_of(seller) and queries.is_kept(by.organization_id):
        detail = "Enter your NIF: it must stand on the invoice and in its billing record."
        problem = Problem("/seller/vat_id", NotRecordable.code, detail)
        raise NotRecordable("This paper cannot be recorded.", problems=[problem])


def record(invoice_id: UUID, *, organization_id: UUID, at: datetime) -> Record | None:
    """The record of an issued document, made where there is none; None where none is kept, and
    where it cannot be made: then the document waits, with the reason.

    The chain is held from reading its head to the commit, so records stand one after the other.
    """
    by = identity.system_actor(organization_id, "job")
    with transaction(organization_id):
        if not queries.is_kept(organization_id):  # most organizations: no lock, one short look
            return None
        chain = locked(by)
        if chain is None or not chain.is_on:
            return None
        try:
            return entered(chain, invoice_id, by=by, at=at)
        except Invalid as error:
            waits(invoice_id, error, by=by, at=at)
            return None


def try_again(waiting_id: UUID, *, by: Actor, at: datetime) -> Record:
    """Make the record of a document that waits for it.

    Raises NoSuchWaiting, NotKept, and NotRecordable with everything that is still missing.
    """
    by.require("settings.edit")
    with transaction(by.organization_id):
        chain = locked(by)
        found = queries.get_waiting(waiting_id, by=by)
        if chain is None or not chain.is_on:
            raise NotKept("Records are not kept now. Turn them on first.")
        made = entered(chain, found.invoice_id, by=by, at=at)
        if made is None:
            raise NotKept("No record is kept of this kind of document.")
        return made


def try_all(*, by: Actor, at: datetime) -> tuple[int, int]:
    """(made, still waiting): every document that waits is tried again, the oldest first."""
    by.require("settings.edit")
    made = left = 0
    with transaction(by.organization_id):
        ids = Waiting.objects.of(by.organization_id).order_by("since_at", "id")
        waiting = list(ids.values_list("invoice_id", flat=True)[:MOST_AT_ONCE])
    for invoice_id in waiting:
        if record(invoice_id, organization_id=by.organization_id, at=at) is None:
            left += 1
        else:
            made += 1
    return made, left


def entered(chain: Chain, invoice_id: UUID, *, by: Actor, at: datetime) -> Record | None:
    """The record of a document, made where there is none; None where it needs none. It waits no
    more. Writes nothing where it raises NotRecordable."""
    forgotten = Waiting.objects.of(by.organization_id).filter(invoice_id=invoice_id)
    made = Record.objects.of(by.organization_id).filter(invoice_id=invoice_id).first()
    if made is not None:
        forgotten.delete()
        return made
    document = invoicing.get_document(invoice_id, by=by)
    if document.kind not in RECORDED:
        return None
    facts = verifactu.facts_of(
        document, rate=rate_of(invoice_id, document, by=by), nif=own_nif(by.organization_id)
    )
    made = chained(chain, invoice_id, document, facts, by=by, at=at)
    forgotten.delete()
    return made


def own_nif(organization_id: UUID) -> str:
    """The NIF of the organization as it is now, for a paper issued without; "" for none."""
    seller = parties.seller_profile(organization_id)
    if seller is None or seller.country != verifactu.SPAIN:
        return ""
    return verifactu.nif_of(Party(vat_id=seller.vat_id, tax_registration=seller.tax_number))


def rate_of(invoice_id: UUID, document: Document, *, by: Actor) -> Decimal | None:
    """What one unit of a document's currency is in euro: as it was booked where the books are in
    euro, else by the rates of its day; None where nobody says."""
    if document.currency == verifactu.EURO:
        return Decimal(1)
    _, booked = invoicing.issue_of(invoice_id, by=by)
    in_euro = identities.get_organization(by.organization_id).base_currency == verifactu.EURO
    if in_euro and booked is not None:
        return booked
    if document.issued_on is None:
        return None
    try:
        found = currencies.rate_on(
            by.organization_id,
            base=document.currency,
            quote=verifactu.EURO,
            on=document.issued_on,
        )
    except NotFound:
        return None
    return found.rate


def waits(invoice_id: UUID, error: Invalid, *, by: Actor, at: datetime) -> None:
    """Note that a document waits, and why; told once, and again where the reason is another."""
    document = invoicing.get_document(invoice_id, by=by)
    told = [
        {"pointer": one.pointer, "code": one.code, "detail": one.detail} for one in error.problems
    ] or [{"pointer": "", "code": error.code, "detail": error.detail}]
    rows = Waiting.objects.of(by.organization_id)
    row = rows.filter(invoice_id=invoice_id).first()
    if row is not None and row.problems == told:
        rows.filter(id=row.id).update(tried_at=at)
        return
    if row is None:
        row = Waiting(organization_id=by.organization_id, invoice_id=invoice_id, since_at=at)
    row.number, row.issued_on = document.number, document.issued_on or at.date()
    row.problems, row.tried_at = told, at
    row.save()
    bus.publish(
        BillingRecordWaiting(invoice_id=invoice_id, number=row.number, reason=row.reason), by=by
    )


def chained(
    chain: Chain, invoice_id: UUID, document: Document, facts: Facts, *, by: Actor, at: datetime
) -> Record:
    """A new record at the end of the chain, which is locked."""
    last = Record.objects.of(by.organization_id).filter(position=chain.count).first()
    generated = at.astimezone(ZONE).isoformat(timespec="seconds")
    fingerprint = verifactu.fingerprint(facts, previous=chain.fingerprint, generated=generated)
    xml = write_record(
        document,
        facts,
        before=before_of(last),
        system=system_of(chain),
        generated=generated,
        fingerprint=fingerprint,
    )
    made = Record.objects.create(
        organization_id=by.organization_id,
        position=chain.count + 1,
        invoice_id=invoice_id,
        nif=facts.nif,
        number=facts.number,
        issued_on=verifactu.day(facts.issued_on),
        kind=facts.kind,
        tax=verifactu.figure(facts.tax),
        total=verifactu.figure(facts.total),
        previous=chain.fingerprint,
        generated=generated,
        fingerprint=fingerprint,
        xml=xml.decode(),
    )
    chain.count, chain.fingerprint = made.position, fingerprint
    chain.save(update_fields=["count", "fingerprint"])
    told = BillingRecorded(
        invoice_id=invoice_id,
        number=made.number,
        position=made.position,
        fingerprint=fingerprint,
    )
    bus.publish(told, by=by)
    return made


def before_of(last: Record | None) -> Before | None:
    """What a record says of the one before."""
    if last is None:
        return None
    return Before(
        nif=last.nif, number=last.number, issued_on=last.issued_on, fingerprint=last.fingerprint
    )


def system_of(chain: Chain) -> System:
    """What a record says of the program that made it."""
    return System(
        producer=chain.producer,
        producer_nif=chain.producer_nif,
        version=__version__,
        installation=str(chain.organization_id),
        is_shared=identities.organizations().count() > 1,
    )


def required_nif(party: Party, pointer: str) -> str:
    """A party's NIF; Invalid where it has none that is valid."""
    nif = verifactu.nif_of(party)
    if not nif:
        detail = "This is no valid NIF. Enter it with its check letter, such as B58378431."
        raise Invalid(detail, problems=[Problem(pointer, "verifactu.nif", detail)])
    return nif


def locked(by: Actor, *, version: int | None = None) -> Chain | None:
    """The organization's chain under lock; Stale where it is not the `version` that was read."""
    chain = Chain.objects.of(by.organization_id).lock().first()
    if version is not None and version != (chain.version if chain else 0):
        raise Stale("The settings were changed in the meantime. Read them again.")
    return chain


def saved(chain: Chain, *, by: Actor, action: str, before: dict[str, Any]) -> None:
    """Save with a new version, and audit."""
    chain.version += 1
    chain.save()
    after = {"is_on": chain.is_on, "producer": chain.producer}
    audit.record(
        by=by,
        action=action,
        table="verifactu_chain",
        row_id=chain.id,
        before=before,
        after=after,
    )
