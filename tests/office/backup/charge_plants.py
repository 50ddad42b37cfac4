"""A small life of a charge, and a breach of each of its invariants."""

from typing import Any
from uuid import UUID

from tests import make
from tests.office.backup.planting import Connection, Planted, Scene, breaks, one


def make_charge_scene(by: Any) -> None:
    """A charge that succeeded with its fee, of which a part was given back and the rest lost."""
    from guilder.books.charging import operations
    from guilder.books.charging.gateways.base import Back, Contest, Report
    from guilder.kernel.money import Money
    from tests.books.charging import making

    charge = making.charge(by, make.issued_invoice(by), making.gateway(by))
    report = Report(
        state="succeeded",
        fee=Money.of("2.19", "EUR"),
        backs=[Back(provider_id="re_1", amount=Money.of("19.00", "EUR"))],
        chargebacks=[Contest(provider_id="dp_1", amount=Money.of("100.00", "EUR"), stage="lost")],
    )
    operations.apply(charge.id, report, by=by, at=make.NOW)


def charge(connection: Connection, scene: Scene) -> UUID:
    """The charge of the scene."""
    found = "SELECT id FROM charging_charge WHERE organization_id = %s"
    return one(connection, found, scene.organization)


@breaks("INV-P4")
def the_payment_of_a_charge_is_of_another_amount(connection: Connection, scene: Scene) -> Planted:
    wrong = charge(connection, scene)
    connection.execute("ALTER TABLE charging_charge DISABLE TRIGGER charge_guard")
    connection.execute("UPDATE charging_charge SET amount = amount + 1 WHERE id = %s", [wrong])
    connection.execute("ALTER TABLE charging_charge ENABLE TRIGGER charge_guard")
    return {wrong}


@breaks("INV-P9")
def more_was_given_back_than_was_charged(connection: Connection, scene: Scene) -> Planted:
    wrong = charge(connection, scene)
    connection.execute(
        "UPDATE charging_givenback SET amount = amount + 20000 WHERE charge_id = %s", [wrong]
    )
    return {wrong}
