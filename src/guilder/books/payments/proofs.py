"""What always holds of payments and refunds, as SQL that finds what breaks it.

Each statement gives (organization_id, row id, what is wrong); run as the owner it looks at all
organizations, as the app's role at the one that is set.
"""

PROOFS: tuple[tuple[str, str, str], ...] = (
    (
        "INV-P1",
        "Of each payment no more is applied than came in, and the columns of payments and invoices"
        " say how much",
        """
        SELECT p.organization_id, p.id, 'what is applied and what is left are not what came in'
          AS fault
        FROM payments_payment p
        LEFT JOIN (SELECT organization_id, payment_id, sum(amount) AS amount
                   FROM payments_allocation WHERE is_active GROUP BY 1, 2) a
          ON a.organization_id = p.organization_id AND a.payment_id = p.id
        LEFT JOIN (SELECT organization_id, payment_id, sum(amount) AS amount
                   FROM payments_refund WHERE status = 'paid' GROUP BY 1, 2) r
          ON r.organization_id = p.organization_id AND r.payment_id = p.id
        WHERE p.unallocated_amount < 0
          OR p.unallocated_amount <> CASE WHEN p.reversed_on IS NULL
             THEN p.amount - coalesce(a.amount, 0) - coalesce(r.amount, 0) ELSE 0 END
          OR (p.reversed_on IS NOT NULL AND a.amount IS NOT NULL)
        UNION ALL
        SELECT i.organization_id, i.id, i.number
          || ': payments applied do not add up to its column'
        FROM invoicing_invoice i
        LEFT JOIN (SELECT organization_id, invoice_id, sum(amount) AS amount
                   FROM (SELECT organization_id, invoice_id, amount FROM payments_allocation
                         WHERE is_active
                         UNION ALL
                         SELECT organization_id, invoice_id, amount FROM invoicing_discount
                         WHERE is_active) s GROUP BY 1, 2) a
          ON a.organization_id = i.organization_id AND a.invoice_id = i.id
        WHERE i.kind <> 'credit_note' AND i.allocated_amount <> coalesce(a.amount, 0)
        UNION ALL
        SELECT a.organization_id, a.id, 'a payment applied across clients or currencies'
        FROM payments_allocation a
        JOIN payments_payment p ON p.organization_id = a.organization_id AND p.id = a.payment_id
        JOIN invoicing_invoice i ON i.organization_id = a.organization_id AND i.id = a.invoice_id
        WHERE p.currency <> i.currency OR p.partner_id <> i.partner_id OR i.kind = 'credit_note'
          OR i.status = 'draft'
        """,
    ),
    (
        "INV-C1",
        "Credits add up: each invoice and each credit note has in its columns what is applied and"
        " given back, in one currency and for one client",
        """
        SELECT i.organization_id, i.id, i.number
          || ': credits applied do not add up to its column' AS fault
        FROM invoicing_invoice i
        LEFT JOIN (SELECT organization_id, invoice_id, sum(amount) AS amount
                   FROM invoicing_creditallocation WHERE is_active GROUP BY 1, 2) a
          ON a.organization_id = i.organization_id AND a.invoice_id = i.id
        WHERE i.credited_amount <> coalesce(a.amount, 0)
        UNION ALL
        SELECT i.organization_id, i.id, i.number
          || ': what it was applied to and what was given back do not add up to its column'
        FROM invoicing_invoice i
        LEFT JOIN (SELECT organization_id, credit_note_id, sum(amount) AS amount
                   FROM invoicing_creditallocation WHERE is_active GROUP BY 1, 2) a
          ON a.organization_id = i.organization_id AND a.credit_note_id = i.id
        LEFT JOIN (SELECT organization_id, credit_note_id, sum(amount) AS amount
                   FROM payments_refund WHERE status = 'paid' GROUP BY 1, 2) r
          ON r.organization_id = i.organization_id AND r.credit_note_id = i.id
        WHERE i.kind = 'credit_note'
          AND i.allocated_amount <> coalesce(a.amount, 0) + coalesce(r.amount, 0)
        UNION ALL
        SELECT a.organization_id, a.id, 'a credit applied across clients or currencies'
        FROM invoicing_creditallocation a
        JOIN invoicing_invoice c ON c.organization_id = a.organization_id
          AND c.id = a.credit_note_id
        JOIN invoicing_invoice i ON i.organization_id = a.organization_id AND i.id = a.invoice_id
        WHERE c.kind <> 'credit_note' OR i.kind = 'credit_note' OR c.currency <> i.currency
          OR c.partner_id <> i.partner_id
        """,
    ),
    (
        "INV-P2",
        "Each refund goes to the client whose money it is, in its currency, and never exceeds the"
        " payment or credit note that it draws on",
        """
        SELECT r.organization_id, r.id, 'a refund across clients or currencies' AS fault
        FROM payments_refund r
        LEFT JOIN payments_payment p ON p.organization_id = r.organization_id
          AND p.id = r.payment_id
        LEFT JOIN invoicing_invoice i ON i.organization_id = r.organization_id
          AND i.id = r.credit_note_id
        WHERE coalesce(p.currency, i.currency) <> r.currency
          OR coalesce(p.partner_id, i.partner_id) <> r.partner_id
          OR (i.id IS NOT NULL AND i.kind <> 'credit_note')
        UNION ALL
        SELECT r.organization_id, coalesce(r.payment_id, r.credit_note_id),
          'more was given back than there was'
        FROM payments_refund r
        LEFT JOIN payments_payment p ON p.organization_id = r.organization_id
          AND p.id = r.payment_id
        LEFT JOIN invoicing_invoice i ON i.organization_id = r.organization_id
          AND i.id = r.credit_note_id
        WHERE r.status = 'paid'
        GROUP BY 1, 2 HAVING sum(r.amount) > max(coalesce(p.amount, i.payable_amount))
        """,
    ),
    (
        "INV-G3",
        "Receivables in the ledger are the sum of what is open, and customer credit is the sum of"
        " open credit notes and unallocated payments, in each currency and in the base currency",
        """
        WITH due AS (
          SELECT organization_id, 'receivables' AS role, currency, open_amount AS amount,
            base_payable_amount - round(base_payable_amount::numeric
              * (payable_amount - open_amount) / nullif(payable_amount, 0)) AS base
          FROM invoicing_invoice
          WHERE status <> 'draft' AND kind IN ('invoice', 'debit_note', 'deposit')
            AND open_amount <> 0
          UNION ALL
          SELECT organization_id, 'customer_credit', currency, -open_amount,
            -(base_payable_amount - round(base_payable_amount::numeric
              * (payable_amount - open_amount) / nullif(payable_amount, 0)))
          FROM invoicing_invoice
          WHERE status <> 'draft' AND kind = 'credit_note' AND open_amount <> 0
          UNION ALL
          SELECT organization_id, 'customer_credit', currency, -unallocated_amount,
            -(base_amount - round(base_amount::numeric * (amount - unallocated_amount) / amount))
          FROM payments_payment WHERE unallocated_amount <> 0
        ), owed AS (
          SELECT organization_id, role, currency, sum(amount) AS amount, sum(base) AS base
          FROM due GROUP BY 1, 2, 3
        ), booked AS (
          SELECT p.organization_id, a.role, p.currency, sum(p.amount) AS amount,
            sum(p.base_amount) AS base
          FROM ledger_posting p
          JOIN ledger_account a ON a.organization_id = p.organization_id AND a.id = p.account_id
          WHERE a.role IN ('receivables', 'customer_credit')
          GROUP BY 1, 2, 3
        )
        SELECT coalesce(o.organization_id, b.organization_id),
          (SELECT x.id FROM ledger_account x
           WHERE x.organization_id = coalesce(o.organization_id, b.organization_id)
             AND x.role = coalesce(o.role, b.role)),
          replace(coalesce(o.role, b.role), '_', ' ') || ' in '
          || coalesce(o.currency, b.currency) || ': ' || coalesce(o.amount, 0) || ' ('
          || coalesce(o.base, 0) || ' base) open, ' || coalesce(b.amount, 0) || ' ('
          || coalesce(b.base, 0) || ' base) booked' AS fault
        FROM owed o
        FULL JOIN booked b ON b.organization_id = o.organization_id AND b.role = o.role
          AND b.currency = o.currency
        WHERE coalesce(o.amount, 0) <> coalesce(b.amount, 0)
          OR coalesce(o.base, 0) <> coalesce(b.base, 0)
        """,
    ),
    (
        "INV-G6",
        "What moves money is booked once, and every booking of an invoice or payment has its cause",
        """
        WITH causes AS (
          SELECT organization_id, id, 'invoice.issue' AS source, number AS name
          FROM invoicing_invoice
          WHERE status <> 'draft' AND number IS NOT NULL AND NOT is_history
            AND kind <> 'pro_forma'
            AND (payable_amount <> 0 OR net_amount <> 0 OR tax_amount <> 0)
          UNION ALL
          SELECT organization_id, id, 'payment.record', 'payment of ' || received_on
          FROM payments_payment
          UNION ALL
          SELECT organization_id, id, 'payment.reverse', 'reversal of ' || reversed_on
          FROM payments_payment WHERE reversed_on IS NOT NULL
          UNION ALL
          SELECT organization_id, id, 'refund.pay', 'refund of ' || refunded_on
          FROM payments_refund WHERE refunded_on IS NOT NULL
          UNION ALL
          SELECT organization_id, id, 'refund.reverse', 'refund taken back on ' || reversed_on
          FROM payments_refund WHERE reversed_on IS NOT NULL
          UNION ALL
          SELECT organization_id, id, 'invoice.write_off', 'write-off of ' || written_off_on
          FROM invoicing_writeoff
          UNION ALL
          SELECT organization_id, id, 'invoice.discount', 'discount of ' || taken_on
          FROM invoicing_discount
          UNION ALL
          SELECT organization_id, id, 'invoice.discount_back', 'discount back on ' || reversed_on
          FROM invoicing_discount WHERE reversed_on IS NOT NULL
        )
        SELECT coalesce(c.organization_id, e.organization_id), coalesce(c.id, e.id),
          CASE WHEN e.id IS NULL THEN c.name || ' is not booked'
               ELSE 'a booking without its cause' END AS fault
        FROM causes c
        FULL JOIN (SELECT organization_id, id, source, source_id FROM ledger_entry
                   WHERE source IN ('invoice.issue', 'payment.record', 'payment.reverse',
                                    'refund.pay', 'refund.reverse', 'invoice.write_off',
                                    'invoice.discount', 'invoice.discount_back')) e
          ON e.organization_id = c.organization_id AND e.source = c.source AND e.source_id = c.id
        WHERE c.id IS NULL OR e.id IS NULL
        """,
    ),
)
