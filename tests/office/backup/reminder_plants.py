"""Breaches of what always holds of reminders and disputes."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from tests import make
from tests.office.backup.planting import Connection, Planted, Scene, breaks, one

ON = date(2026, 6, 6)


def make_reminder_scene(by: Any) -> None:
    """An invoice that was reminded of, and one that is disputed."""
    from guilder.office.dunning import operations as dunning
    from tests.office.dunning.reminding import due_invoice, ladder

    ladder(by)
    at = datetime(2026, 6, 6, 10, tzinfo=UTC)
    world = make.client(by)
    late = due_invoice(by, date(2026, 6, 1), client_id=world.id)
    dunning.remind([late.id], by=by, on=ON, at=at)
    other = due_invoice(by, date(2026, 6, 1), client_id=world.id)
    about = {"invoice": str(other.id), "category": "price"}
    dunning.open_dispute(by=by, data=about, at=at, today=ON)


def reminded(connection: Connection, scene: Scene) -> UUID:
    """The invoice in the letter."""
    return one(
        connection,
        "SELECT id FROM dunning_reminded WHERE organization_id = %s LIMIT 1",
        scene.organization,
    )


@breaks("INV-D1")
def a_letter_asks_for_more_than_is_open(connection: Connection, scene: Scene) -> Planted:
    return {
        one(
            connection,
            "UPDATE dunning_reminder SET open_amount = open_amount + 1"
            " WHERE organization_id = %s RETURNING id",
            scene.organization,
        )
    }


@breaks("INV-D1")
def a_later_letter_has_an_earlier_step(connection: Connection, scene: Scene) -> Planted:
    row = reminded(connection, scene)
    return {
        one(
            connection,
            "WITH letter AS (INSERT INTO dunning_reminder SELECT (jsonb_populate_record(r,"
            " jsonb_build_object('id', 'ffffffff-0000-7000-8000-000000000001'::uuid,"
            " 'level', 0))).* FROM dunning_reminder r JOIN dunning_reminded d"
            " ON d.reminder_id = r.id WHERE d.id = %s RETURNING id)"
            " INSERT INTO dunning_reminded SELECT (jsonb_populate_record(d, jsonb_build_object("
            "'id', 'ffffffff-0000-7000-8000-000000000002'::uuid, 'level', 0,"
            " 'reminder_id', letter.id))).* FROM dunning_reminded d, letter WHERE d.id = %s"
            " RETURNING id",
            row,
            row,
        )
    }


@breaks("INV-D2")
def a_client_was_reminded_while_it_rested(connection: Connection, scene: Scene) -> Planted:
    row = reminded(connection, scene)
    connection.execute(
        "INSERT INTO dunning_hold (id, organization_id, partner_id, kind, reason, created_at)"
        " SELECT 'ffffffff-0000-7000-8000-000000000003', r.organization_id, r.partner_id,"
        " 'pause', '', r.created_at - interval '1 day' FROM dunning_reminder r"
        " JOIN dunning_reminded d ON d.reminder_id = r.id WHERE d.id = %s",
        [row],
    )
    return {row}


@breaks("INV-D3")
def a_disputed_invoice_loses_its_mark(connection: Connection, scene: Scene) -> Planted:
    dispute = one(
        connection,
        "SELECT id FROM dunning_dispute WHERE organization_id = %s",
        scene.organization,
    )
    connection.execute(
        "UPDATE invoicing_invoice SET disputed_at = NULL WHERE id ="
        " (SELECT invoice_id FROM dunning_dispute WHERE id = %s)",
        [dispute],
    )
    return {dispute}
