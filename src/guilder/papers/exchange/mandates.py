"""Where the law wants e-invoices, from when on and by which act: data, each row with a source."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "mandates.json"
# Member states, for what holds in all of them.
UNION = frozenset(
    {"AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU"}
    | {"IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"}
)
UNION_CODE = "EU"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mandate:
    """One duty: `what` is domestic, government, receive, send_large, send_all or intra_eu."""

    country: str
    starts_on: date
    what: str
    channel: str
    formats: tuple[str, ...]
    source: str
    url: str

    def concerns(self, *, seller: str, buyer: str) -> bool:
        """Whether it may concern an invoice from one country to another."""
        if self.what == "intra_eu":
            return seller != buyer and {seller, buyer} <= UNION
        if self.country == UNION_CODE:
            return buyer in UNION and seller in UNION
        return self.country == buyer == seller or (
            self.what == "government" and self.country == buyer
        )


@cache
def all_mandates() -> tuple[Mandate, ...]:
    """Every duty that is known, the oldest first."""
    rows = json.loads(DATA.read_text(encoding="utf-8"))
    found = (
        Mandate(
            **{
                **row,
                "starts_on": date.fromisoformat(row["starts_on"]),
                "formats": tuple(row["formats"]),
            }
        )
        for row in rows
    )
    return tuple(sorted(found, key=lambda one: (one.starts_on, one.country, one.what)))


def concerning(*, seller: str, buyers: Iterable[str]) -> tuple[Mandate, ...]:
    """The duties that may concern invoices of a seller to clients in these countries."""
    wanted = set(buyers)
    return tuple(
        one
        for one in all_mandates()
        if any(one.concerns(seller=seller, buyer=buyer) for buyer in wanted)
    )
