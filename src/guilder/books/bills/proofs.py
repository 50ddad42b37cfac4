"""What always holds of bills, as SQL that finds what breaks it.

Each statement gives (organization_id, row id, what is wrong); run as the owner it looks at all
organizations, as the app's role at the one that is set.
"""

PROOFS: tuple[tuple[str, str, str], ...] = (
    (
        "INV-S1",
        "The lines and taxes of each bill add up to what it asks for",
        """
        SELECT b.organization_id, b.id, b.number || ': its lines are not its net' AS fault
        FROM bills_bill b
        LEFT JOIN (SELECT organization_id, bill_id, sum(net_amount) AS net FROM bills_billline
                   GROUP BY 1, 2) l
          ON l.organization_id = b.organization_id AND l.bill_id = b.id
        WHERE coalesce(l.net, 0) <> b.net_amount
        UNION ALL
        SELECT b.organization_id, b.id, b.number || ': its taxes are not its tax'
        FROM bills_bill b
        LEFT JOIN (SELECT organization_id, bill_id, sum(tax_amount) AS tax FROM bills_billtax
                   GROUP BY 1, 2) t
          ON t.organization_id = b.organization_id AND t.bill_id = b.id
        WHERE coalesce(t.tax, 0) <> b.tax_amount
        """,
    ),
    (
        "INV-S2",
        "Each booked bill stands in the ledger once with what it asks for, and each cancelled one"
        " not at all",
        """
        SELECT b.organization_id, b.id, b.number || ': the ledger has another amount' AS fault
        FROM bills_bill b
        LEFT JOIN (
          SELECT e.organization_id, e.source_id, sum(p.amount) AS amount, sum(p.base_amount) AS base
          FROM ledger_entry e
          JOIN ledger_posting p ON p.organization_id = e.organization_id AND p.entry_id = e.id
          JOIN ledger_account a ON a.organization_id = p.organization_id AND a.id = p.account_id
          WHERE e.source IN ('bill.book', 'bill.cancel') AND a.role = 'payables'
          GROUP BY 1, 2) s ON s.organization_id = b.organization_id AND s.source_id = b.id
        WHERE coalesce(s.amount, 0) <> CASE WHEN b.status <> 'booked' THEN 0
            WHEN b.kind = 'bill' THEN -b.payable_amount ELSE b.payable_amount END
          OR coalesce(s.base, 0) <> CASE WHEN b.status <> 'booked' THEN 0
            WHEN b.kind = 'bill' THEN -b.base_payable_amount ELSE b.base_payable_amount END
        """,
    ),
    (
        "INV-S3",
        "What credit notes paid of bills adds up on both sides, for one supplier and currency",
        """
        SELECT b.organization_id, b.id, b.number || ': credits do not add up to its column' AS fault
        FROM bills_bill b
        LEFT JOIN (SELECT organization_id, bill_id, sum(amount) AS amount FROM bills_billcredit
                   WHERE is_active GROUP BY 1, 2) c
          ON c.organization_id = b.organization_id AND c.bill_id = b.id
        LEFT JOIN (SELECT organization_id, credit_note_id, sum(amount) AS amount
                   FROM bills_billcredit WHERE is_active GROUP BY 1, 2) n
          ON n.organization_id = b.organization_id AND n.credit_note_id = b.id
        WHERE b.credited_amount <> coalesce(c.amount, 0) + coalesce(n.amount, 0)
          OR (b.kind = 'bill' AND n.amount IS NOT NULL)
          OR (b.kind = 'credit_note' AND c.amount IS NOT NULL)
        UNION ALL
        SELECT c.organization_id, c.id, 'a credit applied across suppliers or currencies'
        FROM bills_billcredit c
        JOIN bills_bill b ON b.organization_id = c.organization_id AND b.id = c.bill_id
        JOIN bills_bill n ON n.organization_id = c.organization_id AND n.id = c.credit_note_id
        WHERE c.is_active AND (b.partner_id <> n.partner_id OR b.currency <> n.currency)
        """,
    ),
    (
        "INV-S4",
        "No two bills that count have the same number of one supplier, or the same paper",
        """
        SELECT organization_id, (array_agg(id ORDER BY id))[2], min(number) || ' counts twice'
          AS fault
        FROM bills_bill WHERE status <> 'cancelled'
        GROUP BY organization_id, partner_id, number_key, kind HAVING count(*) > 1
        UNION ALL
        SELECT organization_id, (array_agg(id ORDER BY id))[2], 'one paper counts twice'
        FROM bills_bill WHERE status <> 'cancelled' AND sha256 <> ''
        GROUP BY organization_id, sha256, place HAVING count(*) > 1
        """,
    ),
    (
        "INV-S5",
        "Payables in the ledger are the sum of open bills less open credit notes of suppliers, in"
        " each currency and in the base currency",
        """
        WITH due AS (
          SELECT organization_id, currency,
            CASE WHEN kind = 'bill' THEN -1 ELSE 1 END AS sign, payable_amount,
            allocated_amount + credited_amount AS cleared, base_payable_amount
          FROM bills_bill WHERE status = 'booked' AND payable_amount > 0
        ), owed AS (
          SELECT organization_id, currency, sum(sign * (payable_amount - cleared)) AS amount,
            sum(sign * (base_payable_amount
              - round(base_payable_amount::numeric * cleared / payable_amount))) AS base
          FROM due GROUP BY 1, 2
        ), booked AS (
          SELECT p.organization_id, p.currency, sum(p.amount) AS amount, sum(p.base_amount) AS base
          FROM ledger_posting p
          JOIN ledger_account a ON a.organization_id = p.organization_id AND a.id = p.account_id
          WHERE a.role = 'payables'
          GROUP BY 1, 2
        )
        SELECT coalesce(o.organization_id, b.organization_id),
          (SELECT x.id FROM ledger_account x WHERE x.role = 'payables'
             AND x.organization_id = coalesce(o.organization_id, b.organization_id)),
          'payables in ' || coalesce(o.currency, b.currency) || ': ' || coalesce(o.amount, 0)
            || ' (' || coalesce(o.base, 0) || ' base) open, ' || coalesce(b.amount, 0) || ' ('
            || coalesce(b.base, 0) || ' base) booked' AS fault
        FROM owed o
        FULL JOIN booked b ON b.organization_id = o.organization_id AND b.currency = o.currency
        WHERE coalesce(o.amount, 0) <> coalesce(b.amount, 0)
          OR coalesce(o.base, 0) <> coalesce(b.base, 0)
        """,
    ),
)
