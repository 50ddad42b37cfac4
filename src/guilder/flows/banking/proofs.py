"""What always holds of bank lines, as SQL that finds what breaks it.

Each statement gives (organization_id, row id, what is wrong); run as the owner it looks at all
organizations, as the app's role at the one that is set.
"""

PROOFS: tuple[tuple[str, str, str], ...] = (
    (
        "INV-B1",
        "Each matched bank line is explained to the cent, once, and no other line is",
        """
        SELECT l.organization_id, l.id, 'a line of ' || l.amount || ' is explained by '
          || coalesce(m.amount, 0) AS fault
        FROM banking_statementline l
        LEFT JOIN (SELECT organization_id, line_id, sum(amount) AS amount FROM banking_match
                   WHERE is_active GROUP BY 1, 2) m
          ON m.organization_id = l.organization_id AND m.line_id = l.id
        WHERE (l.state = 'matched' AND coalesce(m.amount, 0) <> l.amount)
          OR (l.state <> 'matched' AND m.amount IS NOT NULL)
        """,
    ),
    (
        "INV-B2",
        "What bank lines moved is booked: the ledger has each share on the account of the bank",
        """
        WITH shares AS (
          SELECT m.organization_id, m.id, m.line_id, m.kind, m.amount, m.payment_id, m.entry_id,
            m.disbursement_id, m.refund_id, b.ledger_account_id
          FROM banking_match m
          JOIN banking_statementline l ON l.organization_id = m.organization_id AND l.id = m.line_id
          JOIN banking_bankaccount b ON b.organization_id = l.organization_id
            AND b.id = l.account_id
          WHERE m.is_active
        ), lines AS (
          SELECT organization_id, line_id, ledger_account_id, sum(amount) AS amount,
            array_agg(DISTINCT entry_id) FILTER (WHERE entry_id IS NOT NULL) AS entries,
            array_agg(DISTINCT payment_id) FILTER (WHERE payment_id IS NOT NULL
              AND kind IN ('invoice', 'recorded')) AS payments,
            array_agg(DISTINCT payment_id) FILTER (WHERE kind = 'return') AS returns,
            array_agg(DISTINCT disbursement_id) FILTER (WHERE kind <> 'return') AS spent,
            array_agg(DISTINCT disbursement_id) FILTER (WHERE kind = 'return') AS unspent,
            array_agg(DISTINCT refund_id) FILTER (WHERE kind <> 'return') AS refunds,
            array_agg(DISTINCT refund_id) FILTER (WHERE kind = 'return') AS unrefunded
          FROM shares GROUP BY 1, 2, 3
        )
        SELECT s.organization_id, s.line_id, 'the ledger has ' || moved.amount
          || ' of a bank line of ' || s.amount AS fault
        FROM lines s
        CROSS JOIN LATERAL (
          SELECT coalesce(sum(p.amount), 0) AS amount
          FROM ledger_entry e
          JOIN ledger_posting p ON p.organization_id = e.organization_id AND p.entry_id = e.id
          WHERE e.organization_id = s.organization_id AND p.account_id = s.ledger_account_id
            AND (e.id = ANY(s.entries)
              OR (e.source = 'payment.record' AND e.source_id = ANY(s.payments))
              OR (e.source = 'payment.reverse' AND e.source_id = ANY(s.returns))
              OR (e.source = 'disbursement.record' AND e.source_id = ANY(s.spent))
              OR (e.source = 'disbursement.reverse' AND e.source_id = ANY(s.unspent))
              OR (e.source = 'refund.pay' AND e.source_id = ANY(s.refunds))
              OR (e.source = 'refund.reverse' AND e.source_id = ANY(s.unrefunded)))
        ) moved
        WHERE moved.amount <> s.amount
        """,
    ),
    (
        "INV-B5",
        "What a bank line says came back was taken back: nobody has it twice",
        """
        SELECT m.organization_id, m.id, 'it came back and its money still stands' AS fault
        FROM banking_match m
        LEFT JOIN payments_payment p
          ON p.organization_id = m.organization_id AND p.id = m.payment_id
        LEFT JOIN payments_disbursement d
          ON d.organization_id = m.organization_id AND d.id = m.disbursement_id
        LEFT JOIN payments_refund r
          ON r.organization_id = m.organization_id AND r.id = m.refund_id
        WHERE m.is_active AND m.kind = 'return'
          AND coalesce(p.reversed_on, d.reversed_on, r.reversed_on) IS NULL
        """,
    ),
    (
        "INV-B3",
        "Each statement has exactly the lines that it brought",
        """
        SELECT s.organization_id, s.id, 'it brought ' || s.new_count || ' lines and has '
          || count(l.id) AS fault
        FROM banking_statement s
        LEFT JOIN banking_statementline l
          ON l.organization_id = s.organization_id AND l.statement_id = s.id
        GROUP BY s.organization_id, s.id, s.new_count HAVING count(l.id) <> s.new_count
        """,
    ),
    (
        "INV-B4",
        "The lines between two bank balances are their difference",
        """
        SELECT s.organization_id, s.id, 'opening ' || s.opening_amount || ' and entries of '
          || s.moved_amount || ' are not closing ' || s.closing_amount AS fault
        FROM banking_statement s
        WHERE NOT s.is_interim AND s.opening_amount IS NOT NULL AND s.closing_amount IS NOT NULL
          AND s.new_count = s.entry_count AND s.opening_amount + s.moved_amount = s.closing_amount
          AND s.moved_amount <> (SELECT coalesce(sum(l.amount), 0) FROM banking_statementline l
            WHERE l.organization_id = s.organization_id AND l.statement_id = s.id)
        """,
    ),
)
