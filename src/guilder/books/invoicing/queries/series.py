"""The report that shows that a series has no gap."""

from dataclasses import dataclass
from uuid import UUID

from guilder.foundation.tenancy.hot import cursor
from guilder.foundation.tenancy.transaction import transaction
from guilder.kernel.actor import Actor

REPORT = """
SELECT s.id, s.code, d.period, s.start_at, min(d.sequence), max(d.sequence), count(*),
  (SELECT coalesce(array_agg(n ORDER BY n), '{}') FROM (
    SELECT n FROM generate_series(s.start_at, max(d.sequence)) AS n
    EXCEPT SELECT x.sequence FROM invoicing_issueddocument x
    WHERE x.organization_id = s.organization_id AND x.series_id = s.id AND x.period = d.period
    ORDER BY 1 LIMIT 100) AS missing)
FROM numbering_series s
JOIN invoicing_issueddocument d ON d.organization_id = s.organization_id AND d.series_id = s.id
WHERE s.organization_id = %(organization)s
GROUP BY s.organization_id, s.id, d.period
ORDER BY s.code, d.period
"""


@dataclass(frozen=True, slots=True)
class Gap:
    """One series in one period: its numbers, and those that are missing (at most 100)."""

    series_id: UUID
    code: str
    period: str
    start_at: int
    first: int
    last: int
    count: int
    missing: list[int]


def gap_report(*, by: Actor) -> list[Gap]:
    """Every series and period that has numbers; `missing` is empty where all is well."""
    by.require("series.view")
    with transaction(by.organization_id):
        rows = cursor().execute(REPORT, {"organization": by.organization_id}).fetchall()
    return [Gap(*row) for row in rows]
