"""Breaches of what always holds of bank lines."""

from uuid import UUID

from tests.office.backup.planting import Connection, Planted, Scene, breaks, one

LINE = (
    "SELECT l.id FROM banking_statementline l WHERE l.organization_id = %s AND l.state = %s LIMIT 1"
)


def line_of(connection: Connection, scene: Scene, state: str) -> UUID:
    """A line in that state."""
    return one(connection, LINE, scene.organization, state)


@breaks("INV-B1")
def a_share_is_switched_off(connection: Connection, scene: Scene) -> Planted:
    line = line_of(connection, scene, "matched")
    connection.execute(
        "UPDATE banking_match SET is_active = false, undone_at = now() WHERE line_id = %s", [line]
    )
    return {line}


@breaks("INV-B1")
def a_matched_line_waits_again(connection: Connection, scene: Scene) -> Planted:
    line = line_of(connection, scene, "matched")
    connection.execute("UPDATE banking_statementline SET state = 'open' WHERE id = %s", [line])
    return {line}


@breaks("INV-B2")
def a_share_forgets_its_entry(connection: Connection, scene: Scene) -> Planted:
    line = line_of(connection, scene, "matched")
    connection.execute("UPDATE banking_match SET entry_id = NULL WHERE line_id = %s", [line])
    return {line}


@breaks("INV-B3")
def a_line_is_lost(connection: Connection, scene: Scene) -> Planted:
    line = line_of(connection, scene, "open")
    statement = one(
        connection, "SELECT statement_id FROM banking_statementline WHERE id = %s", line
    )
    connection.execute("DELETE FROM banking_statementline WHERE id = %s", [line])
    connection.execute(
        "UPDATE banking_statement SET moved_amount = moved_amount + 500,"
        " opening_amount = opening_amount - 500 WHERE id = %s",
        [statement],
    )
    return {statement}


@breaks("INV-B4")
def a_line_says_another_amount(connection: Connection, scene: Scene) -> Planted:
    line = line_of(connection, scene, "open")
    statement = one(
        connection,
        "UPDATE banking_statementline SET amount = amount - 1 WHERE id = %s RETURNING statement_id",
        line,
    )
    return {statement}


@breaks("INV-B5")
def money_came_back_and_still_stands(connection: Connection, scene: Scene) -> Planted:
    line = line_of(connection, scene, "matched")
    return {
        one(
            connection,
            "UPDATE banking_match SET kind = 'return', refund_id = (SELECT r.id"
            " FROM payments_refund r WHERE r.organization_id = banking_match.organization_id"
            " AND r.status = 'paid' LIMIT 1) WHERE line_id = %s AND is_active RETURNING id",
            line,
        )
    }
