"""Making the demo organization large: rows multiplied by sets, as its own rooms would have them."""

# ruff: noqa: E501
import math
from typing import Any
from uuid import UUID

import psycopg

# An id as the rooms make them (UUIDv7): its instant, then a hash of what it numbers.
ID = """(lpad(to_hex({ms}::bigint), 12, '0') || '7' || substr(md5({salt} || {n}), 1, 3)
  || '8' || substr(md5({salt} || {n}), 4, 15))::uuid"""
START = 1_640_995_200_000  # 2022-01-01, long before the demo's own rows
DAY = 86_400_000


def grow(owner: psycopg.Connection, organization_id: UUID, *, count: int) -> None:
    """Bring the organization to `count` invoices, a client for each hundred, a payment for each
    invoice that is paid. What is there already stays."""
    owner.execute("SET session_replication_role = replica")
    owner.execute("SET maintenance_work_mem = '256MB'")
    values = {"organization": organization_id}
    have = one(
        owner,
        "SELECT count(*) FROM invoicing_invoice WHERE organization_id = %(organization)s",
        values,
    )
    if have < count:
        clients(owner, organization_id, least=math.ceil(count / 100))
        invoices(owner, organization_id, first=have + 1, last=count)
    owner.execute("ANALYZE invoicing_invoice, payments_allocation, payments_payment")
    paid(owner, organization_id)
    owner.execute(
        "VACUUM ANALYZE invoicing_invoice, payments_payment, payments_allocation, parties_partner, parties_partnership, parties_partneraddress"
    )


def one(owner: psycopg.Connection, sql: str, values: dict[str, Any]) -> Any:
    """The one value of a query."""
    row = owner.execute(sql, values).fetchone()
    return row[0] if row else None


def copies(
    owner: psycopg.Connection,
    table: str,
    changes: dict[str, str],
    source: str,
    values: dict[str, Any],
) -> None:
    """INSERT … SELECT of a template row `t` with some columns made anew from `source`."""
    names = [
        row[0]
        for row in owner.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s"
            " AND table_schema = 'public' AND is_generated = 'NEVER' ORDER BY ordinal_position",
            [table],
        )
    ]
    chosen = ", ".join(changes.get(name, f't."{name}"') for name in names)
    columns = ", ".join(f'"{name}"' for name in names)
    owner.execute(f"INSERT INTO {table} ({columns}) SELECT {chosen} {source}", values)


def clients(owner: psycopg.Connection, organization_id: UUID, *, least: int) -> None:
    """Clients until there are `least`, each with its partnership and billing address."""
    values = {"organization": organization_id, "least": least, "start": START - DAY}
    values["have"] = one(
        owner,
        "SELECT count(*) FROM parties_partnership WHERE organization_id = %(organization)s AND side = 'customer'",
        values,
    )
    new = ID.format(ms="%(start)s + n", salt="'partner'", n="n")
    series = "generate_series(%(have)s + 1, %(least)s) AS n"
    template = "(SELECT x.* FROM {table} x JOIN parties_partnership s ON s.organization_id = x.organization_id AND s.partner_id = x.{key} AND s.side = 'customer' WHERE x.organization_id = %(organization)s {more} LIMIT 1) AS t"
    copies(
        owner,
        "parties_partner",
        {
            "id": new,
            "code": "'X-' || n",
            "name": "(ARRAY['Nordlicht', 'Öresund', 'Hafen', 'Alpen', 'Kestrel', 'Ticino', 'Brasa', 'Baltic'])[1 + n %% 8] || ' ' || (ARRAY['Studio', 'Klinik', 'Hotel', 'Robotics', 'Timber', 'Books', 'Ports'])[1 + n %% 7] || ' ' || n",
            "email": "'client' || n || '@example.test'",
            "archived_at": "NULL::timestamptz",
        },
        f"FROM {series}, {template.format(table='parties_partner', key='id', more='')}",
        values,
    )
    for table, more in (
        ("parties_partnership", "AND x.side = 'customer'"),
        ("parties_partneraddress", "AND x.use = 'billing'"),
    ):
        copies(
            owner,
            table,
            {
                "id": ID.format(ms="%(start)s + n", salt=f"'{table}'", n="n"),
                "partner_id": new,
            },
            f"FROM {series}, {template.format(table=table, key='partner_id', more=more)}",
            values,
        )


def invoices(owner: psycopg.Connection, organization_id: UUID, *, first: int, last: int) -> None:
    """Issued invoices over four years before now: the newest tenth may be open, older ones are
    paid but for a few; four currencies; now and then credited, written off or disputed."""
    values = {"organization": organization_id, "first": first, "last": last, "start": START}
    ms = "(%(start)s + (n::float8 / %(last)s * 1700 * 86400000)::bigint)"
    day = "(timestamp '2022-01-01' + (n::float8 / %(last)s * 1700) * interval '1 day')::date"
    gross = "(5000 + abs(hashint4(n)) %% 2000000)::bigint"
    state = "(CASE WHEN n > %(last)s * 0.9 AND n %% 3 <> 0 THEN 'open' WHEN n %% 97 = 0 THEN 'open' WHEN n %% 499 = 0 THEN 'written_off' WHEN n %% 251 = 0 THEN 'credited' WHEN n > %(last)s * 0.9 AND n %% 7 = 0 THEN 'part' ELSE 'paid' END)"
    left = f"(CASE {state} WHEN 'open' THEN {gross} WHEN 'part' THEN {gross} - 1000 ELSE 0 END)"
    done = f"(CASE {state} WHEN 'paid' THEN {gross} WHEN 'part' THEN 1000 ELSE 0 END)"
    changes = {
        "id": ID.format(ms=ms, salt="'invoice'", n="n"),
        "kind": "CASE WHEN n %% 211 = 0 THEN 'credit_note' ELSE 'invoice' END",
        "draft_reference": "'DX-' || n", "number": "'INV-X-' || lpad(n::text, 8, '0')", "sequence": "n",
        "period": "'x'", "issued_on": day, "due_on": f"{day} + 30",
        "partner_id": "p.ids[1 + abs(hashint4(n * 31)) %% array_length(p.ids, 1)]",
        "currency": "(ARRAY['EUR','EUR','EUR','EUR','EUR','EUR','EUR','CHF','GBP','SEK'])[1 + n %% 10]",
        "gross_amount": gross, "due_amount": gross, "payable_amount": gross, "net_amount": f"{gross} - {gross} / 6", "tax_amount": f"{gross} / 6",
        "prior_amount": "0", "open_amount": left, "allocated_amount": done,
        "credited_amount": f"CASE {state} WHEN 'credited' THEN {gross} ELSE 0 END",
        "written_off_amount": f"CASE {state} WHEN 'written_off' THEN {gross} ELSE 0 END",
        "settled_on": f"CASE WHEN {left} = 0 THEN {day} + n %% 45 END",
        "sent_at": f"CASE WHEN n %% 5 > 0 THEN {day}::timestamptz END", "viewed_at": f"CASE WHEN n %% 4 = 0 THEN {day}::timestamptz END",
        "disputed_at": "CASE WHEN n %% 1999 = 0 THEN now() END", "quote_id": "NULL::uuid", "corrects_id": "NULL::uuid",
        "created_at": f"to_timestamp({ms} / 1000.0)", "updated_at": f"to_timestamp({ms} / 1000.0)",
    }  # fmt: skip
    source = """FROM (SELECT array_agg(s.partner_id) AS ids FROM parties_partnership s
        WHERE s.organization_id = %(organization)s AND s.side = 'customer') AS p,
      (SELECT * FROM invoicing_invoice WHERE organization_id = %(organization)s
        AND status = 'issued' AND kind = 'invoice' LIMIT 1) AS t,
      generate_series(%(first)s, %(last)s) AS n"""
    copies(owner, "invoicing_invoice", changes, source, values)


def paid(owner: psycopg.Connection, organization_id: UUID) -> None:
    """A payment with its allocation for each invoice that has one allocated and no row of it."""
    values = {"organization": organization_id}
    source = """FROM (SELECT i.*, row_number() OVER () AS n FROM invoicing_invoice i
        WHERE i.organization_id = %(organization)s AND i.allocated_amount > 0 AND i.period = 'x'
        AND NOT EXISTS (SELECT FROM payments_allocation a WHERE a.organization_id = i.organization_id
          AND a.invoice_id = i.id)) AS i,
      (SELECT * FROM {table} WHERE organization_id = %(organization)s {more} LIMIT 1) AS t"""
    # The payment has its invoice's id but for one digit, so that the allocation finds it.
    twin = "(overlay(i.id::text placing '9' from 20 for 1))::uuid"
    copies(owner, "payments_payment", {
        "id": twin, "partner_id": "i.partner_id", "amount": "i.allocated_amount", "base_amount": "i.allocated_amount",
        "currency": "i.currency", "received_on": "coalesce(i.settled_on, i.issued_on + 20)", "unallocated_amount": "CASE WHEN hashtext(i.number) %% 400 = 0 THEN 100 ELSE 0 END",
        "reference": "i.number", "reversed_on": "NULL::date", "reversed_reason": "''", "created_at": "i.created_at", "updated_at": "i.updated_at",
    }, source.format(table="payments_payment", more="AND reversed_on IS NULL"), values)  # fmt: skip
    copies(owner, "payments_allocation", {
        "id": twin, "payment_id": twin, "invoice_id": "i.id", "amount": "i.allocated_amount",
        "base_amount": "i.allocated_amount", "payment_base_amount": "i.allocated_amount", "allocated_on": "coalesce(i.settled_on, i.issued_on + 20)",
        "is_active": "true", "reversed_on": "NULL::date",
    }, source.format(table="payments_allocation", more="AND is_active"), values)  # fmt: skip


def searchable(owner: psycopg.Connection, organization_id: UUID) -> None:
    """The search's entries of the rows that were made here, as its own room writes them."""
    values = {"organization": organization_id}
    owner.execute(
        """
        INSERT INTO search_entry (id, kind, title, subtitle, text, key, tail, amount, payable, currency,
          dated_on, partner_id, owner_id, is_archived, organization_id)
        SELECT i.id, i.kind, i.number, p.name,
          lower('inv x ' || substr(i.number, 7) || ' ' || p.name || ' invx' || substr(i.number, 7)),
          'invx' || substr(i.number, 7), i.sequence::text, i.gross_amount, NULL, i.currency,
          i.issued_on, i.partner_id, i.created_by_id, false, i.organization_id
        FROM invoicing_invoice i JOIN parties_partner p
          ON p.organization_id = i.organization_id AND p.id = i.partner_id
        WHERE i.organization_id = %(organization)s AND i.period = 'x' ON CONFLICT DO NOTHING""",
        values,
    )
    owner.execute(
        """
        WITH fresh AS (
          INSERT INTO search_entry (id, kind, title, subtitle, text, key, tail, amount, payable, currency,
            dated_on, partner_id, owner_id, is_archived, organization_id)
          SELECT m.id, 'payment', p.name, m.reference, lower(p.name || ' ' || m.reference), '', '',
            m.amount, NULL, m.currency, m.received_on, m.partner_id, m.created_by_id, false,
            m.organization_id
          FROM payments_payment m JOIN parties_partner p
            ON p.organization_id = m.organization_id AND p.id = m.partner_id
          WHERE m.organization_id = %(organization)s AND m.reference LIKE 'INV-X-%%'
          ON CONFLICT DO NOTHING RETURNING id, organization_id, subtitle)
        INSERT INTO search_word (id, word, entry_id, organization_id)
        SELECT gen_random_uuid(), w.word, f.id, f.organization_id FROM fresh f,
          unnest(ARRAY['inv', 'x', substr(f.subtitle, 7), 'invx' || substr(f.subtitle, 7)]) AS w (word)
        """,
        values,
    )
