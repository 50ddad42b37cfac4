"""What always holds of reminders, as SQL that finds what breaks it.

Each statement gives (organization_id, row id, what is wrong); run as the owner it looks at all
organizations, as the app's role at the one that is set.
"""

PROOFS: tuple[tuple[str, str, str], ...] = (
    (
        "INV-D1",
        "No invoice is reminded of twice by one step, later letters have later steps, and each"
        " letter is made of its invoices",
        """
        SELECT d.organization_id, min(d.id::text)::uuid, 'one step reminded of it twice' AS fault
        FROM dunning_reminded d GROUP BY d.organization_id, d.invoice_id, d.level
        HAVING count(*) > 1
        UNION ALL
        SELECT b.organization_id, b.id, 'a later letter has an earlier step'
        FROM dunning_reminded a
        JOIN dunning_reminded b ON b.organization_id = a.organization_id
          AND b.invoice_id = a.invoice_id AND b.id > a.id AND b.level < a.level
        UNION ALL
        SELECT r.organization_id, r.id, 'its amounts are not those of its invoices'
        FROM dunning_reminder r
        LEFT JOIN (
          SELECT organization_id, reminder_id, sum(open_amount) AS open,
            sum(interest_amount) AS interest, max(level) AS level
          FROM dunning_reminded GROUP BY 1, 2
        ) d ON d.organization_id = r.organization_id AND d.reminder_id = r.id
        WHERE d.open IS NULL OR d.open <> r.open_amount OR d.interest <> r.interest_amount
          OR d.level <> r.level
        """,
    ),
    (
        "INV-D2",
        "Nobody was reminded of what was disputed, paused, promised or handed over that day, nor of"
        " another client's invoice",
        """
        SELECT d.organization_id, d.id, 'it rested when it was reminded of' AS fault
        FROM dunning_reminded d
        JOIN dunning_reminder r ON r.organization_id = d.organization_id AND r.id = d.reminder_id
        WHERE r.channel <> 'none' AND (
          EXISTS (
            SELECT FROM dunning_hold h
            WHERE h.organization_id = d.organization_id AND h.partner_id = r.partner_id
              AND (h.invoice_id IS NULL OR h.invoice_id = d.invoice_id)
              AND h.created_at < r.created_at
              AND (h.ended_at IS NULL OR h.ended_at > r.created_at)
              AND (h.until_on IS NULL OR h.until_on >= r.made_on))
          OR EXISTS (
            SELECT FROM dunning_dispute x
            WHERE x.organization_id = d.organization_id AND x.invoice_id = d.invoice_id
              AND x.created_at < r.created_at
              AND (x.settled_on IS NULL OR x.updated_at > r.created_at))
          OR EXISTS (
            SELECT FROM dunning_handedinvoice o
            JOIN dunning_handover v
              ON v.organization_id = o.organization_id AND v.id = o.handover_id
            WHERE o.organization_id = d.organization_id AND o.invoice_id = d.invoice_id
              AND v.created_at < r.created_at))
        UNION ALL
        SELECT d.organization_id, d.id, 'the invoice is not of this client and currency'
        FROM dunning_reminded d
        JOIN dunning_reminder r ON r.organization_id = d.organization_id AND r.id = d.reminder_id
        JOIN invoicing_invoice i ON i.organization_id = d.organization_id AND i.id = d.invoice_id
        WHERE i.partner_id <> r.partner_id OR i.currency <> r.currency
          OR d.open_amount > i.payable_amount
        """,
    ),
    (
        "INV-D3",
        "An invoice with an unsettled dispute is marked as disputed",
        """
        SELECT x.organization_id, x.id, 'its invoice is not marked' AS fault
        FROM dunning_dispute x
        JOIN invoicing_invoice i ON i.organization_id = x.organization_id AND i.id = x.invoice_id
        WHERE x.settled_on IS NULL AND i.disputed_at IS NULL
        """,
    ),
)
