"""Breaches of what always holds of Spanish billing records."""

from uuid import UUID, uuid4

from guilder.kernel import verifactu
from guilder.kernel.money import Money
from guilder.kernel.verifactu import Facts
from tests import make
from tests.office.backup.planting import Connection, Planted, Scene, breaks

RECORD = (
    "INSERT INTO verifactu_record (organization_id, id, position, invoice_id, nif, number,"
    " issued_on, kind, tax, total, previous, generated, fingerprint, xml)"
    " VALUES (%s, %s, %s, %s, %s, 'F1', %s, 'F1', '21.00', %s, %s, %s, %s, %s)"
)
CHAIN = (
    "INSERT INTO verifactu_chain (organization_id, id, is_on, producer, producer_nif, count,"
    " fingerprint, began_at, version) VALUES (%s, %s, true, '', '', %s, %s, now(), 1)"
)
SINCE = (
    "INSERT INTO verifactu_chain (organization_id, id, is_on, producer, producer_nif, count,"
    " fingerprint, began_at, on_since, version)"
    " VALUES (%s, %s, true, '', '', 0, '', now(), '2020-01-01', 1)"
)
NIF, GENERATED = "B58378431", "2026-11-20T11:30:00+01:00"


def planted(
    connection: Connection,
    scene: Scene,
    invoice: UUID,
    *,
    position: int = 1,
    previous: str = "",
    total: str = "121.00",
) -> tuple[UUID, str]:
    """(id, fingerprint) of a record of 121.00, told to be of `total`."""
    facts = Facts(
        nif=NIF,
        number="F1",
        issued_on=make.TODAY,
        kind="F1",
        tax=Money.of("21.00", "EUR"),
        total=Money.of("121.00", "EUR"),
    )
    mark = verifactu.fingerprint(facts, previous=previous, generated=GENERATED)
    made, on = uuid4(), verifactu.day(make.TODAY)
    values = [scene.organization, made, position, invoice, NIF, on, total, previous, GENERATED]
    connection.execute(RECORD, [*values, mark, f"<sf:Huella>{mark}</sf:Huella>"])
    return made, mark


@breaks("INV-V1")
def a_record_says_another_total(connection: Connection, scene: Scene) -> Planted:
    return {planted(connection, scene, scene.paid, total="12.10")[0]}


@breaks("INV-V1")
def a_record_is_gone_from_the_chain(connection: Connection, scene: Scene) -> Planted:
    _, first = planted(connection, scene, scene.paid)
    return {planted(connection, scene, scene.credited, position=3, previous=first)[0]}


@breaks("INV-V1")
def the_head_is_not_the_last_record(connection: Connection, scene: Scene) -> Planted:
    planted(connection, scene, scene.paid)
    chain = uuid4()
    connection.execute(CHAIN, [scene.organization, chain, 1, "A" * 64])
    return {chain}


@breaks("INV-V2")
def a_document_has_no_record_and_nobody_knows_why(connection: Connection, scene: Scene) -> Planted:
    connection.execute(SINCE, [scene.organization, uuid4()])
    connection.execute("DELETE FROM events_pending WHERE subject_id = %s", [scene.paid])
    return {scene.paid}
