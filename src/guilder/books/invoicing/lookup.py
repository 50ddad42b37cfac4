"""What the registers say of a client and the tax codes of a day, in one journey."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import UUID

import msgspec

from guilder.foundation.tenancy.hot import cursor
from guilder.registers.parties import queries as parties
from guilder.registers.parties.queries import InvoicingContext
from guilder.registers.tax import queries as tax

PARTS_AS_TEXT = ("seller", "partner", "agreed", "addresses", "contacts", "tax_ids")
SIDES_COLUMNS = "c.base_currency, c.time_zone, c.language, c.tax_rounding, c.country, " + ", ".join(
    f"c.{name}::text" for name in PARTS_AS_TEXT
)
SIDES = """
SELECT {columns}, d.on, (SELECT jsonb_agg(jsonb_build_array(t.code, t.category, t.exemption_code,
  t.exemption_reason, t.percent::text, t.id) ORDER BY t.code)::text FROM ({codes}) AS t)
FROM ({context}) AS c,
  LATERAL (SELECT (%(at)s::timestamptz AT TIME ZONE c.time_zone)::date AS on) AS d
""".replace("{columns}", SIDES_COLUMNS)
SIDES = SIDES.replace("{context}", parties.CONTEXT).replace(
    "{codes}", tax.CODES_ON.replace("%(on)s", "d.on")
)


@dataclass(slots=True)
class Lookup:
    """What the registers say, kept for the length of one operation or one bulk run."""

    organization_id: UUID
    contexts: dict[UUID, InvoicingContext] = field(default_factory=dict)
    tables: dict[date, tax.TaxTable] = field(default_factory=dict)

    def context(self, client_id: UUID, *, at: datetime) -> InvoicingContext:
        """Both sides of a document for one client, and the tax codes of today, in one journey."""
        found = self.contexts.get(client_id)
        if found is None:
            found, on, table = sides(self.organization_id, client_id, at=at)
            self.contexts[client_id] = found
            self.tables.setdefault(on, table)
        return found

    def table(self, on: date) -> tax.TaxTable:
        """The tax codes with the rates of a day."""
        found = self.tables.get(on)
        if found is None:
            found = self.tables[on] = tax.table_on(self.organization_id, on)
        return found


def sides(
    organization_id: UUID, client_id: UUID, *, at: datetime
) -> tuple[InvoicingContext, date, tax.TaxTable]:
    """The context of a client, what day it is there, and that day's tax codes; NoSuchPartner."""
    row = (
        cursor()
        .execute(
            SIDES, {"organization": organization_id, "partner": client_id, "at": at}, prepare=True
        )
        .fetchone()
    )
    if row is None:
        raise parties.NoSuchPartner("There is no such client.")
    return context_of(client_id, row[:-2]), row[-2], table_of(row[-1])


# What the registers say is read as text and remembered by that text: the same words mean the same.


@lru_cache(maxsize=2048)
def context_of(client_id: UUID, row: tuple[Any, ...]) -> InvoicingContext:
    """The context in a row of SIDES_COLUMNS."""
    read = [msgspec.json.decode(one) if one is not None else None for one in row[5:]]
    return parties.context_of(client_id, (*row[:5], *read))


@lru_cache(maxsize=512)
def table_of(text: str | None) -> tax.TaxTable:
    """The tax codes in a row of SIDES."""
    rows = msgspec.json.decode(text) if text else []
    return tax.TaxTable(
        [(*row[:4], None if row[4] is None else Decimal(row[4]), UUID(row[5])) for row in rows]
    )
