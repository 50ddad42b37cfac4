"""What always holds in the ledger, as SQL that finds what breaks it.

Each statement gives (organization_id, row id, what is wrong); run as the owner it looks at all
organizations, as the app's role at the one that is set.
"""

PROOFS: tuple[tuple[str, str, str], ...] = (
    (
        "INV-G1",
        "Every entry has two postings or more and balances per currency and in the base currency",
        """
        SELECT e.organization_id, e.id, 'entry does not balance' AS fault
        FROM ledger_entry e
        LEFT JOIN LATERAL (
          SELECT sum(n) AS n, bool_and(a = 0) AS level, sum(b) AS base FROM (
            SELECT count(*) AS n, sum(p.amount) AS a, sum(p.base_amount) AS b
            FROM ledger_posting p
            WHERE p.organization_id = e.organization_id AND p.entry_id = e.id
            GROUP BY p.currency) c) s ON true
        WHERE coalesce(s.n, 0) <> e.posting_count OR e.posting_count < 2
           OR s.base <> 0 OR NOT s.level
        """,
    ),
    (
        "INV-G2",
        "Postings carry their rate, and in a foreign currency its source",
        """
        SELECT p.organization_id, p.id, 'rate or its source is missing' AS fault
        FROM ledger_posting p
        JOIN ledger_entry e ON e.organization_id = p.organization_id AND e.id = p.entry_id
        WHERE p.rate <= 0
           OR (p.currency = e.base_currency AND (p.rate <> 1 OR p.amount <> p.base_amount))
           OR (p.currency <> e.base_currency AND p.rate_source = '')
        """,
    ),
    (
        "INV-G4",
        "No entry was written into a locked period after it was locked",
        """
        SELECT e.organization_id, e.id, 'written into a locked period' AS fault
        FROM ledger_entry e
        JOIN ledger_period p ON p.organization_id = e.organization_id
          AND e.booked_on BETWEEN p.starts_on AND p.ends_on
        WHERE p.locked_at IS NOT NULL AND e.created_at > p.locked_at
        """,
    ),
    (
        "INV-G5",
        "Postings stand on the day of their entry",
        """
        SELECT p.organization_id, p.id, 'posting and entry differ in their day' AS fault
        FROM ledger_posting p
        JOIN ledger_entry e ON e.organization_id = p.organization_id AND e.id = p.entry_id
        WHERE p.booked_on <> e.booked_on
        """,
    ),
)
