"""Running the proofs: those that the rooms publish as SQL, and those that need more than SQL."""

import importlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any
from uuid import UUID

import psycopg
from django.apps import apps
from django.db import connections
from psycopg import sql

from guilder.books.bills import queries as bills
from guilder.books.charging import queries as charging
from guilder.books.invoicing import queries as invoicing
from guilder.books.ledger import queries as ledger
from guilder.books.payments import queries as payments
from guilder.books.sepa import queries as sepa
from guilder.books.workflow import queries as workflow
from guilder.flows.banking import queries as banking
from guilder.flows.billing import queries as billing
from guilder.flows.intake import queries as intake
from guilder.foundation.audit import queries as audit
from guilder.foundation.files import queries as files
from guilder.foundation.identity import queries as identities
from guilder.office.backup.calc import Breach
from guilder.office.backup.queries import papers, walls
from guilder.papers.exchange import queries as exchange

SEALS = "INV-U2", "Every audit entry is as it was sealed, no seal is missing, none was changed"
FILES = "INV-F1", "The bytes of every stored file are those of its hash"
REPEATS = (
    "INV-E2",
    "A repeated request has one answer: each key once, each finished one answered",
    """
    SELECT organization_id, (array_agg(id ORDER BY id))[1], 'the key is there twice' AS fault
    FROM edges_idempotency GROUP BY organization_id, key HAVING count(*) > 1
    UNION ALL
    SELECT organization_id, id, 'finished without an answer' FROM edges_idempotency
    WHERE status IS NOT NULL AND answer IS NULL
    """,
)
# What each proof in SQL looks at, for the figure beside it.
LOOKS_AT = {
    "INV-N1": "invoicing_issueddocument",
    "INV-N2": "invoicing_invoice",
    "INV-N3": "invoicing_issueddocument",
    "INV-N7": "invoicing_invoice",
    "INV-P1": "payments_payment",
    "INV-P2": "payments_refund",
    "INV-P3": "invoicing_invoice",
    "INV-P4": "charging_charge",
    "INV-P5": "billing_recurringrun",
    "INV-P9": "charging_givenback",
    "INV-B1": "banking_statementline",
    "INV-B2": "banking_match",
    "INV-B3": "banking_statement",
    "INV-B4": "banking_statement",
    "INV-B5": "banking_match",
    "INV-C1": "invoicing_creditallocation",
    "INV-C2": "invoicing_writeoff",
    "INV-C3": "invoicing_deduction",
    "INV-C6": "invoicing_discount",
    "INV-E1": "invoicing_issueddocument",
    "INV-E2": "edges_idempotency",
    "INV-U1": "invoicing_issueddocument",
    "INV-A1": "workflow_approval",
    "INV-G1": "ledger_entry",
    "INV-G2": "ledger_posting",
    "INV-G3": "ledger_posting",
    "INV-G4": "ledger_period",
    "INV-G5": "ledger_posting",
    "INV-G6": "ledger_entry",
    "INV-E3": "webhooks_delivery",
    "INV-O1": "sepa_item",
    "INV-O2": "sepa_item",
    "INV-D1": "dunning_reminded",
    "INV-D2": "dunning_reminded",
    "INV-D3": "dunning_dispute",
    "INV-X1": "exchange_judgement",
    "INV-J1": "channels_transmission",
    "INV-V1": "verifactu_record",
    "INV-V2": "verifactu_record",
    "INV-S1": "bills_bill",
    "INV-S2": "bills_bill",
    "INV-S3": "bills_billcredit",
    "INV-S4": "bills_bill",
    "INV-S5": "bills_bill",
    "INV-S6": "payments_disbursement",
    "INV-S7": "intake_receiveddocument",
}
MOST_TOLD = 1_000  # breaches of one invariant; more say nothing new


@dataclass(slots=True)
class Proof:
    """One invariant: how many rows were looked at, and which of them break it."""

    invariant: str
    title: str
    checked: int
    breaches: list[Breach] = field(default_factory=list)
    seconds: Any = 0

    @property
    def holds(self) -> bool:
        """Whether nothing breaks it."""
        return not self.breaches


def invariants() -> list[tuple[str, str]]:
    """(invariant, what holds) of everything that `verify` proves, in its order."""
    return [
        *((one, title) for one, title, _ in statements()),
        *papers.invariants(),
        *(walls.REFERENCES, walls.SECURITY, walls.RIGHTS, SEALS, FILES),
    ]


def statements() -> tuple[tuple[str, str, str], ...]:
    """The proofs in SQL."""
    books = (*invoicing.proofs(), *workflow.proofs(), *payments.proofs(), *ledger.proofs())
    books = (*books, *charging.proofs(), *sepa.proofs())
    flows = (*billing.proofs(), *banking.proofs(), *exchange.proofs())
    owed = (*bills.proofs(), *intake.proofs())
    return (*books, *flows, *owed, *of_offices(), REPEATS)


def of_offices() -> tuple[tuple[str, str, str], ...]:
    """The proofs of neighbours, which are known by their door only."""
    rooms = [app.name for app in apps.get_app_configs() if app.name.startswith("guilder.office.")]
    doors = [importlib.import_module(f"{room}.queries") for room in sorted(rooms)]
    return tuple(proof for door in doors for proof in getattr(door, "proofs", tuple)())


def verify(
    *,
    organization_id: UUID | None = None,
    connection: psycopg.Connection[Any] | None = None,
    progress: Callable[[], Any] = lambda: None,
) -> Iterator[Proof]:
    """Prove every invariant, of all organizations or of one; each proof as soon as it is done.

    `connection` is the owner's by default; it must see the rows of all organizations, else they are
    visited one by one. What SQL proves is proved on one snapshot. `progress` is called after each.
    """
    own = connection or owner_connection()
    for proof in proofs(own, organization_id):
        progress()
        yield proof


def proofs(own: psycopg.Connection[Any], organization_id: UUID | None) -> Iterator[Proof]:
    """Each proof in turn."""
    role = connections["default"].settings_dict["USER"]
    scopes = scopes_of(own, organization_id)
    with snapshot(own):
        for one in statements():
            yield timed(one[:2], lambda one=one: in_scopes(own, scopes, prove_sql, one))
        began = perf_counter()
        count, found = in_scopes(own, scopes, prove_papers)
        spent = (perf_counter() - began) / len(papers.invariants())
        for invariant, title in papers.invariants():
            mine = [breach for breach in found if breach.invariant == invariant]
            yield Proof(invariant, title, count, mine[:MOST_TOLD], round(spent, 3))
        yield timed(walls.REFERENCES, lambda: in_scopes(own, scopes, prove_references))
        yield timed(walls.SECURITY, lambda: walls.prove_security(own, role=role))
        yield timed(walls.RIGHTS, lambda: walls.prove_rights(own, role=role))
    chosen = organizations(organization_id)
    yield timed(SEALS, lambda: prove_seals(chosen))
    yield timed(FILES, lambda: prove_files(chosen))


def timed(invariant: tuple[str, ...], prove: Callable[[], tuple[int, list[Breach]]]) -> Proof:
    """A proof with the time that it took."""
    began = perf_counter()
    count, found = prove()
    return Proof(
        invariant[0], invariant[1], count, found[:MOST_TOLD], round(perf_counter() - began, 3)
    )


def owner_connection() -> psycopg.Connection[Any]:
    """Django's connection as the owner."""
    connections["owner"].ensure_connection()
    return connections["owner"].connection


def organizations(organization_id: UUID | None) -> list[UUID]:
    """The organizations that are meant."""
    if organization_id is not None:
        return [organization_id]
    return list(identities.organizations().values_list("id", flat=True))


def scopes_of(own: psycopg.Connection[Any], organization_id: UUID | None) -> list[UUID | None]:
    """[None] where the role sees all rows at once, else each organization apart."""
    row = own.execute(
        "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
    ).fetchone()
    if row is not None and row[0]:
        return [organization_id]
    return list(organizations(organization_id))


@contextmanager
def snapshot(own: psycopg.Connection[Any]) -> Iterator[None]:
    """One state of the database for all that is read; a transaction that is open already stays."""
    if own.info.transaction_status != psycopg.pq.TransactionStatus.IDLE:
        yield
        return
    with own.transaction():
        own.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def in_scopes(
    own: psycopg.Connection[Any],
    scopes: list[UUID | None],
    prove: Callable[..., tuple[int, list[Breach]]],
    *given: Any,
) -> tuple[int, list[Breach]]:
    """The sum of a proof over organizations, each made current (a role that sees all need not)."""
    total, found = 0, list[Breach]()
    for scope in scopes:
        if scope is not None:
            own.execute("SELECT set_config('guilder.organization', %s, true)", [str(scope)])
        count, breaches = prove(own, *given, organization_id=scope)
        total, found = total + count, found + breaches
    return total, found


def prove_sql(
    own: psycopg.Connection[Any],
    proof: tuple[str, str, str],
    *,
    organization_id: UUID | None,
) -> tuple[int, list[Breach]]:
    """Run one proof of a room, and count what it looks at."""
    invariant, _, statement = proof
    of = sql.SQL("")
    if organization_id is not None:
        of = sql.SQL("WHERE organization_id = {}").format(sql.Literal(organization_id))
    whole = sql.SQL("SELECT * FROM ({}) AS found(organization_id, row_id, fault) {}").format(
        sql.SQL(statement),  # type: ignore[arg-type]  (our own constants)
        of,
    )
    rows = own.execute(whole).fetchall()
    count = own.execute(
        sql.SQL("SELECT count(*) FROM {} {}").format(sql.Identifier(LOOKS_AT[invariant]), of)
    ).fetchone()
    return count[0] if count else 0, [Breach(invariant, *row) for row in rows]


def prove_papers(
    own: psycopg.Connection[Any], *, organization_id: UUID | None
) -> tuple[int, list[Breach]]:
    """The proofs that read the papers."""
    return papers.prove_papers(own, organization_id=organization_id)


def prove_references(
    own: psycopg.Connection[Any], *, organization_id: UUID | None
) -> tuple[int, list[Breach]]:
    """The proof of the references."""
    return walls.prove_references(own, organization_id=organization_id)


def prove_seals(chosen: list[UUID]) -> tuple[int, list[Breach]]:
    """The audit trail of each organization."""
    found = [
        Breach(
            SEALS[0],
            organization_id,
            one.entry_id,
            f"{one.what}{f' (seal {one.seal})' if one.seal is not None else ''}",
        )
        for organization_id in chosen
        for one in audit.breaches(organization_id)
    ]
    return len(chosen), found


def prove_files(chosen: list[UUID]) -> tuple[int, list[Breach]]:
    """The files of each organization; the count is that of the organizations looked at."""
    found = [
        Breach(FILES[0], organization_id, file_id, fault)
        for organization_id in chosen
        for file_id, fault in files.damaged(organization_id)
    ]
    return len(chosen), found
