"""What always holds of payment orders, as SQL that finds what breaks it.

Each statement gives (organization_id, row id, what is wrong); run as the owner it looks at all
organizations, as the app's role at the one that is set.
"""

PROOFS: tuple[tuple[str, str, str], ...] = (
    (
        "INV-O1",
        "Each order that is booked is one payment of its amount and partner, on the day of its"
        " batch, which the bank was handed",
        """
        SELECT i.organization_id, i.id, 'its payment is not of its amount, client and day' AS fault
        FROM sepa_item i
        JOIN sepa_batch b ON b.organization_id = i.organization_id AND b.id = i.batch_id
        LEFT JOIN payments_payment p
          ON p.organization_id = i.organization_id AND p.id = i.payment_id
        WHERE i.state IN ('booked', 'returned') AND i.invoice_id IS NOT NULL
          AND (p.id IS NULL OR p.amount <> i.amount OR p.partner_id <> i.partner_id
            OR p.currency <> b.currency OR p.received_on <> b.due_on)
        UNION ALL
        SELECT i.organization_id, i.id, 'its money is not of its amount, supplier and day'
        FROM sepa_item i
        JOIN sepa_batch b ON b.organization_id = i.organization_id AND b.id = i.batch_id
        LEFT JOIN payments_disbursement d
          ON d.organization_id = i.organization_id AND d.id = i.disbursement_id
        WHERE i.state IN ('booked', 'returned') AND i.bill_id IS NOT NULL
          AND (d.id IS NULL OR d.amount <> i.amount OR d.partner_id <> i.partner_id
            OR d.currency <> b.currency OR d.paid_on <> b.due_on)
        UNION ALL
        SELECT i.organization_id, i.id, 'its refund is not of its amount and client'
        FROM sepa_item i
        JOIN sepa_batch b ON b.organization_id = i.organization_id AND b.id = i.batch_id
        LEFT JOIN payments_refund r
          ON r.organization_id = i.organization_id AND r.id = i.refund_id
        WHERE i.refund_id IS NOT NULL AND (r.id IS NULL OR r.amount <> i.amount
          OR r.partner_id <> i.partner_id OR r.currency <> b.currency)
        UNION ALL
        SELECT i.organization_id, i.id, 'it is booked and its batch was not handed over'
        FROM sepa_item i
        JOIN sepa_batch b ON b.organization_id = i.organization_id AND b.id = i.batch_id
        WHERE i.state IN ('booked', 'returned') AND b.status <> 'handed_over'
        """,
    ),
    (
        "INV-O2",
        "The money of a returned order and of a refused refund was taken back, and every mandate"
        " covers the client whose invoices are collected under it",
        """
        SELECT i.organization_id, i.id, 'it came back and its money still stands' AS fault
        FROM sepa_item i
        LEFT JOIN payments_payment p
          ON p.organization_id = i.organization_id AND p.id = i.payment_id
        LEFT JOIN payments_disbursement d
          ON d.organization_id = i.organization_id AND d.id = i.disbursement_id
        LEFT JOIN payments_refund r
          ON r.organization_id = i.organization_id AND r.id = i.refund_id
        WHERE i.state = 'returned'
            AND coalesce(p.reversed_on, d.reversed_on, r.reversed_on) IS NULL
          OR i.state = 'rejected' AND r.status = 'paid'
        UNION ALL
        SELECT i.organization_id, i.id, 'collected under the mandate of another client'
        FROM sepa_item i
        JOIN sepa_mandate m ON m.organization_id = i.organization_id AND m.id = i.mandate_id
        JOIN invoicing_invoice v ON v.organization_id = i.organization_id AND v.id = i.invoice_id
        WHERE m.partner_id <> i.partner_id OR v.partner_id <> i.partner_id
        UNION ALL
        SELECT i.organization_id, i.id, 'handed over before its mandate was signed'
        FROM sepa_item i
        JOIN sepa_batch b ON b.organization_id = i.organization_id AND b.id = i.batch_id
        WHERE b.status = 'handed_over' AND i.invoice_id IS NOT NULL
          AND (i.signed_on IS NULL OR i.signed_on > b.due_on)
        """,
    ),
)
