"""What always holds of invoices, as SQL that finds what breaks it.

Each statement gives (organization_id, row id, what is wrong); run as the owner it looks at all
organizations, as the app's role at the one that is set. What needs the paper itself (hashes, chain,
sums) is proved by office.backup, which reads the papers.
"""

PROOFS: tuple[tuple[str, str, str], ...] = (
    (
        "INV-N1",
        "Numbers run from the first of their series and period to the counter, none left out, none"
        " twice",
        """
        WITH numbered AS (
          SELECT organization_id, id, series_id, period, sequence, number
          FROM invoicing_issueddocument WHERE series_id IS NOT NULL
          UNION ALL
          SELECT organization_id, id, series_id, period, sequence, number
          FROM invoicing_quote WHERE number IS NOT NULL
        ), followed AS (
          SELECT n.*, s.start_at, lag(n.sequence) OVER (
            PARTITION BY n.organization_id, n.series_id, n.period ORDER BY n.sequence) AS before
          FROM numbered n
          JOIN numbering_series s ON s.organization_id = n.organization_id AND s.id = n.series_id
        )
        SELECT organization_id, id, number || ' does not follow the number before it' AS fault
        FROM followed WHERE sequence <> coalesce(before + 1, start_at)
        UNION ALL
        SELECT c.organization_id, c.id,
          'the counter stands at ' || c.last_value || ', the last number at '
          || coalesce(n.last::text, 'none')
        FROM numbering_counter c
        JOIN numbering_series s ON s.organization_id = c.organization_id AND s.id = c.series_id
        LEFT JOIN (SELECT organization_id, series_id, period, max(sequence) AS last
                   FROM numbered GROUP BY 1, 2, 3) n
          ON n.organization_id = c.organization_id AND n.series_id = c.series_id
          AND n.period = c.period
        WHERE c.last_value <> coalesce(n.last, s.start_at - 1)
        UNION ALL
        SELECT organization_id, (array_agg(id ORDER BY id))[2], number || ' is there twice'
        FROM invoicing_issueddocument GROUP BY organization_id, number HAVING count(*) > 1
        """,
    ),
    (
        "INV-N2",
        "A draft has no number, an issued document has one, and issue dates run with the numbers",
        """
        SELECT organization_id, id, 'a draft with a number' AS fault FROM invoicing_invoice
        WHERE status = 'draft' AND (number IS NOT NULL OR sequence IS NOT NULL)
        UNION ALL
        SELECT organization_id, id, 'issued without number or date' FROM invoicing_invoice
        WHERE status <> 'draft' AND (number IS NULL OR issued_on IS NULL)
        UNION ALL
        SELECT organization_id, id, number || ' is dated before the number before it' FROM (
          SELECT organization_id, id, number, issued_on, lag(issued_on) OVER (
            PARTITION BY organization_id, series_id, period ORDER BY sequence) AS before
          FROM invoicing_issueddocument WHERE series_id IS NOT NULL) d
        WHERE issued_on < before
        """,
    ),
    (
        "INV-N3",
        "Every issued document has its frozen paper, under the same number, place and date",
        """
        SELECT coalesce(i.organization_id, d.organization_id), coalesce(i.id, d.id),
          CASE WHEN d.id IS NULL THEN coalesce(i.number, '?') || ' has lost its paper'
               WHEN i.id IS NULL THEN d.number || ' has lost its row'
               ELSE d.number || ': row and paper differ in number, place or date' END AS fault
        FROM (SELECT * FROM invoicing_invoice WHERE status <> 'draft' AND number IS NOT NULL) i
        FULL JOIN invoicing_issueddocument d
          ON d.organization_id = i.organization_id AND d.invoice_id = i.id
        WHERE d.id IS NULL OR i.id IS NULL
          OR ROW(i.number, i.series_id, coalesce(i.period, ''), i.sequence, i.issued_on)
             IS DISTINCT FROM ROW(d.number, d.series_id, d.period, d.sequence, d.issued_on)
        """,
    ),
    (
        "INV-N7",
        "What was sent, viewed or disputed is issued",
        """
        SELECT organization_id, id, 'a draft that was sent, viewed or disputed' AS fault
        FROM invoicing_invoice
        WHERE status = 'draft'
          AND (sent_at IS NOT NULL OR viewed_at IS NOT NULL OR disputed_at IS NOT NULL)
        """,
    ),
    (
        "INV-P3",
        "What is open is what was to be paid less payments, credits, write-offs and what was"
        " settled before, never below zero; settled is what has nothing open",
        """
        SELECT organization_id, id, coalesce(number, draft_reference)
          || ': the open amount is not what is left' AS fault
        FROM invoicing_invoice
        WHERE open_amount < 0
          OR (status = 'draft' AND open_amount <> 0)
          OR (status <> 'draft' AND kind = 'pro_forma' AND open_amount <> 0)
          OR (status <> 'draft' AND kind <> 'pro_forma' AND open_amount <> payable_amount
              - prior_amount - allocated_amount - credited_amount - written_off_amount)
          OR (status <> 'draft' AND kind <> 'pro_forma'
              AND (open_amount = 0) <> (settled_on IS NOT NULL))
        """,
    ),
    (
        "INV-C2",
        "Write-offs add up",
        """
        SELECT i.organization_id, i.id, i.number
          || ': write-offs do not add up to its column' AS fault
        FROM invoicing_invoice i
        LEFT JOIN (SELECT organization_id, invoice_id, sum(amount) AS amount
                   FROM invoicing_writeoff GROUP BY 1, 2) w
          ON w.organization_id = i.organization_id AND w.invoice_id = i.id
        WHERE i.written_off_amount <> coalesce(w.amount, 0)
        """,
    ),
    (
        "INV-C6",
        "A discount for early payment is of the invoice of its payment, and is what it takes off"
        " for each tax",
        """
        SELECT d.organization_id, d.id, 'its parts do not add up to it' AS fault
        FROM invoicing_discount d
        WHERE d.amount <> (SELECT coalesce(sum((p ->> 'net')::bigint + (p ->> 'tax')::bigint), 0)
                           FROM jsonb_array_elements(d.parts) AS p)
        UNION ALL
        SELECT d.organization_id, d.id, 'a discount without a payment of the same client'
        FROM invoicing_discount d
        JOIN invoicing_invoice i ON i.organization_id = d.organization_id AND i.id = d.invoice_id
        LEFT JOIN payments_payment p ON p.organization_id = d.organization_id
          AND p.id = d.payment_id
        WHERE p.id IS NULL OR p.partner_id <> i.partner_id OR p.currency <> i.currency
          OR (d.is_active AND p.reversed_on IS NOT NULL)
        """,
    ),
    (
        "INV-C3",
        "What a final invoice deducts was issued as a deposit to the same client, and is no more"
        " than its prepaid amount",
        """
        SELECT f.organization_id, f.id, coalesce(f.number, f.draft_reference)
          || ': its deductions do not fit' AS fault
        FROM invoicing_invoice f
        JOIN (SELECT d.organization_id, d.final_id, sum(d.amount) AS amount,
                bool_and(i.kind = 'deposit' AND i.status <> 'draft'
                         AND i.gross_amount = d.amount) AS fits,
                min(i.partner_id::text) AS one, max(i.partner_id::text) AS other
              FROM invoicing_deduction d
              JOIN invoicing_invoice i ON i.organization_id = d.organization_id
                AND i.id = d.deposit_id
              GROUP BY 1, 2) d ON d.organization_id = f.organization_id AND d.final_id = f.id
        WHERE NOT d.fits OR d.amount > f.prepaid_amount OR d.one <> d.other
          OR d.one <> f.partner_id::text
        """,
    ),
    (
        "INV-E1",
        "Each issued document was told of exactly once, and nothing was told that is not there",
        """
        SELECT i.organization_id, i.id, i.number || ': told of ' || count(e.id) || ' times' AS fault
        FROM invoicing_invoice i
        LEFT JOIN events_event e ON e.organization_id = i.organization_id
          AND e.subject_id = i.id AND e.type = 'invoice.issued'
        WHERE i.status <> 'draft' AND i.number IS NOT NULL AND NOT i.is_history
        GROUP BY i.organization_id, i.id, i.number HAVING count(e.id) <> 1
        UNION ALL
        SELECT e.organization_id, e.id, 'tells of an issue that is not there'
        FROM events_event e
        WHERE e.type = 'invoice.issued' AND NOT EXISTS (
          SELECT FROM invoicing_issueddocument d WHERE d.organization_id = e.organization_id
            AND d.invoice_id = e.subject_id)
          AND NOT EXISTS (SELECT FROM invoicing_invoice i
            WHERE i.organization_id = e.organization_id AND i.id = e.subject_id
              AND i.status <> 'draft')
        """,
    ),
    (
        "INV-U1",
        "Each issued document has the audit entry of who issued it",
        """
        SELECT i.organization_id, i.id, i.number || ': nobody issued it' AS fault
        FROM invoicing_invoice i
        WHERE i.status <> 'draft' AND i.number IS NOT NULL AND NOT EXISTS (
          SELECT FROM audit_entry a WHERE a.organization_id = i.organization_id
            AND a.row_id = i.id AND a.action IN ('invoice.issue', 'invoice.take_over'))
        """,
    ),
)
